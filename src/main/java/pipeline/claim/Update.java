package pipeline.claim;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * One conditional change of one ledger entry, in the words of DynamoDB's update expressions. Every attribute name is
 * aliased, so that none can clash with a reserved word; a failed condition returns the whole old item.
 */
final class Update {
    private final List<String> sets = new ArrayList<>();
    private final List<String> removes = new ArrayList<>();
    private final List<String> conditions = new ArrayList<>();
    private final Map<String, String> aliases = new HashMap<>();
    private final Map<String, AttributeValue> values = new HashMap<>();

    Update set(String name, String value) {
        return set(name, AttributeValue.fromS(value));
    }

    Update set(String name, long value) {
        return set(name, AttributeValue.fromN(Long.toString(value)));
    }

    Update set(String name, BigDecimal value) {
        return set(name, AttributeValue.fromN(value.stripTrailingZeros().toPlainString()));
    }

    Update set(String name, AttributeValue value) {
        sets.add(alias(name) + " = " + value(value));
        return this;
    }

    /** Adds to a number; an absent one counts as 0. */
    Update add(String name, long delta) {
        sets.add("%s = if_not_exists(%s, %s) + %s"
                .formatted(alias(name), alias(name), value(number(0)), value(number(delta))));
        return this;
    }

    /** Sets one entry of a map that is there. */
    Update setIn(String map, String key, long value) {
        sets.add(alias(map) + "." + alias(key) + " = " + value(number(value)));
        return this;
    }

    Update remove(String... attributes) {
        for (String attribute : attributes) {
            removes.add(alias(attribute));
        }
        return this;
    }

    Update whenPresent(String name) {
        return when("attribute_exists(" + alias(name) + ")");
    }

    Update whenAbsentOr(String absent, String name, String value) {
        return when("(attribute_not_exists(%s) OR %s = %s)"
                .formatted(alias(absent), alias(name), value(AttributeValue.fromS(value))));
    }

    Update whenEquals(String name, String value) {
        return when(alias(name) + " = " + value(AttributeValue.fromS(value)));
    }

    /** Holds for an absent attribute, too. */
    Update whenNotEquals(String name, String value) {
        return when("NOT " + alias(name) + " = " + value(AttributeValue.fromS(value)));
    }

    Update whenMoreThan(String name, long value) {
        return when(alias(name) + " > " + value(number(value)));
    }

    Update whenEquals(String name, long value) {
        return when(alias(name) + " = " + value(number(value)));
    }

    private Update when(String condition) {
        conditions.add(condition);
        return this;
    }

    UpdateItemRequest of(String table, String file, String version) {
        String expression = (sets.isEmpty() ? "" : "SET " + String.join(", ", sets))
                + (removes.isEmpty() ? "" : " REMOVE " + String.join(", ", removes));
        return UpdateItemRequest.builder()
                .tableName(table)
                .key(Map.of("file", AttributeValue.fromS(file), "version", AttributeValue.fromS(version)))
                .updateExpression(expression.strip())
                .conditionExpression(conditions.stream().collect(Collectors.joining(" AND ")))
                .expressionAttributeNames(
                        aliases.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey)))
                .expressionAttributeValues(values.isEmpty() ? null : values)
                .returnValues(ReturnValue.ALL_NEW)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
    }

    private String alias(String name) {
        return aliases.computeIfAbsent(name, added -> "#n" + aliases.size());
    }

    private String value(AttributeValue value) {
        String alias = ":v" + values.size();
        values.put(alias, value);
        return alias;
    }

    private static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }
}
