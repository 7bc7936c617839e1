package pipeline.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/** Looks whether a table is there, can be used, and has the key that it would be created with. */
final class TableShape {
    private final Account account;

    TableShape(Account account) {
        this.account = account;
    }

    /**
     * Reports on the table itself.
     *
     * @param rename how to use another table, where this one has another key
     * @return the table, when its key is as wanted and it can be used
     */
    Optional<TableDescription> look(
            Report report, String about, CreateTableRequest wanted, Grant grant, String rename) {
        Tried<DescribeTableResponse> described =
                Tried.to(() -> account.dynamoDb().describeTable(request -> request.tableName(wanted.tableName())));
        if (described
                .failure()
                .filter(ResourceNotFoundException.class::isInstance)
                .isPresent()) {
            report.wrong(about, "found no such table, expected it to exist; create it", Mend.PROVISION);
            return Optional.empty();
        }
        if (!described.ok()) {
            report.failed(about, described, Mend.allow(grant, described.message()));
            return Optional.empty();
        }
        TableDescription table = described.answer().orElseThrow().table();
        if (!usable(report, about, table)) {
            return Optional.empty();
        }
        String found = key(table.keySchema(), table.attributeDefinitions());
        String expected = key(wanted.keySchema(), wanted.attributeDefinitions());
        if (!found.equals(expected)) {
            report.wrong(
                    about,
                    "found the key %s, expected %s; a table's key cannot be changed: %s, then create that"
                            .formatted(found, expected, rename),
                    Mend.PROVISION);
            return Optional.empty();
        }
        return Optional.of(table);
    }

    private static boolean usable(Report report, String about, TableDescription table) {
        if (table.tableStatus() == TableStatus.INACCESSIBLE_ENCRYPTION_CREDENTIALS) {
            String key = table.sseDescription() == null
                    ? "KEY"
                    : table.sseDescription().kmsMasterKeyArn();
            report.wrong(
                    about,
                    "found that DynamoDB may not use the table's key of KMS, expected it enabled",
                    Mend.aws("kms", "enable-key", "--key-id", key));
            return false;
        }
        if (table.tableStatus() != TableStatus.ACTIVE && table.tableStatus() != TableStatus.UPDATING) {
            report.wrong(
                    about,
                    "found it %s, expected ACTIVE; wait".formatted(table.tableStatusAsString()),
                    Mend.aws("dynamodb", "wait", "table-exists", "--table-name", table.tableName()));
            return false;
        }
        return true;
    }

    /** {@code file S, version S}: names and types, partition key first. */
    static String key(List<KeySchemaElement> schema, List<AttributeDefinition> attributes) {
        Map<String, String> types = attributes.stream()
                .collect(Collectors.toMap(
                        AttributeDefinition::attributeName, AttributeDefinition::attributeTypeAsString));
        return schema.stream()
                .map(element -> element.attributeName() + " " + types.getOrDefault(element.attributeName(), ""))
                .collect(Collectors.joining(", "));
    }

    static boolean onDemand(TableDescription table) {
        return table.billingModeSummary() != null
                && table.billingModeSummary().billingMode() == BillingMode.PAY_PER_REQUEST;
    }

    /** {@code on demand}, or how many units a second are provisioned. */
    static String capacity(TableDescription table) {
        return onDemand(table)
                ? "on demand"
                : "%,d read and %,d write units a second"
                        .formatted(
                                table.provisionedThroughput().readCapacityUnits(),
                                table.provisionedThroughput().writeCapacityUnits());
    }
}
