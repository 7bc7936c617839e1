package pipeline.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import pipeline.claim.Ledger;
import pipeline.dataset.Dataset;
import pipeline.dataset.Datasets;
import pipeline.settings.Settings;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.s3.model.BucketLocationConstraint;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** Creates bucket, tables, queues and topic as the settings name them. What is there already stays as it is. */
public final class Provisioning {
    /** Redrive is only for messages that kill a process before its claim; everything else the ledger decides. */
    public static final int MAX_RECEIVE_COUNT = 1000;

    private final Clients clients;
    private final Settings settings;
    private final Datasets datasets;
    private final List<Map<String, String>> steps = new ArrayList<>();

    public Provisioning(Clients clients, Settings settings, Datasets datasets) {
        this.clients = clients;
        this.settings = settings;
        this.datasets = datasets;
    }

    /** What was done, in order: {@code state} (created or there), {@code kind} and {@code name} of each resource. */
    public List<Map<String, String>> run() {
        step("pipeline.bucket", "bucket " + settings.bucket(), this::bucket);
        step(
                "pipeline.ledger-table",
                "table " + settings.ledgerTable(),
                () -> table(ledgerTable(settings.ledgerTable())));
        datasets.all().stream()
                .map(Provisioning::tableOf)
                .distinct()
                .forEach(table -> step("table of a dataset", "table " + table.tableName(), () -> table(table)));
        step("pipeline.queue", "queue " + settings.queue() + " or its dead-letter queue", this::queues);
        step("pipeline.alert-topic", "topic " + settings.alertTopic(), this::topic);
        return List.copyOf(steps);
    }

    private static void step(String setting, String what, Runnable step) {
        Required.answer(setting, what, () -> {
            step.run();
            return what;
        });
    }

    private void queues() {
        String deadLetters = queue(settings.deadLetterQueue(), Map.of());
        String arn = clients.sqs()
                .getQueueAttributes(
                        request -> request.queueUrl(deadLetters).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        queue(
                settings.queue(),
                Map.of(
                        QueueAttributeName.REDRIVE_POLICY,
                        "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}".formatted(arn, MAX_RECEIVE_COUNT)));
    }

    private void bucket() {
        // Asked first: in us-east-1 S3 takes the creation of a bucket that is there, and says no word about it.
        try {
            clients.s3().headBucket(request -> request.bucket(settings.bucket()));
            done("there", "bucket", settings.bucket());
            return;
        } catch (NoSuchBucketException missing) {
            // created below
        }
        String region = clients.s3().serviceClientConfiguration().region().id();
        clients.s3().createBucket(request -> {
            request.bucket(settings.bucket());
            if (!region.equals("us-east-1")) {
                request.createBucketConfiguration(
                        where -> where.locationConstraint(BucketLocationConstraint.fromValue(region)));
            }
        });
        done("created", "bucket", settings.bucket());
    }

    /** The table of a dataset as it is created: its key follows from the dataset. */
    public static CreateTableRequest tableOf(Dataset dataset) {
        return CreateTableRequest.builder()
                .tableName(dataset.table())
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(dataset.keyAttributes().stream()
                        .map(key -> attribute(key.name(), key.type()))
                        .toList())
                .keySchema(dataset.keyAttributes().stream()
                        .map(key -> key(key.name(), key.role()))
                        .toList())
                .build();
    }

    /** The ledger as it is created: its key and its indexes. */
    public static CreateTableRequest ledgerTable(String name) {
        return CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(
                        attribute("file", ScalarAttributeType.S),
                        attribute("version", ScalarAttributeType.S),
                        attribute("open", ScalarAttributeType.S),
                        attribute("day", ScalarAttributeType.S),
                        attribute("concluded_at", ScalarAttributeType.S))
                .keySchema(key("file", KeyType.HASH), key("version", KeyType.RANGE))
                .globalSecondaryIndexes(
                        GlobalSecondaryIndex.builder()
                                .indexName(Ledger.OPEN_INDEX)
                                .keySchema(key("open", KeyType.HASH), key("file", KeyType.RANGE))
                                .projection(all -> all.projectionType(ProjectionType.ALL))
                                .build(),
                        GlobalSecondaryIndex.builder()
                                .indexName(Ledger.DAY_INDEX)
                                .keySchema(key("day", KeyType.HASH), key("concluded_at", KeyType.RANGE))
                                .projection(counts -> counts.projectionType(ProjectionType.INCLUDE)
                                        .nonKeyAttributes(Ledger.COUNTS))
                                .build())
                .build();
    }

    private void table(CreateTableRequest request) {
        try {
            clients.dynamoDb().createTable(request);
            clients.dynamoDb().waiter().waitUntilTableExists(wanted -> wanted.tableName(request.tableName()));
            done("created", "table", request.tableName());
        } catch (ResourceInUseException e) {
            done("there", "table", request.tableName());
        }
    }

    private String queue(String name, Map<QueueAttributeName, String> attributes) {
        try {
            String url = clients.sqs()
                    .getQueueUrl(request -> request.queueName(name))
                    .queueUrl();
            done("there", "queue", name);
            return url;
        } catch (QueueDoesNotExistException missing) {
            String url = clients.sqs()
                    .createQueue(request -> request.queueName(name).attributes(attributes))
                    .queueUrl();
            done("created", "queue", name);
            return url;
        }
    }

    private void topic() {
        boolean there = clients.sns().listTopicsPaginator().topics().stream()
                .anyMatch(topic -> topic.topicArn().endsWith(":" + settings.alertTopic()));
        if (!there) {
            clients.sns().createTopic(request -> request.name(settings.alertTopic()));
        }
        done(there ? "there" : "created", "topic", settings.alertTopic());
    }

    private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(type)
                .build();
    }

    private static KeySchemaElement key(String name, KeyType role) {
        return KeySchemaElement.builder().attributeName(name).keyType(role).build();
    }

    private void done(String state, String kind, String name) {
        steps.add(Map.of("state", state, "kind", kind, "name", name));
    }
}
