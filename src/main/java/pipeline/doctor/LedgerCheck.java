package pipeline.doctor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pipeline.aws.Provisioning;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * The ledger's key and indexes, and what may be done with them: reads of an entry that is not there, and a change under a
 * condition that nothing can meet, which DynamoDB refuses as such only to those who might have made it.
 */
final class LedgerCheck implements Check {
    private final Account account;
    private final String table;
    private final CreateTableRequest wanted;
    private final Grant grant;

    LedgerCheck(Account account) {
        this.account = account;
        this.table = account.settings().ledgerTable();
        this.wanted = Provisioning.ledgerTable(table);
        this.grant = account.tableGrant(
                table, List.of("dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"));
    }

    @Override
    public String about() {
        return "table " + table;
    }

    @Override
    public void run(Report report) {
        Optional<TableDescription> found = new TableShape(account)
                .look(report, about(), wanted, grant, "set pipeline.ledger-table to another name");
        if (found.isEmpty()) {
            wanted.globalSecondaryIndexes()
                    .forEach(index -> report.notChecked(about(index), "the table is not as it should be"));
            return;
        }
        permissions(report, found.get());
        for (GlobalSecondaryIndex index : wanted.globalSecondaryIndexes()) {
            index(report, found.get(), index);
        }
    }

    private void permissions(Report report, TableDescription found) {
        Map<String, Tried<?>> tries = new LinkedHashMap<>();
        Map<String, AttributeValue> nobody =
                Map.of("file", AttributeValue.fromS(Account.probeName()), "version", AttributeValue.fromS("doctor"));
        tries.put("dynamodb:GetItem", Tried.to(() -> account.dynamoDb()
                .getItem(
                        request -> request.tableName(table).consistentRead(true).key(nobody))));
        tries.put("dynamodb:Query", Tried.to(() -> account.dynamoDb().query(request -> request.tableName(table)
                .limit(1)
                .keyConditionExpression("#key = :nobody")
                .expressionAttributeNames(Map.of("#key", "file"))
                .expressionAttributeValues(Map.of(":nobody", nobody.get("file"))))));
        tries.put(
                "dynamodb:UpdateItem", Tried.to(() -> account.dynamoDb().updateItem(request -> request.tableName(table)
                        .key(nobody)
                        .updateExpression("REMOVE #doctor")
                        .conditionExpression("attribute_exists(#key) AND attribute_not_exists(#key)")
                        .expressionAttributeNames(Map.of("#key", "file", "#doctor", "doctor")))));
        report.permissions(
                about(),
                tries,
                tried -> !tried.ok() && !conditionFailed(tried),
                grant,
                "keys file, version; %s; can be read and changed".formatted(TableShape.capacity(found)));
    }

    private static boolean conditionFailed(Tried<?> tried) {
        return tried.failure()
                .filter(ConditionalCheckFailedException.class::isInstance)
                .isPresent();
    }

    private String about(GlobalSecondaryIndex index) {
        return about() + ", index " + index.indexName();
    }

    private void index(Report report, TableDescription described, GlobalSecondaryIndex index) {
        Optional<GlobalSecondaryIndexDescription> found = described.globalSecondaryIndexes().stream()
                .filter(other -> other.indexName().equals(index.indexName()))
                .findFirst();
        if (found.isEmpty()) {
            report.wrong(about(index), "found no such index, expected it; create it", create(described, index));
            return;
        }
        String key = TableShape.key(found.get().keySchema(), described.attributeDefinitions());
        String expected = TableShape.key(index.keySchema(), wanted.attributeDefinitions());
        if (!key.equals(expected) || !shows(found.get().projection(), index.projection())) {
            report.wrong(
                    about(index),
                    "found the key %s and the projection %s, expected %s and %s; delete it and, when it is gone, create it anew: the entries stay"
                            .formatted(key, shown(found.get().projection()), expected, shown(index.projection())),
                    delete(index),
                    create(described, index));
        } else if (found.get().indexStatus() != IndexStatus.ACTIVE
                && found.get().indexStatus() != IndexStatus.UPDATING) {
            report.wrong(
                    about(index),
                    "found it %s, expected ACTIVE; wait until it is"
                            .formatted(found.get().indexStatusAsString()),
                    Mend.aws(
                            "dynamodb",
                            "describe-table",
                            "--table-name",
                            table,
                            "--query",
                            "Table.GlobalSecondaryIndexes[].[IndexName,IndexStatus]"));
        } else {
            query(report, index, key);
        }
    }

