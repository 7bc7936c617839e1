package pipeline.jar;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import pipeline.aws.Clients;
import pipeline.aws.Provisioning;
import pipeline.dataset.Datasets;
import pipeline.run.Pipeline;
import pipeline.settings.Settings;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** What a user of the AWS console would look at, at an endpoint. */
public final class Cloud implements AutoCloseable {
    static final String LEDGER = "ProcessedFiles";
    static final String QUEUE = "ProcessCSVData-Queue";
    static final String DEAD_LETTERS = "ProcessCSVData-DLQ";
    static final String TOPIC = "ProcessingFailureAlerts";

    private final String bucket;
    private final S3Client s3;
    private final DynamoDbClient dynamoDb;
    private final SqsClient sqs;
    private final SnsClient sns;

    Cloud(URI endpoint, String bucket) {
        this.bucket = bucket;
        s3 = at(endpoint, S3Client.builder().forcePathStyle(true));
        dynamoDb = at(endpoint, DynamoDbClient.builder());
        sqs = at(endpoint, SqsClient.builder());
        sns = at(endpoint, SnsClient.builder());
    }

    private static <B extends AwsClientBuilder<B, C>, C> C at(URI endpoint, B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .build();
    }

    /** Creates bucket, tables, queues and topic as the shipped configuration names them, in this process. */
    public static void provision(URI endpoint) {
        provision(endpoint, Map.of());
    }

    /** The same as an environment names them. */
    static void provision(URI endpoint, Map<String, String> environment) {
        List<String> names = List.of("aws.endpointUrl", "aws.region", "aws.accessKeyId", "aws.secretAccessKey");
        List<String> values = List.of(endpoint.toString(), "us-east-1", "test", "test");
        for (int i = 0; i < names.size(); i++) {
            System.setProperty(names.get(i), values.get(i));
        }
        Settings settings = Settings.load(Settings.FILE, environment);
        try (Clients clients = new Clients(settings)) {
            new Provisioning(clients, settings, Datasets.load(Pipeline.DATASETS)).run();
        } finally {
            names.forEach(System::clearProperty);
        }
    }

    void drop(String file, Path local) {
        s3.putObject(request -> request.bucket(bucket).key("raw-data/" + file), RequestBody.fromFile(local));
    }

    void drop(String file, String text) {
        s3.putObject(request -> request.bucket(bucket).key("raw-data/" + file), RequestBody.fromString(text));
    }

    List<String> keys(String prefix) {
        return s3.listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix)).contents().stream()
                .map(S3Object::key)
                .sorted()
                .toList();
    }

    /** How many items a table holds. */
    int count(String table) {
        return dynamoDb.scanPaginator(request -> request.tableName(table).consistentRead(true)).items().stream()
                .mapToInt(item -> 1)
                .sum();
    }

    /** Every item, without the attributes that differ from one history to another. */
    Set<Map<String, AttributeValue>> items(String table, String... without) {
        return dynamoDb.scanPaginator(request -> request.tableName(table).consistentRead(true)).items().stream()
                .map(item -> {
                    Map<String, AttributeValue> kept = new TreeMap<>(item);
                    kept.keySet().removeAll(List.of(without));
                    return Map.copyOf(kept);
                })
                .collect(Collectors.toSet());
    }

    /** Puts items into a table, as many at a time as it takes. */
    void putAll(String table, List<Map<String, AttributeValue>> items) {
        for (int i = 0; i < items.size(); i += 25) {
            List<WriteRequest> batch = items.subList(i, Math.min(i + 25, items.size())).stream()
                    .map(item -> WriteRequest.builder()
                            .putRequest(put -> put.item(item))
                            .build())
                    .toList();
            dynamoDb.batchWriteItem(request -> request.requestItems(Map.of(table, batch)));
        }
    }

    /** The ledger entries of a file. */
    List<Map<String, AttributeValue>> entries(String file) {
        return dynamoDb.query(request -> request.tableName(LEDGER)
                        .consistentRead(true)
                        .keyConditionExpression("#f = :f")
                        .expressionAttributeNames(Map.of("#f", "file"))
                        .expressionAttributeValues(Map.of(":f", AttributeValue.fromS(file))))
                .items();
    }

    /** Empties the table of orders. */
    void clearOrders() {
        for (Map<String, AttributeValue> item : items("ProcessedOrders")) {
            Map<String, AttributeValue> key = new TreeMap<>(item);
            key.keySet().retainAll(List.of("order_id", "processed_timestamp"));
            dynamoDb.deleteItem(request -> request.tableName("ProcessedOrders").key(key));
        }
    }

    void send(String queue, String body) {
        sqs.sendMessage(request -> request.queueUrl(url(queue)).messageBody(body));
    }

    /** Takes up to 10 messages off a queue, for as long as a function of Lambda may run. */
    List<Message> receive(String queue) {
        return sqs.receiveMessage(request ->
                        request.queueUrl(url(queue)).maxNumberOfMessages(10).visibilityTimeout(900))
                .messages();
    }

    void delete(String queue, Message message) {
        sqs.deleteMessage(request -> request.queueUrl(url(queue)).receiptHandle(message.receiptHandle()));
    }

    private String url(String queue) {
        return sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
    }

    /** Takes all messages out of a queue. */
    List<String> take(String queue) {
        String url = url(queue);
        List<String> bodies = new ArrayList<>();
        while (true) {
            List<Message> messages = sqs.receiveMessage(request ->
                            request.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(1))
                    .messages();
            if (messages.isEmpty()) {
                return bodies;
            }
            for (Message message : messages) {
                bodies.add(message.body());
                sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
            }
        }
    }

    /** Lets a new queue hear what the topic says. */
    void subscribe(String queue) {
        String url = sqs.createQueue(request -> request.queueName(queue)).queueUrl();
        String arn = sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNamesWithStrings("QueueArn"))
                .attributesAsStrings()
                .get("QueueArn");
        String topic = sns.createTopic(request -> request.name(TOPIC)).topicArn();
        sns.subscribe(request ->
                request.topicArn(topic).protocol("sqs").endpoint(arn).attributes(Map.of("RawMessageDelivery", "true")));
    }

    @Override
    public void close() {
        s3.close();
        dynamoDb.close();
        sqs.close();
        sns.close();
    }
}
