package pipeline.jar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pipeline.local.Call;
import pipeline.local.LocalAws;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

/**
 * The zip as AWS Lambda runs it: unpacked, its root the working directory, by Lambda's own runtime interface client, with
 * nothing of this project on the class path that is not in the zip. Lambda itself and the event source are played here.
 */
final class LambdaIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ZIP = Path.of("target", "camel-data-pipeline-lambda.zip");
    private static final Duration LONG = Duration.ofMinutes(15);
    private static final Duration LEASE = Duration.ofSeconds(6);
    private static final int MANY = 30_000;
    private static final String NONE = "{\"batchItemFailures\":[]}";

    @TempDir
    Path root;

    @TempDir
    Path data;

    @TempDir
    Path logs;

    private LocalAws aws;
    private Cloud cloud;
    private RuntimeApi lambda;
    private Process function;

    @BeforeEach
    void start() throws IOException {
        aws = LocalAws.start(data);
        cloud = new Cloud(aws.endpoint(), "camel-data-pipeline");
        lambda = RuntimeApi.start();
        unpack();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (function != null) {
            function.destroyForcibly().waitFor();
        }
        lambda.close();
        cloud.close();
        aws.close();
    }

    private void unpack() throws IOException {
        try (InputStream in = Files.newInputStream(ZIP);
                ZipInputStream entries = new ZipInputStream(in)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path file = root.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(entries, file);
                }
            }
        }
    }

    /** With the flags of the managed runtime, and its memory for a heap where the function has 2 GB. */
    private void startFunction() throws IOException, URISyntaxException {
        String runtime = Stream.of(AWSLambda.class, Context.class, PojoSerializer.class, SdkInternalThreadLocal.class)
                .map(LambdaIT::jarOf)
                .collect(Collectors.joining(File.pathSeparator));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1700m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        runtime,
                        AWSLambda.class.getName(),
                        "pipeline.lambda.Handler")
                .directory(root.toFile())
                .redirectOutput(logs.resolve("out.log").toFile())
                .redirectError(logs.resolve("err.log").toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(AWS|PIPELINE|CAMEL|OTEL)_.*|JAVA_TOOL_OPTIONS"));
        builder.environment()
                .putAll(Map.of(
                        "AWS_LAMBDA_RUNTIME_API", lambda.address(),
                        "AWS_LAMBDA_FUNCTION_NAME", "pipeline",
                        "AWS_LAMBDA_FUNCTION_VERSION", "1",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "2048",
                        "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand",
                        "LAMBDA_TASK_ROOT", root.toString()));
        builder.environment()
                .putAll(Map.of(
                        "AWS_ENDPOINT_URL", aws.endpoint().toString(),
                        "AWS_REGION", "us-east-1",
                        "AWS_ACCESS_KEY_ID", PackagedJar.CALLER,
                        "AWS_SECRET_ACCESS_KEY", "test",
                        "PIPELINE_LEASE_SECONDS", Long.toString(LEASE.toSeconds()),
                        "PIPELINE_INTAKE", "events",
                        "PIPELINE_CLOUDWATCH", "emf"));
        function = builder.start();
    }

    private static String jarOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private String log() throws IOException {
        return Files.readString(logs.resolve("out.log")) + Files.readString(logs.resolve("err.log"));
    }

    private void drop(String file, String text) {
        cloud.drop(file, text);
        cloud.send(Cloud.QUEUE, """
                {"Records":[{"eventName":"ObjectCreated:Put",
                 "s3":{"bucket":{"name":"camel-data-pipeline"},"object":{"key":"raw-data/%s"}}}]}""".formatted(file));
    }

    /** As an event source does: takes what is in sight, and deletes what the answer does not name. */
    private String deliver(Duration time) throws InterruptedException, IOException {
        List<Message> messages = cloud.receive(Cloud.QUEUE);
        ObjectNode event = JSON.createObjectNode();
        ArrayNode records = event.putArray("Records");
        messages.forEach(message -> records.addObject()
                .put("messageId", message.messageId())
                .put("receiptHandle", message.receiptHandle())
                .put("body", message.body())
                .put("eventSource", "aws:sqs"));
        RuntimeApi.Said answer = lambda.invoke(event.toString(), time);
        assertEquals("response", answer.path(), answer::body);
        Set<String> failed = new TreeSet<>();
        JSON.readTree(answer.body())
                .path("batchItemFailures")
                .forEach(one -> failed.add(one.path("itemIdentifier").asText()));
        messages.stream()
                .filter(message -> !failed.contains(message.messageId()))
                .forEach(message -> cloud.delete(Cloud.QUEUE, message));
        assertEquals(
                messages.stream()
                        .map(Message::messageId)
                        .filter(failed::contains)
                        .count(),
                failed.size());
        return answer.body();
    }

    private static String orders(int rows) {
        return "order_id,customer_name,product_name,quantity,unit_price\n"
                + IntStream.rangeClosed(1, rows)
                        .mapToObj("A%06d,Nora Vance,Wireless mouse,1,29.99\n"::formatted)
                        .collect(Collectors.joining());
    }

    @Test
    void takesMessagesAndSweepsAndGoesOnWhereItsTimeHadRunOut() throws Exception {
        Cloud.provision(aws.endpoint());
        Set<String> packed = files();
        long began = System.nanoTime();
        startFunction();
        lambda.awaitReady(PackagedJar.PATIENCE);
        long ready = System.nanoTime();
        double readyCpu = cpuSeconds();

        drop("first.csv", Files.readString(Path.of("sample-data", "orders-some-bad.csv")));
        long dropped = System.nanoTime();
        assertEquals(NONE, deliver(LONG));
        long first = System.nanoTime();
        double firstCpu = cpuSeconds();
        drop("second.csv", Files.readString(Path.of("sample-data", "sales-transactions.csv")));
        long droppedAgain = System.nanoTime();
        assertEquals(NONE, deliver(LONG));
        long second = System.nanoTime();
        System.out.printf(
                "AWS Lambda: ready after %.1f s (%.1f CPU-s), first invocation %.2f s (%.1f CPU-s), second %.2f s, %d MB resident%n",
                (ready - began) / 1e9,
                readyCpu,
                (first - dropped) / 1e9,
                firstCpu - readyCpu,
                (second - droppedAgain) / 1e9,
                residentMegabytes());
        assertEquals(List.of("completed", "7", "3"), outcome("first.csv"));
        assertEquals(List.of("completed", "20", "0"), outcome("second.csv"));
        assertTrue(log().contains("\"Namespace\":\"camel-data-pipeline\""), log());

        drop("large.csv", orders(MANY));
        int invocations = 1;
        while (!deliver(LEASE.plusSeconds(3)).equals(NONE)) {
            invocations++;
            assertTrue(invocations < 100, "it gets no further");
        }
        assertTrue(invocations > 1, "it had time enough");
        System.out.printf("AWS Lambda: %,d rows in %d invocations of 3 s%n", MANY, invocations);
        assertEquals(List.of("completed", Integer.toString(MANY), "0"), outcome("large.csv"));
        Map<String, AttributeValue> entry = cloud.entries("large.csv").get(0);
        assertEquals("1", entry.get("attempts").n());
        assertEquals(7 + MANY, cloud.count("ProcessedOrders"));

        cloud.drop("unannounced.csv", orders(2));
        assertEquals(
                "{\"left\":false}", lambda.invoke("{\"sweep\": true}", LONG).body());
        assertEquals(List.of("completed", "2", "0"), outcome("unannounced.csv"));

        assertEquals(
                "{dynamodb:Query=5, s3:ListObjects=1, s3:ListObjectsV2=1, sqs:GetQueueAttributes=2}",
                callsOfAnIdleSweep());

        RuntimeApi.Said refusal = lambda.invoke("{}", LONG);
        assertEquals("error", refusal.path());
        assertEquals(
                "found an event of another kind, expected messages of SQS or {\"sweep\": true}",
                JSON.readTree(refusal.body()).path("errorMessage").asText());
        assertEquals(List.of(), cloud.keys("raw-data/"));
        assertEquals(List.of(), cloud.take(Cloud.QUEUE));
        assertEquals(packed, files(), "Lambda has the root of the zip read-only");
    }

    /** What waiting costs (docs/costs.md). */
    private String callsOfAnIdleSweep() throws InterruptedException {
        aws.recordCalls(true);
        long began = System.nanoTime();
        assertEquals(
                "{\"left\":false}", lambda.invoke("{\"sweep\": true}", LONG).body());
        System.out.printf("AWS Lambda: an idle sweep %.2f s%n", (System.nanoTime() - began) / 1e9);
        Map<String, Long> calls = aws.calls().stream()
                .collect(Collectors.groupingBy(Call::operation, TreeMap::new, Collectors.counting()));
        aws.recordCalls(false);
        return calls.toString();
    }

    /** Lambda keeps on starting it until that has changed. */
    @Test
    void saysWhatIsMissingBeforeTheFirstEvent() throws Exception {
        startFunction();

        RuntimeApi.Said said = lambda.awaitSaid(PackagedJar.PATIENCE);

        JsonNode error = JSON.readTree(said.body());
        assertEquals("init/error", said.path(), said::body);
        assertTrue(
                said.body().contains("pipeline.bucket: found no bucket camel-data-pipeline"), () -> error.toString());
    }

    private List<String> outcome(String file) {
        Map<String, AttributeValue> entry = cloud.entries(file).get(0);
        return List.of(
                entry.get("status").s(),
                entry.get("rows_stored").n(),
                entry.get("rows_rejected").n());
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.map(Path::toString).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private double cpuSeconds() {
        return function.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
    }

    private long residentMegabytes() throws IOException {
        Path status = Path.of("/proc", Long.toString(function.pid()), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }
}