    /** The permission for an index is one of its own. */
    private void query(Report report, GlobalSecondaryIndex index, String key) {
        Tried<?> tried = Tried.to(() -> account.dynamoDb().query(request -> request.tableName(table)
                .indexName(index.indexName())
                .limit(1)
                .keyConditionExpression("#key = :nobody")
                .expressionAttributeNames(
                        Map.of("#key", index.keySchema().get(0).attributeName()))
                .expressionAttributeValues(Map.of(":nobody", AttributeValue.fromS(Account.probeName())))));
        if (tried.ok()) {
            report.ok(about(index), "keys %s; can be queried".formatted(key.replace(" S", "")));
        } else {
            report.failed(about(index), tried, Mend.allow(grant, tried.message()));
        }
    }

    private static boolean shows(Projection found, Projection expected) {
        return found.projectionType() == ProjectionType.ALL
                || expected.projectionType() == ProjectionType.INCLUDE
                        && found.nonKeyAttributes().containsAll(expected.nonKeyAttributes());
    }

    private static String shown(Projection projection) {
        return projection.projectionTypeAsString()
                + (projection.hasNonKeyAttributes() ? " " + String.join(" ", projection.nonKeyAttributes()) : "");
    }

    private String delete(GlobalSecondaryIndex index) {
        return Mend.aws(
                "dynamodb",
                "update-table",
                "--table-name",
                table,
                "--global-secondary-index-updates",
                Mend.json(List.of(Mend.map("Delete", Mend.map("IndexName", index.indexName())))));
    }

    private String create(TableDescription described, GlobalSecondaryIndex index) {
        return Mend.aws(
                "dynamodb",
                "update-table",
                "--table-name",
                table,
                "--attribute-definitions",
                Mend.json(attributes(described, index)),
                "--global-secondary-index-updates",
                Mend.json(List.of(Mend.map("Create", creation(described, index)))));
    }

    /** Those that the table has, and the new index's. */
    private static List<Map<String, Object>> attributes(TableDescription described, GlobalSecondaryIndex index) {
        Map<String, String> types = new LinkedHashMap<>();
        described.attributeDefinitions().forEach(one -> types.put(one.attributeName(), one.attributeTypeAsString()));
        index.keySchema().forEach(key -> types.putIfAbsent(key.attributeName(), "S"));
        return types.entrySet().stream()
                .map(type -> Mend.map("AttributeName", type.getKey(), "AttributeType", type.getValue()))
                .toList();
    }

    private static Map<String, Object> creation(TableDescription described, GlobalSecondaryIndex index) {
        Map<String, Object> projection =
                Mend.map("ProjectionType", index.projection().projectionTypeAsString());
        if (index.projection().hasNonKeyAttributes()) {
            projection.put("NonKeyAttributes", index.projection().nonKeyAttributes());
        }
        Map<String, Object> creation = Mend.map(
                "IndexName",
                index.indexName(),
                "KeySchema",
                index.keySchema().stream()
                        .map(key -> Mend.map("AttributeName", key.attributeName(), "KeyType", key.keyTypeAsString()))
                        .toList(),
                "Projection",
                projection);
        if (!TableShape.onDemand(described)) {
            creation.put(
                    "ProvisionedThroughput",
                    Mend.map(
                            "ReadCapacityUnits",
                            described.provisionedThroughput().readCapacityUnits(),
                            "WriteCapacityUnits",
                            described.provisionedThroughput().writeCapacityUnits()));
        }
        return creation;
    }
}
