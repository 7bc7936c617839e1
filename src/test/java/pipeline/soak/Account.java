package pipeline.soak;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.local.Call;
import pipeline.local.LocalAws;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** What is in the account, and the hands of those who drop files into it. No fault plan touches its calls. */
final class Account implements AutoCloseable {
    /** The access key id of these calls. */
    static final String OBSERVER = "observer";

    static final String BUCKET = "camel-data-pipeline";
    static final String LEDGER = "ProcessedFiles";
    private static final String QUEUE = "ProcessCSVData-Queue";
    private static final String DEAD_LETTERS = "ProcessCSVData-DLQ";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TOKEN = Pattern.compile("\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private final LocalAws aws;
    private final S3Client s3;
    private final DynamoDbClient dynamoDb;
    private final SqsClient sqs;
    private final List<JsonNode> deadLetters = new CopyOnWriteArrayList<>();

    Account(LocalAws aws) {
        this.aws = aws;
        s3 = client(S3Client.builder().forcePathStyle(true));
        dynamoDb = client(DynamoDbClient.builder());
        sqs = client(SqsClient.builder());
    }

    private <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
        return builder.endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(OBSERVER, "test")))
                .build();
    }

    void put(String file, byte[] bytes) {
        s3.putObject(request -> request.bucket(BUCKET).key("raw-data/" + file), RequestBody.fromBytes(bytes));
    }

    /** @param delaySeconds before the message can be received */
    void send(String message, int delaySeconds) {
        sqs.sendMessage(
                request -> request.queueUrl(url(QUEUE)).messageBody(message).delaySeconds(delaySeconds));
    }

    List<String> keys(String prefix) {
        return s3.listObjectsV2Paginator(request -> request.bucket(BUCKET).prefix(prefix)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    byte[] bytes(String key) {
        return s3.getObjectAsBytes(request -> request.bucket(BUCKET).key(key)).asByteArrayUnsafe();
    }

    Stream<Map<String, AttributeValue>> items(String table) {
        return dynamoDb.scanPaginator(request -> request.tableName(table).consistentRead(true)).items().stream();
    }

    List<Entry> ledger() {
        return items(LEDGER).map(Entry::new).toList();
    }

    /** The versions that ended in a failure of their own. */
    List<Entry> failed() {
        return ledger().stream()
                .filter(entry -> entry.status() == Status.FAILED)
                .sorted(Comparator.comparing(Entry::toString))
                .toList();
    }

    Optional<Entry> entry(String file, String version) {
        Map<String, AttributeValue> item = dynamoDb.getItem(request -> request.tableName(LEDGER)
                        .consistentRead(true)
                        .key(Map.of("file", AttributeValue.fromS(file), "version", AttributeValue.fromS(version))))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(new Entry(item));
    }

    /** The entries of a file. */
    List<Entry> entries(String file) {
        return dynamoDb
                .query(request -> request.tableName(LEDGER)
                        .consistentRead(true)
                        .keyConditionExpression("#f = :f")
                        .expressionAttributeNames(Map.of("#f", "file"))
                        .expressionAttributeValues(Map.of(":f", AttributeValue.fromS(file))))
                .items()
                .stream()
                .map(Entry::new)
                .toList();
    }

    /** How many messages the intake queue holds, visible, hidden or delayed. */
    int queued() {
        return sqs
                .getQueueAttributes(request -> request.queueUrl(url(QUEUE))
                        .attributeNamesWithStrings(
                                "ApproximateNumberOfMessages",
                                "ApproximateNumberOfMessagesNotVisible",
                                "ApproximateNumberOfMessagesDelayed"))
                .attributesAsStrings()
                .values()
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    /** Every dead-letter message that there was until now; takes them out of their queue. */
    List<JsonNode> deadLetters() {
        String url = url(DEAD_LETTERS);
        while (true) {
            List<Message> messages = sqs.receiveMessage(
                            request -> request.queueUrl(url).maxNumberOfMessages(10))
                    .messages();
            if (messages.isEmpty()) {
                return List.copyOf(deadLetters);
            }
            for (Message message : messages) {
                deadLetters.add(json(message.body()));
                sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
            }
        }
    }

    /** Every alert that there was until now. */
    List<JsonNode> alerts() {
        return aws.published().stream()
                .map(message -> json(message.defaultText()))
                .toList();
    }

    private String url(String queue) {
        return aws.endpoint() + "/000000000000/" + queue;
    }

    /** The owners of leases that a call names: a random token for each claim. */
    static Set<String> leaseOwners(Call call) {
        return TOKEN.matcher(call.detail())
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(HashSet::new));
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("found no JSON: " + text, e);
        }
    }

    @Override
    public void close() {
        s3.close();
        dynamoDb.close();
        sqs.close();
    }
}
