package pipeline.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** What the pipeline's tests rely on, through SDK clients that know one URL only. */
final class LocalAwsTest {
    private static final String BUCKET = "bucket";

    @TempDir
    static Path data;

    private static LocalAws aws;
    private static S3Client s3;
    private static SqsClient sqs;
    private static SnsClient sns;
    private static DynamoDbClient dynamodb;

    @BeforeAll
    static void start() throws IOException {
        aws = LocalAws.start(data);
        s3 = client(S3Client.builder()).build();
        sqs = client(SqsClient.builder()).build();
        sns = client(SnsClient.builder()).build();
        dynamodb = client(DynamoDbClient.builder()).build();
        s3.createBucket(b -> b.bucket(BUCKET));
    }

    @AfterAll
    static void stop() {
        long begin = System.nanoTime();
        aws.close();
        assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 5, "close() takes too long");
    }

    @AfterEach
    void heal() {
        aws.faults(FaultPlan.none());
        aws.recordCalls(false);
        aws.clearPublished();
    }

    private static <B extends AwsClientBuilder<B, ?>> B client(B builder) {
        return builder.endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()));
    }

    private static String put(String key, String content) {
        return s3.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromString(content))
                .eTag();
    }

    private static String get(String key) {
        return s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key)).asUtf8String();
    }

    private static void assertRefused(int status, String code, Executable call) {
        var refused = assertThrows(AwsServiceException.class, call);
        assertEquals(code, refused.awsErrorDetails().errorCode());
        assertEquals(status, refused.statusCode());
    }

    /** Lets all calls begin at the same moment and counts the ways they end: "ok" or the error code. */
    private static Map<String, Long> race(int runners, Function<Integer, Callable<?>> call) throws Exception {
        var pool = Executors.newFixedThreadPool(runners);
        var begin = new CountDownLatch(1);
        try {
            List<Future<String>> ends = new ArrayList<>();
            for (int i = 0; i < runners; i++) {
                Callable<?> mine = call.apply(i);
                ends.add(pool.submit(() -> {
                    begin.await();
                    try {
                        mine.call();
                        return "ok";
                    } catch (AwsServiceException e) {
                        return e.awsErrorDetails().errorCode();
                    }
                }));
            }
            begin.countDown();
            List<String> results = new ArrayList<>();
            for (Future<String> end : ends) {
                results.add(end.get(20, TimeUnit.SECONDS));
            }
            return results.stream().collect(Collectors.groupingBy(r -> r, Collectors.counting()));
        } finally {
            pool.shutdownNow();
        }
    }

    // S3: objects

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain.csv",
                "a b+c%25é/ü.csv",
                "%41 is not A.csv",
                "sub/folder/deep/x.csv",
                "odd &=?#;:@$,'()*!~.csv",
                "quo\"te<>.csv",
                "日本/ファイル.csv"
            })
    void anObjectKeepsItsKeyWhateverItIs(String key) {
        String name = "odd/" + key;
        String etag = put(name, "content of " + key);
        assertEquals("content of " + key, get(name));
        assertEquals(etag, s3.headObject(b -> b.bucket(BUCKET).key(name)).eTag());
        assertEquals(
                List.of(name),
                s3.listObjectsV2(b -> b.bucket(BUCKET).prefix(name)).contents().stream()
                        .map(S3Object::key)
                        .toList());
        s3.copyObject(b -> b.sourceBucket(BUCKET)
                .sourceKey(name)
                .copySourceIfMatch(etag)
                .destinationBucket(BUCKET)
                .destinationKey("copy/" + name)
                .ifNoneMatch("*"));
        assertEquals("content of " + key, get("copy/" + name));
        s3.deleteObject(b -> b.bucket(BUCKET).key(name).ifMatch(etag));
        assertThrows(NoSuchKeyException.class, () -> get(name));
    }

    @Test
    void metadataAndTypeComeBackAsTheyWereSent() {
        s3.putObject(
                b -> b.bucket(BUCKET)
                        .key("meta.csv")
                        .contentType("text/csv")
                        .metadata(Map.of("source-version", "abc", "two", "2")),
                RequestBody.fromString("x"));
        var head = s3.headObject(b -> b.bucket(BUCKET).key("meta.csv"));
        assertEquals(Map.of("source-version", "abc", "two", "2"), head.metadata());
        assertEquals("text/csv", head.contentType());
        assertNull(head.contentEncoding());
        assertEquals(1, head.contentLength());
    }

    @Test
    void anEmptyObjectIsAnObject() {
        put("empty.csv", "");
        assertEquals("", get("empty.csv"));
        assertEquals(0, s3.headObject(b -> b.bucket(BUCKET).key("empty.csv")).contentLength());
    }

    @Test
    void aRangeIsPartOfTheContent() throws IOException {
        put("range.csv", "0123456789");
        try (ResponseInputStream<GetObjectResponse> part =
                s3.getObject(b -> b.bucket(BUCKET).key("range.csv").range("bytes=3-5"))) {
            assertEquals("345", new String(part.readAllBytes(), StandardCharsets.UTF_8));
            assertEquals("bytes 3-5/10", part.response().contentRange());
        }
    }

    @Test
    void aListComesInPagesAndStopsAtItsPrefix() {
        for (int i = 0; i < 25; i++) {
            put(String.format("pages/%02d.csv", i), "x");
        }
        put("pages-not.csv", "x");
        List<Integer> pages = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        s3.listObjectsV2Paginator(b -> b.bucket(BUCKET).prefix("pages/").maxKeys(10))
                .forEach(page -> {
                    pages.add(page.keyCount());
                    page.contents().forEach(o -> keys.add(o.key()));
                });
        assertEquals(List.of(10, 10, 5), pages);
        assertEquals(
                IntStream.range(0, 25)
                        .mapToObj(i -> String.format("pages/%02d.csv", i))
                        .toList(),
                keys);
    }

    @Test
    void twentyMegabytesGoUpInPartsAndComeBackTheSame() {
        byte[] content = new byte[20 << 20];
        new Random(1).nextBytes(content);
        int part = 5 << 20;
        String upload =
                s3.createMultipartUpload(b -> b.bucket(BUCKET).key("big.bin")).uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int number = i + 1;
            byte[] bytes = java.util.Arrays.copyOfRange(content, i * part, (i + 1) * part);
            String etag = s3.uploadPart(
                            b -> b.bucket(BUCKET)
                                    .key("big.bin")
                                    .uploadId(upload)
                                    .partNumber(number),
                            RequestBody.fromBytes(bytes))
                    .eTag();
            parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
        }
        String etag = s3.completeMultipartUpload(b -> b.bucket(BUCKET)
                        .key("big.bin")
                        .uploadId(upload)
                        .ifNoneMatch("*")
                        .multipartUpload(m -> m.parts(parts)))
                .eTag();
        assertTrue(etag.endsWith("-4\""), etag);
        assertArrayEquals(
                content,
                s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("big.bin").ifMatch(etag))
                        .asByteArray());

        String copy =
                s3.createMultipartUpload(b -> b.bucket(BUCKET).key("big.copy")).uploadId();
        String copied = s3.uploadPartCopy(b -> b.sourceBucket(BUCKET)
                        .sourceKey("big.bin")
                        .copySourceIfMatch(etag)
                        .copySourceRange("bytes=0-" + (6 << 20))
                        .destinationBucket(BUCKET)
                        .destinationKey("big.copy")
                        .uploadId(copy)
                        .partNumber(1))
                .copyPartResult()
                .eTag();
        assertRefused(
                412,
                "PreconditionFailed",
                () -> s3.uploadPartCopy(b -> b.sourceBucket(BUCKET)
                        .sourceKey("big.bin")
                        .copySourceIfMatch("\"other\"")
                        .destinationBucket(BUCKET)
                        .destinationKey("big.copy")
                        .uploadId(copy)
                        .partNumber(2)));
        s3.completeMultipartUpload(b -> b.bucket(BUCKET)
                .key("big.copy")
                .uploadId(copy)
                .multipartUpload(m -> m.parts(
                        CompletedPart.builder().partNumber(1).eTag(copied).build())));
        assertEquals(
                (6 << 20) + 1,
                s3.headObject(b -> b.bucket(BUCKET).key("big.copy")).contentLength());
    }

    @Test
    void anObjectIsListedOnlyWhenItIsWhole() throws Exception {
        var firstHalf = new CountDownLatch(1);
        var looked = new CountDownLatch(1);
        var slow = new java.io.InputStream() {
            private int sent;

            @Override
            public int read() throws IOException {
                if (sent == 1 << 19) {
                    firstHalf.countDown();
                    try {
                        looked.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
                return sent++ < 1 << 20 ? 'x' : -1;
            }
        };
        var pool = Executors.newSingleThreadExecutor();
        try {
            Future<?> upload = pool.submit(() ->
                    s3.putObject(b -> b.bucket(BUCKET).key("slow/x.csv"), RequestBody.fromInputStream(slow, 1 << 20)));
            assertTrue(firstHalf.await(10, TimeUnit.SECONDS));
            assertEquals(List.of(), keys("slow/"));
            put("slow/x.csv", "a quicker one");
            assertEquals("a quicker one", get("slow/x.csv"));
            looked.countDown();
            upload.get(10, TimeUnit.SECONDS);
            assertEquals(List.of("slow/x.csv"), keys("slow/"));
            assertEquals(1 << 20, get("slow/x.csv").length());
        } finally {
            looked.countDown();
            pool.shutdownNow();
        }
    }

    private static List<String> keys(String prefix) {
        return s3.listObjectsV2(b -> b.bucket(BUCKET).prefix(prefix)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    @Test
    void foldersThatEmptyWhileOthersWriteIntoThemLoseNothing() throws Exception {
        assertEquals(Map.of("ok", 8L), race(8, runner -> () -> {
            for (int i = 0; i < 25; i++) {
                String key = "folder/sub/" + runner + "-" + i;
                put(key, "x");
                assertEquals("x", get(key));
                s3.deleteObject(b -> b.bucket(BUCKET).key(key));
            }
            return null;
        }));
        assertEquals(List.of(), keys("folder/"));
    }

    // S3: conditions

    @Test
    void aPutHoldsItsConditions() {
        String first = put("put.csv", "first");
        assertRefused(
                412,
                "PreconditionFailed",
                () -> s3.putObject(
                        b -> b.bucket(BUCKET).key("put.csv").ifNoneMatch("*"), RequestBody.fromString("no")));
        assertRefused(
                412,
                "PreconditionFailed",
                () -> s3.putObject(
                        b -> b.bucket(BUCKET).key("put.csv").ifMatch("\"other\""), RequestBody.fromString("no")));
        assertRefused(
                404,
                "NoSuchKey",
                () -> s3.putObject(
                        b -> b.bucket(BUCKET).key("put-none.csv").ifMatch(first), RequestBody.fromString("no")));
        assertEquals("first", get("put.csv"));
        s3.putObject(b -> b.bucket(BUCKET).key("put.csv").ifMatch(first), RequestBody.fromString("second"));
        assertEquals("second", get("put.csv"));
    }

    @Test
    void aLargePutThatIsRefusedLeavesTheObjectAlone() {
        put("large.bin", "first");
        byte[] large = new byte[12 << 20];
        assertRefused(
                412,
                "PreconditionFailed",
                () -> s3.putObject(
                        b -> b.bucket(BUCKET).key("large.bin").ifNoneMatch("*"), RequestBody.fromBytes(large)));
        assertEquals("first", get("large.bin"));
        assertEquals(
                1,
                s3.listObjectsV2(b -> b.bucket(BUCKET).prefix("large"))
                        .contents()
                        .size());
    }

    @Test
    void aLargePutIntoNoBucketIsAnswered() {
        byte[] large = new byte[12 << 20];
        assertRefused(
                404,
                "NoSuchBucket",
                () -> s3.putObject(b -> b.bucket("no-bucket").key("x"), RequestBody.fromBytes(large)));
    }

    @Test
    void anObjectWithoutEtagMatchesNone() throws IOException {
        Files.writeString(data.resolve("s3").resolve(BUCKET).resolve("by-hand.csv"), "x");
        assertRefused(
                412,
                "PreconditionFailed",
                () -> s3.deleteObject(b -> b.bucket(BUCKET).key("by-hand.csv").ifMatch("\"any\"")));
        assertRefused(
                412,
                "PreconditionFailed",
                () -> s3.putObject(
                        b -> b.bucket(BUCKET).key("by-hand.csv").ifNoneMatch("*"), RequestBody.fromString("no")));
        assertEquals("x", get("by-hand.csv"));
    }

    @Test
    void aDeleteOfManyHoldsTheConditionOfEach() {
        String etag = put("many-a.csv", "a");
        put("many-b.csv", "b");
        var refused = s3.deleteObjects(b -> b.bucket(BUCKET)
                        .delete(d -> d.objects(
                                ObjectIdentifier.builder()
                                        .key("many-a.csv")
                                        .eTag(etag)
                                        .build(),
                                ObjectIdentifier.builder()
                                        .key("many-b.csv")
                                        .eTag(etag)
                                        .build())))
                .errors();
        assertEquals(List.of("many-b.csv"), refused.stream().map(e -> e.key()).toList());
        assertEquals(List.of("many-b.csv"), keys("many-"));
    }

    @Test
    void aTakenPortIsNamed() {
        int port = aws.endpoint().getPort();
        var refused = assertThrows(IOException.class, () -> LocalAws.start(data, port));
        assertEquals(
                "127.0.0.1:" + port + ": found it in use, expected a free port (0 takes any)", refused.getMessage());
    }

    @Test
    void aCopyHoldsItsConditionsOnBothEnds() {
        String source = put("copy-a.csv", "a");
        String target = put("copy-b.csv", "b");
        assertRefused(412, "PreconditionFailed", () -> copy("copy-a.csv", source, "copy-b.csv"));
        assertRefused(412, "PreconditionFailed", () -> copy("copy-a.csv", target, "copy-c.csv"));
        assertRefused(404, "NoSuchKey", () -> copy("copy-none.csv", source, "copy-c.csv"));
        assertEquals("b", get("copy-b.csv"));
        assertThrows(NoSuchKeyException.class, () -> get("copy-c.csv"));
        copy("copy-a.csv", source, "copy-c.csv");
        assertEquals("a", get("copy-c.csv"));
    }

    private static void copy(String from, String etag, String to) {
        s3.copyObject(b -> b.sourceBucket(BUCKET)
                .sourceKey(from)
                .copySourceIfMatch(etag)
                .destinationBucket(BUCKET)
                .destinationKey(to)
                .ifNoneMatch("*"));
    }

    @Test
    void aDeleteHoldsItsCondition() {
        String first = put("delete.csv", "first");
        String second = put("delete.csv", "second");
        assertRefused(
                412,
                "PreconditionFailed",
                () -> s3.deleteObject(b -> b.bucket(BUCKET).key("delete.csv").ifMatch(first)));
        assertEquals("second", get("delete.csv"));
        s3.deleteObject(b -> b.bucket(BUCKET).key("delete.csv").ifMatch(second));
        assertRefused(
                404,
                "NoSuchKey",
                () -> s3.deleteObject(b -> b.bucket(BUCKET).key("delete.csv").ifMatch(second)));
        s3.deleteObject(b -> b.bucket(BUCKET).key("delete.csv"));
    }

    @Test
    void aGetHoldsItsConditions() {
        String etag = put("get.csv", "x");
        assertEquals(
                412,
                assertThrows(
                                S3Exception.class,
                                () -> s3.getObjectAsBytes(
                                        b -> b.bucket(BUCKET).key("get.csv").ifMatch("\"other\"")))
                        .statusCode());
        assertEquals(
                304,
                assertThrows(
                                S3Exception.class,
                                () -> s3.getObjectAsBytes(
                                        b -> b.bucket(BUCKET).key("get.csv").ifNoneMatch(etag)))
                        .statusCode());
    }

    @Test
    void oneOfManyCopiesToOnePlaceWins() throws Exception {
        for (int round = 0; round < 5; round++) {
            String to = "race/copy-" + round;
            for (int i = 0; i < 8; i++) {
                put("race/from-" + i, "from " + i);
            }
            assertEquals(
                    Map.of("ok", 1L, "PreconditionFailed", 7L),
                    race(
                            8,
                            i -> () -> s3.copyObject(b -> b.sourceBucket(BUCKET)
                                    .sourceKey("race/from-" + i)
                                    .destinationBucket(BUCKET)
                                    .destinationKey(to)
                                    .ifNoneMatch("*"))));
        }
    }

    @Test
    void oneOfManyPutsOfANewObjectWins() throws Exception {
        for (int round = 0; round < 5; round++) {
            String to = "race/put-" + round;
            assertEquals(
                    Map.of("ok", 1L, "PreconditionFailed", 7L),
                    race(
                            8,
                            i -> () -> s3.putObject(
                                    b -> b.bucket(BUCKET).key(to).ifNoneMatch("*"),
                                    RequestBody.fromString("put " + i))));
        }
    }

    @Test
    void aDeleteNeverHitsAVersionItDidNotMean() throws Exception {
        for (int round = 0; round < 10; round++) {
            String key = "race/replaced-" + round;
            String old = put(key, "old");
            race(
                    2,
                    i -> i == 0
                            ? () -> put(key, "new")
                            : () -> s3.deleteObject(
                                    b -> b.bucket(BUCKET).key(key).ifMatch(old)));
            assertEquals("new", get(key));
        }
    }

    @Test
    void oneOfManyChangesOfTheSameVersionWins() throws Exception {
        String first = put("race/swap", "first");
        assertEquals(
                Map.of("ok", 1L, "PreconditionFailed", 7L),
                race(
                        8,
                        i -> () -> s3.putObject(
                                b -> b.bucket(BUCKET).key("race/swap").ifMatch(first),
                                RequestBody.fromString("swap " + i))));
    }

    // DynamoDB

    private static void table(String name, String... indexes) {
        List<AttributeDefinition> attributes = new ArrayList<>(List.of(text("id")));
        List<GlobalSecondaryIndex> global = new ArrayList<>();
        for (String index : indexes) {
            attributes.add(text(index));
            global.add(GlobalSecondaryIndex.builder()
                    .indexName("by-" + index)
                    .keySchema(key(index, KeyType.HASH), key("id", KeyType.RANGE))
                    .projection(Projection.builder()
                            .projectionType(ProjectionType.ALL)
                            .build())
                    .build());
        }
        dynamodb.createTable(b -> {
            b.tableName(name)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(attributes)
                    .keySchema(key("id", KeyType.HASH));
            if (!global.isEmpty()) {
                b.globalSecondaryIndexes(global);
            }
        });
    }

    private static AttributeDefinition text(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static Map<String, AttributeValue> item(String... pairs) {
        return IntStream.range(0, pairs.length / 2)
                .boxed()
                .collect(Collectors.toMap(i -> pairs[2 * i], i -> AttributeValue.fromS(pairs[2 * i + 1])));
    }

    private static List<WriteRequest> rows(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> WriteRequest.builder()
                        .putRequest(p -> p.item(item("id", "row-" + i, "open", "yes", "day", "d" + i % 2)))
                        .build())
                .toList();
    }

    @Test
    void aFailedConditionShowsTheItemAsItWas() {
        table("Conditional");
        dynamodb.putItem(b -> b.tableName("Conditional").item(item("id", "1", "owner", "me")));
        var failed = assertThrows(
                ConditionalCheckFailedException.class,
                () -> dynamodb.updateItem(b -> b.tableName("Conditional")
                        .key(item("id", "1"))
                        .updateExpression("SET #o = :you")
                        .conditionExpression("#o = :you")
                        .expressionAttributeNames(Map.of("#o", "owner"))
                        .expressionAttributeValues(Map.of(":you", AttributeValue.fromS("you")))
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
        assertEquals(item("id", "1", "owner", "me"), failed.item());
    }

    @Test
    void aBatchOfTwentyFiveIsFoundThroughTwoIndexes() {
        table("Indexed", "open", "day");
        var stored = dynamodb.batchWriteItem(b -> b.requestItems(Map.of("Indexed", rows(25))));
        assertTrue(stored.unprocessedItems().isEmpty());
        assertEquals(25, count("Indexed", "open", "yes"));
        assertEquals(13, count("Indexed", "day", "d0"));
    }

    private static int count(String table, String index, String value) {
        return dynamodb.query(b -> b.tableName(table)
                        .indexName("by-" + index)
                        .keyConditionExpression("#k = :v")
                        .expressionAttributeNames(Map.of("#k", index))
                        .expressionAttributeValues(Map.of(":v", AttributeValue.fromS(value))))
                .count();
    }

    @Test
    void anUnprocessedHalfComesBackAndOnlyTheOtherIsStored() {
        table("Halved");
        aws.faults(call -> Fault.UNPROCESSED);
        var stored = dynamodb.batchWriteItem(b -> b.requestItems(Map.of("Halved", rows(25))));
        assertEquals(rows(25).subList(12, 25), stored.unprocessedItems().get("Halved"));
        assertEquals(12, dynamodb.scan(b -> b.tableName("Halved")).count());
        assertThrows(
                ProvisionedThroughputExceededException.class,
                () -> dynamodb.batchWriteItem(b -> b.requestItems(Map.of("Halved", rows(1)))));
    }

    // SQS

    @Test
    void aMessageThatIsNeverDeletedEndsInTheDeadLetterQueue() {
        String dead = sqs.createQueue(b -> b.queueName("Dead")).queueUrl();
        assertEquals(aws.endpoint() + "/000000000000/Dead", dead);
        String arn = sqs.getQueueAttributes(b -> b.queueUrl(dead).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        assertEquals("arn:aws:sqs:us-east-1:000000000000:Dead", arn);
        String queue = sqs.createQueue(b -> b.queueName("Queue")
                        .attributes(Map.of(
                                QueueAttributeName.REDRIVE_POLICY,
                                "{\"deadLetterTargetArn\":\"" + arn + "\",\"maxReceiveCount\":\"2\"}")))
                .queueUrl();
        sqs.sendMessage(b -> b.queueUrl(queue).messageBody("<é>"));
        for (int i = 0; i < 2; i++) {
            var message = sqs.receiveMessage(b -> b.queueUrl(queue).waitTimeSeconds(2))
                    .messages()
                    .get(0);
            assertEquals("<é>", message.body());
            sqs.changeMessageVisibility(b ->
                    b.queueUrl(queue).receiptHandle(message.receiptHandle()).visibilityTimeout(0));
        }
        assertTrue(sqs.receiveMessage(b -> b.queueUrl(queue)).messages().isEmpty());
        var redriven = sqs.receiveMessage(b -> b.queueUrl(dead).waitTimeSeconds(2))
                .messages()
                .get(0);
        assertEquals("<é>", redriven.body());
        sqs.deleteMessage(b -> b.queueUrl(dead).receiptHandle(redriven.receiptHandle()));
        assertThrows(QueueDoesNotExistException.class, () -> sqs.getQueueUrl(b -> b.queueName("None")));
    }

    // SNS

    @Test
    void anAlertIsKeptAndItsMailWritten() throws IOException {
        String topic = sns.createTopic(b -> b.name("Alerts")).topicArn();
        assertEquals("arn:aws:sns:us-east-1:000000000000:Alerts", topic);
        String id = sns.publish(b -> b.topicArn(topic)
                        .subject("1 file failed")
                        .messageStructure("json")
                        .message("{\"default\":\"{\\\"a\\\":1}\",\"email\":\"Dear <you> & é,\\nlook.\"}"))
                .messageId();
        assertEquals(
                List.of(new PublishedMessage(
                        topic, "1 file failed", "{\"a\":1}", "Dear <you> & é,\nlook.", id, Map.of())),
                aws.published());
        assertEquals(
                List.of("Subject: 1 file failed\n\nDear <you> & é,\nlook."),
                mails().stream().filter(m -> m.contains("look")).toList());

        sns.subscribe(b -> b.topicArn(topic).protocol("email").endpoint("a@example.org"));
        sns.subscribe(b -> b.topicArn(topic).protocol("email").endpoint("b@example.org"));
        sns.publish(b -> b.topicArn(topic).message("plain text"));
        assertEquals(2, mails().stream().filter(m -> m.contains("plain text")).count());
        assertEquals("plain text", aws.published().get(1).emailText());
        assertEquals(
                List.of("a@example.org", "b@example.org"),
                sns.listSubscriptionsByTopic(b -> b.topicArn(topic)).subscriptions().stream()
                        .map(s -> s.endpoint())
                        .toList());
        assertEquals(
                "2", sns.getTopicAttributes(b -> b.topicArn(topic)).attributes().get("SubscriptionsConfirmed"));
        assertEquals(topic, sns.listTopics().topics().get(0).topicArn());
    }

    private static List<String> mails() throws IOException {
        try (var files = Files.list(aws.outbox())) {
            List<String> mails = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                mails.add(Files.readString(file));
            }
            return mails;
        }
    }

    @Test
    void aTopicRefusesWhatAwsRefuses() {
        String topic = sns.createTopic(b -> b.name("Strict")).topicArn();
        assertThrows(
                InvalidParameterException.class,
                () -> sns.publish(
                        b -> b.topicArn(topic).messageStructure("json").message("{\"email\":\"x\"}")));
        assertThrows(
                InvalidParameterException.class,
                () -> sns.publish(
                        b -> b.topicArn(topic).messageStructure("json").message("no json")));
        assertThrows(
                InvalidParameterException.class,
                () -> sns.publish(b -> b.topicArn(topic).message("x").subject("two\nlines")));
        sns.deleteTopic(b -> b.topicArn(topic));
        assertThrows(
                NotFoundException.class,
                () -> sns.publish(b -> b.topicArn(topic).message("x")));
        assertEquals(List.of(), aws.published());
    }

    // Faults

    @Test
    void callsAreNamedAsTheApiNamesThem() {
        aws.recordCalls(true);
        String etag = put("calls/é.csv", "x");
        copy("calls/é.csv", etag, "calls/copy.csv");
        s3.listObjectsV2(b -> b.bucket(BUCKET).prefix("calls/"));
        s3.headBucket(b -> b.bucket(BUCKET));
        s3.deleteObjects(b -> b.bucket(BUCKET)
                .delete(d -> d.objects(
                        List.of(ObjectIdentifier.builder().key("calls/copy.csv").build()))));
        table("Named");
        dynamodb.batchWriteItem(b -> b.requestItems(Map.of("Named", rows(1))));
        String queue = sqs.createQueue(b -> b.queueName("Named")).queueUrl();
        sqs.sendMessage(b -> b.queueUrl(queue).messageBody("x"));
        sns.createTopic(b -> b.name("Named"));
        assertEquals(
                List.of(
                        new Call("s3", "s3:PutObject", "bucket/calls/é.csv", "", ""),
                        new Call("s3", "s3:CopyObject", "bucket/calls/copy.csv", "", ""),
                        new Call("s3", "s3:ListObjectsV2", "bucket", "", ""),
                        new Call("s3", "s3:HeadBucket", "bucket", "", ""),
                        new Call("s3", "s3:DeleteObjects", "bucket", "", ""),
                        new Call("dynamodb", "dynamodb:CreateTable", "Named", "", ""),
                        new Call("dynamodb", "dynamodb:BatchWriteItem", "Named", "", ""),
                        new Call("sqs", "sqs:CreateQueue", "Named", "", ""),
                        new Call("sqs", "sqs:SendMessage", "Named", "", ""),
                        new Call("sns", "sns:CreateTopic", "Named", "", "")),
                aws.calls().stream().map(Call::plain).toList());
    }

    @Test
    void callsTellWhoMakesThemAndWhatTheySay() {
        String etag = put("told.csv", "x");
        aws.recordCalls(true);
        s3.deleteObject(b -> b.bucket(BUCKET).key("told.csv").ifMatch(etag));
        String queue = sqs.createQueue(b -> b.queueName("Telling")).queueUrl();
        sqs.sendMessage(b -> b.queueUrl(queue).messageBody("what is said"));
        List<Call> calls = aws.calls();
        String object = "arn:aws:s3:::bucket/told.csv";
        assertEquals(
                new Call("s3", "s3:DeleteObject", "bucket/told.csv", "test", etag.replace("\"", ""))
                        .needing(List.of(
                                new Permission("s3:DeleteObject", object), new Permission("s3:GetObject", object))),
                calls.get(0));
        assertEquals("test", calls.get(2).caller());
        assertTrue(calls.get(2).detail().contains("what is said"), calls.get(2)::detail);
    }

    @Test
    void whatAPolicyDoesNotAllowIsRefusedAndChangesNothing() {
        put("kept.csv", "x");
        aws.policy((caller, needed) -> !needed.action().equals("s3:DeleteObject"));
        try {
            S3Exception refused = assertThrows(
                    S3Exception.class,
                    () -> s3.deleteObject(b -> b.bucket(BUCKET).key("kept.csv")));
            assertEquals(
                    "User: test is not authorized to perform: s3:DeleteObject on resource: arn:aws:s3:::bucket/kept.csv"
                            + " because no identity-based policy allows the s3:DeleteObject action",
                    refused.awsErrorDetails().errorMessage());
        } finally {
            aws.policy((caller, needed) -> true);
        }
        assertEquals(1, s3.headObject(b -> b.bucket(BUCKET).key("kept.csv")).contentLength());
    }

    @Test
    void aTruncatedAnswerIsNoticedAndItsCallTakesEffect() {
        put("whole.csv", "x".repeat(100_000));
        aws.faults(call -> Fault.TRUNCATED);
        assertThrows(SdkClientException.class, () -> get("whole.csv"));
        assertThrows(
                SdkException.class, () -> s3.deleteObject(b -> b.bucket(BUCKET).key("whole.csv")));
        aws.faults(FaultPlan.none());
        assertThrows(NoSuchKeyException.class, () -> get("whole.csv"));
        table("Truncated");
        aws.faults(call -> Fault.TRUNCATED);
        assertThrows(
                SdkException.class, () -> dynamodb.batchWriteItem(b -> b.requestItems(Map.of("Truncated", rows(5)))));
        aws.faults(FaultPlan.none());
        assertEquals(5, dynamodb.scan(b -> b.tableName("Truncated")).count());
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"NONE", "UNPROCESSED", "HANG"},
            mode = EnumSource.Mode.EXCLUDE)
    void aFaultHasItsEffectAndNoMore(Fault fault) {
        String key = "fault/" + fault;
        boolean takesEffect =
                List.of(Fault.FAIL_AFTER, Fault.CUT_AFTER, Fault.TRUNCATED).contains(fault);
        aws.faults(call -> call.operation().equals("s3:PutObject") ? fault : Fault.NONE);
        assertThrows(SdkException.class, () -> put(key, "x"));
        assertEquals(
                takesEffect ? 1 : 0,
                s3.listObjectsV2(b -> b.bucket(BUCKET).prefix(key)).keyCount());
    }

    @Test
    void aFaultIsWordedAsTheServiceWordsIt() {
        String queue = sqs.createQueue(b -> b.queueName("Faulty")).queueUrl();
        Map<String, Executable> calls = Map.of(
                "s3", () -> put("worded.csv", "x"),
                "dynamodb", () -> dynamodb.describeTable(b -> b.tableName("Faulty")),
                "sqs", () -> sqs.sendMessage(b -> b.queueUrl(queue).messageBody("x")),
                "sns", () -> sns.createTopic(b -> b.name("Faulty")));

        aws.faults(call -> Fault.THROTTLE);
        calls.values()
                .forEach(call ->
                        assertTrue(assertThrows(AwsServiceException.class, call).isThrottlingException()));
        assertRefused(503, "SlowDown", calls.get("s3"));
        assertThrows(ProvisionedThroughputExceededException.class, calls.get("dynamodb"));
        assertRefused(400, "RequestThrottled", calls.get("sqs"));
        assertRefused(400, "Throttling", calls.get("sns"));

        aws.faults(call -> Fault.DENIED);
        assertRefused(403, "AccessDenied", calls.get("s3"));
        assertRefused(400, "AccessDeniedException", calls.get("dynamodb"));
        assertRefused(403, "AccessDenied", calls.get("sqs"));
        assertRefused(403, "AuthorizationError", calls.get("sns"));

        aws.faults(call -> Fault.EXPIRED);
        assertRefused(400, "ExpiredToken", calls.get("s3"));
        assertRefused(400, "ExpiredTokenException", calls.get("dynamodb"));
        assertRefused(403, "ExpiredToken", calls.get("sqs"));
        assertRefused(403, "ExpiredToken", calls.get("sns"));

        aws.faults(call -> Fault.FAIL_BEFORE);
        assertRefused(503, "ServiceUnavailable", calls.get("s3"));
        assertRefused(500, "InternalServerError", calls.get("dynamodb"));
        assertRefused(503, "ServiceUnavailable", calls.get("sqs"));
        assertRefused(503, "ServiceUnavailable", calls.get("sns"));

        aws.faults(call -> Fault.DOWN);
        calls.values().forEach(call -> assertThrows(SdkClientException.class, call));
    }

    @Test
    void aClientRetriesAThrottledCallByItself() {
        var failures = new AtomicInteger();
        aws.faults(call -> failures.getAndIncrement() < 2 ? Fault.THROTTLE : Fault.NONE);
        try (var retrying = client(DynamoDbClient.builder())
                .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.standardStrategyBuilder()
                        .throttlingBackoffStrategy(
                                software.amazon.awssdk.retries.api.BackoffStrategy.retryImmediately())
                        .build()))
                .build()) {
            assertThrows(DynamoDbException.class, () -> retrying.describeTable(b -> b.tableName("NoSuchTable")));
        }
        assertEquals(3, failures.get());
    }

    @Test
    void aHangingCallEndsWhenTheClientGivesUpOrItIsReleased() throws Exception {
        aws.faults(call -> Fault.HANG);
        aws.recordCalls(true);
        assertThrows(
                ApiCallTimeoutException.class,
                () -> sns.listTopics(b -> b.overrideConfiguration(o -> o.apiCallTimeout(Duration.ofMillis(200)))));
        var pool = Executors.newSingleThreadExecutor();
        try {
            Future<?> hanging = pool.submit(() -> sns.listTopics());
            while (aws.calls().size() < 2) {
                Thread.onSpinWait();
            }
            while (!hanging.isDone()) {
                aws.releaseHanging();
                Thread.onSpinWait();
            }
            var end = assertThrows(java.util.concurrent.ExecutionException.class, hanging::get);
            assertTrue(end.getCause() instanceof SdkClientException, end.toString());
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aRequestWithoutSignatureIsDenied() throws Exception {
        URI uri = aws.endpoint().resolve("/" + BUCKET);
        var answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).GET().build(), BodyHandlers.ofString());
        assertEquals(403, answer.statusCode());
        assertTrue(answer.body().contains("<Code>AccessDenied</Code>"), answer.body());
    }
}
