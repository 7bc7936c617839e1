package pipeline.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import pipeline.intake.S3Events;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What the sink answers is what the SDK takes for the services, else a benchmark measures contestants' mistakes. */
class SinkTest {
    private static final AwsCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("benchmark", "benchmark"));

    private static final Map<String, AttributeValue> KEY =
            Map.of("file", AttributeValue.fromS("f"), "version", AttributeValue.fromS("1"));

    private static final String QUEUE = "http://127.0.0.1/000000000000/ProcessCSVData-Queue";

    private final Sink sink = new Sink();
    private final URI endpoint = URI.create("http://127.0.0.1:" + sink.port());
    private final S3Client s3 = S3Client.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(CREDENTIALS)
            .forcePathStyle(true)
            .build();
    private final DynamoDbClient dynamoDb = DynamoDbClient.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(CREDENTIALS)
            .overrideConfiguration(override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .build();

    private final SqsClient sqs = SqsClient.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(CREDENTIALS)
            .build();

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        s3.close();
        dynamoDb.close();
        sqs.close();
        sink.close();
    }

    @Test
    void listsEveryObjectOnce() throws Exception {
        Path file = Files.writeString(folder.resolve("f"), "a,b\n1,2\n");
        List<String> keys = IntStream.range(0, 2_001)
                .mapToObj("raw-data/file-%04d.csv"::formatted)
                .toList();
        for (String key : keys) {
            ask("PUT", "/-/objects/" + key + "?file=" + file);
        }
        assertEquals(
                keys,
                s3.listObjectsV2Paginator(request -> request.bucket("bench").prefix("raw-data/")).contents().stream()
                        .map(S3Object::key)
                        .toList());
    }

    @Test
    void givesBackAPlacedFileAndAnyPartOfIt() throws Exception {
        Path file = Files.writeString(folder.resolve("f"), "a,b\n1,2\n");
        ask("PUT", "/-/objects/raw-data/f?file=" + file);
        assertEquals(
                "a,b\n1,2\n",
                s3.getObjectAsBytes(request -> request.bucket("bench").key("raw-data/f"))
                        .asUtf8String());
        assertEquals(
                "1,2",
                s3.getObjectAsBytes(request ->
                                request.bucket("bench").key("raw-data/f").range("bytes=4-6"))
                        .asUtf8String());
    }

    @Test
    void keepsTheConditionsOnWritesCopiesAndDeletes() {
        String eTag = s3.putObject(
                        request -> request.bucket("bench").key("k").ifNoneMatch("*"), RequestBody.fromString("one"))
                .eTag();
        assertAnswers(
                412,
                () -> s3.putObject(
                        request -> request.bucket("bench").key("k").ifNoneMatch("*"), RequestBody.fromString("two")));
        assertAnswers(
                412,
                () -> s3.copyObject(request -> request.sourceBucket("bench")
                        .sourceKey("k")
                        .copySourceIfMatch("\"another\"")
                        .destinationBucket("bench")
                        .destinationKey("copy")));
        assertAnswers(
                412,
                () -> s3.deleteObject(
                        request -> request.bucket("bench").key("k").ifMatch("\"another\"")));
        s3.deleteObject(request -> request.bucket("bench").key("k").ifMatch(eTag));
        assertAnswers(
                404, () -> s3.headObject(request -> request.bucket("bench").key("k")));
    }

    @Test
    void hidesAMessageThatWasReceivedUntilItsTimeIsOver() {
        sqs.sendMessage(request -> request.queueUrl(QUEUE).messageBody("one"));
        sqs.sendMessage(request -> request.queueUrl(QUEUE).messageBody("two"));
        List<Message> both = receive(10, 3_600);
        assertEquals(List.of("one", "two"), both.stream().map(Message::body).toList());
        assertEquals(List.of(), receive(10, 3_600));
        assertEquals(List.of("0", "2"), depth());

        sqs.changeMessageVisibility(request -> request.queueUrl(QUEUE)
                .receiptHandle(both.get(1).receiptHandle())
                .visibilityTimeout(0));
        List<Message> again = receive(1, 3_600);
        assertEquals(
                List.of("two"), again.stream().map(Message::body).toList(), "the one that was made visible, at once");

        // The receipt of an earlier delivery is nobody's any more.
        delete(both.get(1));
        assertEquals(List.of("0", "2"), depth());
        delete(again.get(0));
        sqs.deleteMessageBatch(request -> request.queueUrl(QUEUE)
                .entries(DeleteMessageBatchRequestEntry.builder()
                        .id("a")
                        .receiptHandle(both.get(0).receiptHandle())
                        .build()));
        assertEquals(List.of("0", "0"), depth());
    }

    @Test
    void letsAReceiveWaitForTheEventOfAnObject() throws Exception {
        CompletableFuture<List<Message>> waiting = CompletableFuture.supplyAsync(() -> receive(10, 30, 10));
        while (ask("GET", "/-/figures").path("receiving").asInt() == 0) {
            Thread.onSpinWait();
        }
        Path file = Files.writeString(folder.resolve("f"), "a,b\n1,2\n");
        ask("PUT", "/-/objects/raw-data/jan%20%2B1.csv?file=" + file);
        ask("POST", "/-/events");
        assertEquals(
                List.of(new S3Events.Created(List.of("raw-data/jan +1.csv"))),
                waiting.get(10, TimeUnit.SECONDS).stream()
                        .map(message -> new S3Events("bench").read(message.body()))
                        .toList());
        assertEquals(0, ask("GET", "/-/figures").path("emptyReceives").asInt());
    }

    private List<Message> receive(int most, int hiddenSeconds) {
        return receive(most, hiddenSeconds, 0);
    }

    private List<Message> receive(int most, int hiddenSeconds, int waitSeconds) {
        return sqs.receiveMessage(request -> request.queueUrl(QUEUE)
                        .maxNumberOfMessages(most)
                        .visibilityTimeout(hiddenSeconds)
                        .waitTimeSeconds(waitSeconds))
                .messages();
    }

    private void delete(Message message) {
        sqs.deleteMessage(request -> request.queueUrl(QUEUE).receiptHandle(message.receiptHandle()));
    }

    /** How many can be received, and how many are hidden. */
    private List<String> depth() {
        Map<QueueAttributeName, String> attributes = sqs.getQueueAttributes(
                        request -> request.queueUrl(QUEUE).attributeNames(QueueAttributeName.ALL))
                .attributes();
        return List.of(
                attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES),
                attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
    }

    private static void assertAnswers(int status, Executable call) {
        assertEquals(status, assertThrows(S3Exception.class, call).statusCode());
    }

    @Test
    void countsTheRowsThatATableAllowsAndGivesBackTheOthers() throws Exception {
        ask("POST", "/-/reset?latency=0&units=20");
        List<WriteRequest> left = put(25);
        assertTrue(left.size() <= 5 && left.size() > 0, () -> left.size() + " of 25 left");
        assertEquals(puts(25).subList(25 - left.size(), 25), left);
        JsonNode figures = ask("GET", "/-/figures");
        assertEquals(25 - left.size(), figures.path("rows").asInt());
        assertEquals(left.size(), figures.path("rowsAgain").asInt());
        assertEquals(1, figures.at("/requests/dynamodb:BatchWriteItem").asInt());
    }

    @Test
    void throttlesATableThatHasNothingLeft() throws Exception {
        ask("POST", "/-/reset?latency=0&units=1");
        put(25);
        assertThrows(ProvisionedThroughputExceededException.class, () -> put(25));
    }

    private List<WriteRequest> put(int rows) {
        return dynamoDb.batchWriteItem(request -> request.requestItems(Map.of("T", puts(rows))))
                .unprocessedItems()
                .get("T");
    }

    @Test
    void saysWhatItCouldNotAnswer() throws Exception {
        assertThrows(SdkClientException.class, () -> dynamoDb.scan(request -> request.tableName("T")));
        assertEquals(
                "java.lang.IllegalArgumentException: the sink does not know dynamodb:Scan",
                ask("GET", "/-/figures").path("spoiltBy").asText());
    }

    @Test
    void remembersTheLedgerAndItsConditions() {
        update("attribute_not_exists(#n0)");
        update("attribute_exists(#n0)");
        assertThrows(ConditionalCheckFailedException.class, () -> update("attribute_not_exists(#n0)"));
        assertEquals(
                AttributeValue.fromS("processing"),
                dynamoDb.getItem(request -> request.tableName("ProcessedFiles").key(KEY))
                        .item()
                        .get("status"));
    }

    private void update(String condition) {
        dynamoDb.updateItem(request -> request.tableName("ProcessedFiles")
                .key(KEY)
                .updateExpression("SET #n0 = :v0")
                .conditionExpression(condition)
                .expressionAttributeNames(Map.of("#n0", "status"))
                .expressionAttributeValues(Map.of(":v0", AttributeValue.fromS("processing"))));
    }

    private static List<WriteRequest> puts(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> WriteRequest.builder()
                        .putRequest(put -> put.item(Map.of("order_id", AttributeValue.fromS("order-" + i))))
                        .build())
                .toList();
    }

    private JsonNode ask(String method, String what) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(endpoint.resolve(what))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new ObjectMapper().readTree(response.body());
    }
}
