package pipeline.doctor;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import pipeline.aws.Provisioning;
import pipeline.dataset.Dataset;
import pipeline.dataset.KeyAttribute;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * A table that rows go to: its key as the datasets declare it, and whether it takes batches. The batch that is tried
 * deletes an item that is not there, under a key of 96 random bits: it leaves nothing, and takes nothing away.
 */
final class DatasetTableCheck implements Check {
    private final Account account;
    private final List<Dataset> datasets;
    private final Dataset dataset;
    private final Grant grant;

    /** @param datasets those whose rows go to this table; they agree about its key */
    DatasetTableCheck(Account account, List<Dataset> datasets) {
        this.account = account;
        this.datasets = datasets;
        this.dataset = datasets.get(0);
        this.grant = account.tableGrant(dataset.table(), List.of("dynamodb:DescribeTable", "dynamodb:BatchWriteItem"));
    }

    @Override
    public String about() {
        return "table " + dataset.table();
    }

    @Override
    public void run(Report report) {
        Optional<TableDescription> table = new TableShape(account)
                .look(
                        report,
                        about(),
                        Provisioning.tableOf(dataset),
                        grant,
                        "name another table in dataset " + names() + ", or that key");
        if (table.isEmpty()) {
            return;
        }
        WriteRequest nothing = WriteRequest.builder()
                .deleteRequest(delete -> delete.key(keyOfNobody()))
                .build();
        Tried<?> tried = Tried.to(() -> account.dynamoDb()
                .batchWriteItem(request -> request.requestItems(Map.of(dataset.table(), List.of(nothing)))));
        if (tried.ok()) {
            report.ok(
                    about(),
                    "keys %s; %s; takes batches of %s"
                            .formatted(
                                    dataset.keyAttributes().stream()
                                            .map(KeyAttribute::name)
                                            .collect(Collectors.joining(", ")),
                                    TableShape.capacity(table.get()),
                                    names()));
        } else {
            report.failed(about(), tried, Mend.allow(grant, tried.message()));
        }
    }

    private String names() {
        return datasets.stream().map(Dataset::name).collect(Collectors.joining(", "));
    }

    private Map<String, AttributeValue> keyOfNobody() {
        Map<String, AttributeValue> key = new LinkedHashMap<>();
        dataset.keyAttributes()
                .forEach(attribute -> key.put(
                        attribute.name(),
                        attribute.type() == ScalarAttributeType.N
                                ? AttributeValue.fromN(number())
                                : AttributeValue.fromS(Account.probeName())));
        return key;
    }

    /** Of DynamoDB's 38 digits some 29 are used; negative, as keys seldom are. */
    private static String number() {
        return new BigInteger(Account.probeName().substring("doctor-".length()), 16)
                .negate()
                .toString();
    }
}
