package pipeline.jar;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pipeline.local.Fault;
import pipeline.local.LocalAws;

/** The jar as a user starts it: a process, a working directory with {@code routes/} and {@code config/}, an endpoint. */
final class PackagedJarIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path data;

    @TempDir
    Path folder;

    private LocalAws aws;
    private PackagedJar jar;
    private Cloud cloud;

    @BeforeEach
    void start() throws IOException {
        aws = LocalAws.start(data);
        jar = new PackagedJar(folder, aws.endpoint());
        cloud = new Cloud(aws.endpoint(), UserStory.BUCKET);
    }

    @AfterEach
    void stop() {
        jar.close();
        cloud.close();
        aws.close();
    }

    private static void assertRefused(PackagedJar.Ended ended, String sentence) {
        assertEquals(2, ended.status(), ended::said);
        assertEquals(sentence, ended.err().strip(), ended::said);
        UserStory.noStackTrace(ended);
    }

    @Test
    void samplesAreStoredReturnedOrPutAsideOnce() throws IOException {
        UserStory.provision(jar);
        UserStory.samples(jar, cloud);
        assertFalse(aws.published().isEmpty());
    }

    @Test
    void aKilledProcessLeavesNothingBehindThatANewOneDoesNotMend() throws IOException {
        int rows = 20_000;
        Cloud.provision(aws.endpoint());
        var mended = UserStory.killedAndStartedAgain(jar, cloud, rows);

        try (LocalAws quietAws = LocalAws.start(data.resolve("quiet"));
                PackagedJar quiet =
                        new PackagedJar(Files.createDirectories(folder.resolve("quiet")), quietAws.endpoint());
                Cloud quietCloud = new Cloud(quietAws.endpoint(), UserStory.BUCKET)) {
            Cloud.provision(quietAws.endpoint());
            quietCloud.drop("large.csv", UserStory.large(rows));
            PackagedJar.Ended once = quiet.run("once");
            assertEquals(0, once.status(), once::said);
            assertEquals(rows, mended.size());
            assertEquals(UserStory.items(quietCloud), mended);
        }
    }

    @Test
    void aRunningPipelineTakesWhatIsDroppedAndStopsWhenTold() throws Exception {
        jar.set("PIPELINE_HTTP_ENABLED", "true").set("PIPELINE_HTTP_PORT", "0").set("PIPELINE_POLL_EVERY_SECONDS", "1");
        Cloud.provision(aws.endpoint());
        PackagedJar.Run run = jar.start("run");
        PackagedJar.awaitSaid(run, "watching s3://" + UserStory.BUCKET + "/raw-data/");
        Matcher greeting = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/").matcher(run.said());
        assertTrue(greeting.find(), run::said);
        int port = Integer.parseInt(greeting.group(1));

        assertEquals(200, get(port, "/observe/health/live").statusCode());
        await().atMost(PackagedJar.PATIENCE)
                .until(() -> get(port, "/observe/health/ready").statusCode() == 200);

        cloud.drop("orders-some-bad.csv", Path.of("sample-data", "orders-some-bad.csv"));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !cloud.keys("processed-data/").isEmpty());
        await().atMost(Duration.ofSeconds(10))
                .until(() -> cloud.keys("raw-data/").isEmpty());

        String metrics = get(port, "/observe/metrics").body();
        assertTrue(
                metrics.contains("pipeline_files_total{dataset=\"orders\",outcome=\"completed\"} 1.0"), () -> metrics);
        assertEquals(
                Metric.documented(Path.of("docs", "operations.md")),
                Metric.exposed(metrics),
                "the table under Metrics, and what is at /observe/metrics");
        assertOnlyOnLoopback(port);

        PackagedJar.Ended ended = run.terminate(Duration.ofSeconds(10));
        assertEquals(0, ended.status(), ended::said);
        UserStory.noStackTrace(ended);
    }

    @Test
    void toldToStopInTheMiddleOfAFileItSaysHowFarItGotAndTheNextProcessGoesOnFromThere() throws Exception {
        int rows = 6_000;
        Cloud.provision(aws.endpoint());
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        AtomicInteger batches = new AtomicInteger();
        AtomicInteger written = new AtomicInteger();
        aws.faults(call -> {
            if (call.operation().equals("dynamodb:BatchWriteItem")) {
                written.addAndGet(call.detail().split("\"PutRequest\"", -1).length - 1);
                if (batches.incrementAndGet() == 40) {
                    inTheMiddle.countDown();
                    awaitUninterrupted(told);
                }
            }
            return Fault.NONE;
        });
        cloud.drop("large.csv", UserStory.large(rows));
        PackagedJar.Run run = jar.start("run");
        assertTrue(inTheMiddle.await(PackagedJar.PATIENCE.toSeconds(), TimeUnit.SECONDS), run::said);

        run.tellToStop();
        told.countDown();
        PackagedJar.Ended ended = run.end(Duration.ofSeconds(10));

        assertEquals(0, ended.status(), ended::said);
        UserStory.noStackTrace(ended);
        var handedBack = UserStory.entry(cloud, "large.csv");
        assertEquals(
                List.of("waiting", "0"),
                List.of(handedBack.get("status").s(), handedBack.get("attempts").n()));
        assertFalse(handedBack.containsKey("not_before"), "it may be taken at once");
        int stored = Integer.parseInt(handedBack.get("stored_through").n());
        assertTrue(0 < stored && stored < rows, () -> "the resume point: " + stored);
        int before = written.getAndSet(0);

        PackagedJar.Ended once = jar.run("once");

        assertEquals(0, once.status(), once::said);
        assertEquals(rows - stored, written.get(), "rows written by the next process");
        int twice = before - stored;
        assertTrue(0 <= twice && twice <= 500, () -> twice + " rows were written beyond the resume point");
        var completed = UserStory.entry(cloud, "large.csv");
        assertEquals(
                List.of("completed", "1", Integer.toString(rows)),
                List.of(
                        completed.get("status").s(),
                        completed.get("attempts").n(),
                        completed.get("rows_stored").n()));
        assertEquals(rows, cloud.count("ProcessedOrders"));
        assertEquals(List.of(), cloud.keys("raw-data/"));
    }

    @Test
    void toldToStopWhileItWaitsForAwsItEndsAtOnceAndWell() throws Exception {
        Cloud.provision(aws.endpoint());
        aws.faults(call -> Fault.DOWN);
        PackagedJar.Run run = jar.start("run");
        PackagedJar.awaitSaid(run, "waiting for AWS");

        PackagedJar.Ended ended = run.terminate(Duration.ofSeconds(10));
        assertEquals(0, ended.status(), ended::said);
        UserStory.noStackTrace(ended);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void assertOnlyOnLoopback(int port) throws IOException {
        for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
            for (InetAddress address : network.inetAddresses().toList()) {
                if (!address.isLoopbackAddress() && address instanceof Inet4Address) {
                    assertThrows(
                            IOException.class,
                            () -> {
                                try (Socket socket = new Socket()) {
                                    socket.connect(new InetSocketAddress(address, port), 2_000);
                                }
                            },
                            () -> "the port answers at " + address);
                }
            }
        }
    }

    @Test
    void aTakenPortWarnsAndTheRunGoesOn() throws Exception {
        Cloud.provision(aws.endpoint());
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            jar.set("PIPELINE_HTTP_ENABLED", "true")
                    .set("PIPELINE_HTTP_PORT", Integer.toString(taken.getLocalPort()))
                    .set("PIPELINE_POLL_EVERY_SECONDS", "1");
            PackagedJar.Run run = jar.start();
            PackagedJar.awaitSaid(run, "pipeline.http-port: found 127.0.0.1:" + taken.getLocalPort());
            cloud.drop("orders.csv", Path.of("sample-data", "orders.csv"));
            await().atMost(PackagedJar.PATIENCE)
                    .until(() -> !cloud.keys("processed-data/").isEmpty());
            PackagedJar.Ended ended = run.terminate(Duration.ofSeconds(10));
            assertEquals(0, ended.status(), ended::said);
            UserStory.noStackTrace(ended);
        }
    }

    @Test
    void itSaysWhatItIsAndHowItIsUsed() {
        PackagedJar.Ended version = jar.run("--version");
        assertEquals(0, version.status(), version::said);
        assertTrue(version.out().matches("camel-data-pipeline \\d+\\.\\d+\\.\\d+\\S*\\R"), version::said);

        PackagedJar.Ended help = jar.run("--help");
        assertEquals(0, help.status(), help::said);
        for (String verb : List.of("run", "once", "check", "provision", "failures")) {
            assertTrue(help.out().lines().anyMatch(line -> line.strip().startsWith(verb)), help::said);
        }

        PackagedJar.Ended unknown = jar.run("onze");
        assertEquals(2, unknown.status(), unknown::said);
        assertTrue(unknown.err().contains("onze"), unknown::said);
        UserStory.noStackTrace(unknown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "once"})
    void whatIsMissingIsNamed(String verb) {
        assertRefused(
                jar.run(verb),
                "pipeline.bucket: found no bucket camel-data-pipeline, expected it to exist; create it, or in a test account run the verb provision");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run|setBody:|setBodyy:|routes/give-up.camel.yaml line 27: found 'setBodyy', expected a step that Camel knows; did you mean setBody?",
                "once|ref: attempts|ref: attemps|routes/give-up.camel.yaml line 19: found 'attemps', expected the name of a bean; did you mean attempts?"
            })
    void aBrokenRouteIsPointedAt(String verb, String whole, String broken, String sentence) throws IOException {
        Cloud.provision(aws.endpoint());
        jar.edit("routes/give-up.camel.yaml", whole, broken);
        assertRefused(jar.run(verb), sentence);
    }

    @Test
    void anUnknownSettingIsPointedAt() throws IOException {
        jar.edit("config/application.properties", "pipeline.bucket=", "pipeline.poll-every-second=1\npipeline.bucket=");
        assertRefused(
                jar.run("once"),
                "config/application.properties: found the setting pipeline.poll-every-second, expected a known one; did you mean pipeline.poll-every-seconds?");
    }

    @Test
    void theWrongDirectoryIsNoticed() throws IOException {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        PackagedJar.Ended ended = jar.runIn(elsewhere, "once");
        assertEquals(2, ended.status(), ended::said);
        assertEquals(1, ended.err().lines().count(), ended::said);
        UserStory.noStackTrace(ended);
    }
}
