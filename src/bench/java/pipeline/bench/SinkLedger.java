package pipeline.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/**
 * A table with the key {@code file} and {@code version}, changed by update expressions of the forms that the pipeline's
 * ledger uses. Any other form is an error, so that no contestant is measured by what it did not do.
 */
final class SinkLedger {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, ObjectNode> items = new TreeMap<>();
    private final Map<String, Map<String, ObjectNode>> open = new TreeMap<>();

    /** @param body the answer of DynamoDB */
    record Outcome(boolean applied, String body) {}

    synchronized void clear() {
        items.clear();
        open.clear();
    }

    /** All entries as a JSON array, each as DynamoDB writes it. */
    synchronized String all() {
        return JSON.createArrayNode().addAll(items.values()).toString();
    }

    synchronized String get(JsonNode request) {
        ObjectNode item = items.get(id(request.path("Key")));
        return item == null ? "{}" : JSON.createObjectNode().set("Item", item).toString();
    }

    synchronized String query(JsonNode request) {
        ArrayNode found = JSON.createArrayNode();
        if ("open".equals(request.path("IndexName").asText())) {
            String value = request.has("KeyConditions")
                    ? request.at("/KeyConditions/open/AttributeValueList/0/S").asText()
                    : request.at("/ExpressionAttributeValues/:value/S").asText();
            open.getOrDefault(value, Map.of()).values().forEach(found::add);
        } else {
            String file = request.at("/ExpressionAttributeValues/:value/S").asText();
            items.values().stream()
                    .filter(item -> item.at("/file/S").asText().equals(file))
                    .forEach(found::add);
        }
        ObjectNode answer = JSON.createObjectNode().put("Count", found.size()).put("ScannedCount", found.size());
        answer.set("Items", found);
        return answer.toString();
    }

    synchronized Outcome update(JsonNode request) {
        String id = id(request.path("Key"));
        ObjectNode before = items.getOrDefault(id, JSON.createObjectNode());
        if (!holds(request, before)) {
            ObjectNode failure = JSON.createObjectNode()
                    .put("__type", "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException")
                    .put("message", "The conditional request failed");
            if (!before.isEmpty()) {
                failure.set("Item", before);
            }
            return new Outcome(false, failure.toString());
        }
        ObjectNode after = before.deepCopy();
        after.setAll((ObjectNode) request.path("Key"));
        apply(request, before, after);
        items.put(id, after);
        index(id, before, after);
        ObjectNode answer = JSON.createObjectNode();
        answer.set("Attributes", after);
        if (request.has("ReturnConsumedCapacity")) {
            answer.set("ConsumedCapacity", consumed(request.path("TableName").asText(), before, after));
        }
        return new Outcome(true, answer.toString());
    }

    /** As DynamoDB charges for entries of no more than 1 KB. */
    private static ObjectNode consumed(String table, ObjectNode before, ObjectNode after) {
        int open = indexUnits(before.path("open"), after.path("open"));
        int byDay = indexUnits(before.path("day"), after.path("day"));
        ObjectNode consumed = JSON.createObjectNode().put("TableName", table).put("CapacityUnits", 1.0 + open + byDay);
        consumed.putObject("Table").put("CapacityUnits", 1.0);
        ObjectNode indexes = consumed.putObject("GlobalSecondaryIndexes");
        indexes.putObject("open").put("CapacityUnits", (double) open);
        indexes.putObject("by-day").put("CapacityUnits", (double) byDay);
        return consumed;
    }

    /** An entry that moves from one key of an index to another is taken out and put in. */
    private static int indexUnits(JsonNode before, JsonNode after) {
        if (before.equals(after)) {
            return after.isMissingNode() ? 0 : 1;
        }
        return (before.isMissingNode() ? 0 : 1) + (after.isMissingNode() ? 0 : 1);
    }

    private void index(String id, ObjectNode before, ObjectNode after) {
        if (before.has("open")) {
            open.get(before.at("/open/S").asText()).remove(id);
        }
        if (after.has("open")) {
            open.computeIfAbsent(after.at("/open/S").asText(), value -> new TreeMap<>())
                    .put(id, after);
        }
    }

    private static String id(JsonNode key) {
        return key.at("/file/S").asText() + '\0' + key.at("/version/S").asText();
    }

    private static boolean holds(JsonNode request, ObjectNode item) {
        String conditions = request.path("ConditionExpression").asText();
        for (String condition : conditions.isEmpty() ? new String[0] : conditions.split(" AND ")) {
            boolean any = false;
            for (String choice : condition.replaceAll("^\\((.*)\\)$", "$1").split(" OR ")) {
                any |= holds(request, item, choice);
            }
            if (!any) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(JsonNode request, ObjectNode item, String condition) {
        if (condition.startsWith("NOT ")) {
            return !holds(request, item, condition.substring(4));
        }
        if (condition.startsWith("attribute_")) {
            String name = name(request, condition.replaceAll(".*\\((.*)\\)", "$1"));
            return condition.startsWith("attribute_exists") == item.has(name);
        }
        String[] words = condition.split(" ");
        JsonNode found = item.path(name(request, words[0]));
        JsonNode value = value(request, words[2]);
        return switch (words[1]) {
            case "=" ->
                value.has("N") && found.has("N") ? number(found).compareTo(number(value)) == 0 : found.equals(value);
            case ">" -> found.has("N") && number(found).compareTo(number(value)) > 0;
            default -> throw new IllegalArgumentException("the sink does not know the condition " + condition);
        };
    }

    private static void apply(JsonNode request, ObjectNode before, ObjectNode after) {
        String expression = request.path("UpdateExpression").asText();
        String[] clauses = expression.split("(^| )REMOVE ");
        if (!clauses[0].isEmpty()) {
            for (String set : clauses[0].replaceFirst("^SET ", "").split(", (?=#[^)]*( = |$))")) {
                set(request, before, after, set);
            }
        }
        if (clauses.length > 1) {
            for (String removed : clauses[1].split(", ")) {
                after.remove(name(request, removed));
            }
        }
    }

    private static void set(JsonNode request, ObjectNode before, ObjectNode after, String set) {
        String[] sides = set.split(" = ");
        String[] path = sides[0].split("\\.");
        JsonNode value;
        if (sides[1].startsWith("if_not_exists")) {
            String[] words = sides[1].replaceAll("[(),]", " ").trim().split(" +");
            JsonNode old = before.path(name(request, words[1]));
            BigDecimal sum =
                    number(old.isMissingNode() ? value(request, words[2]) : old).add(number(value(request, words[4])));
            value = JSON.createObjectNode().put("N", sum.toPlainString());
        } else {
            value = value(request, sides[1]);
        }
        if (path.length == 1) {
            after.set(name(request, path[0]), value);
        } else {
            ((ObjectNode) after.path(name(request, path[0])).path("M")).set(name(request, path[1]), value);
        }
    }

    private static BigDecimal number(JsonNode value) {
        return new BigDecimal(value.path("N").asText());
    }

    private static String name(JsonNode request, String alias) {
        JsonNode name = request.path("ExpressionAttributeNames").path(alias.trim());
        if (name.isMissingNode()) {
            throw new IllegalArgumentException("the sink does not know the name " + alias);
        }
        return name.asText();
    }

    private static JsonNode value(JsonNode request, String alias) {
        JsonNode value = request.path("ExpressionAttributeValues").path(alias.trim());
        if (value.isMissingNode()) {
            throw new IllegalArgumentException("the sink does not know the value " + alias);
        }
        return value;
    }
}
