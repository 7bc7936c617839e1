package pipeline.jar;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import pipeline.deploy.Roles;
import pipeline.local.LocalAws;

/** The container image that the build has made, started here as an engine would: as nobody, and with nothing to write to. */
@EnabledIfSystemProperty(named = "image.tar", matches = ".+", disabledReason = "no image is made; it takes util-linux")
final class ImageIT {
    private static final List<String> PROBE = List.of(
            "java",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx16m",
            "-cp",
            "/app/camel-data-pipeline.jar",
            "pipeline.http.LiveProbe");

    @TempDir
    Path folder;

    private Image image;

    @BeforeEach
    void unpack() throws Exception {
        image = new Image(Path.of(System.getProperty("image.tar")), folder);
    }

    @AfterEach
    void letTheFolderBeDeleted() throws Exception {
        new ProcessBuilder("chmod", "-R", "u+w", folder.toString()).start().waitFor();
    }

    @Test
    void itHoldsTheJarOfThisBuildRoutesAndConfigurationAndNoShell() throws Exception {
        Path app = image.root().resolve("app");
        assertEquals(
                -1,
                Files.mismatch(Path.of("target", "camel-data-pipeline.jar"), app.resolve("camel-data-pipeline.jar")));
        for (String part : List.of("routes", "config")) {
            try (Stream<Path> files = Files.walk(Path.of(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertEquals(-1, Files.mismatch(file, app.resolve(file.toString())), file::toString);
                }
            }
        }
        try (Stream<Path> files = Files.walk(image.root())) {
            assertEquals(
                    List.of(),
                    files.filter(file -> List.of("sh", "bash", "busybox", "left-out")
                                    .contains(file.getFileName().toString()))
                            .toList());
        }
        assertEquals("10001:10001", image.configuration().path("User").asText());
        assertEquals("/app", image.configuration().path("WorkingDir").asText());
        assertTrue(image.configuration().path("ExposedPorts").has("8080/tcp"));
        assertEquals(
                "Apache-2.0",
                image.configuration()
                        .path("Labels")
                        .path("org.opencontainers.image.licenses")
                        .asText());
    }

    @Test
    void theDockerfileMakesTheSame() throws IOException {
        String dockerfile = Files.readString(Path.of("deploy", "container", "Dockerfile"));
        image.configuration()
                .path("Env")
                .forEach(variable -> assertTrue(dockerfile.contains(variable.asText()), variable::asText));
        for (String line : List.of(
                "USER " + image.configuration().path("User").asText(),
                "WORKDIR " + image.configuration().path("WorkingDir").asText(),
                "EXPOSE 8080",
                "ENTRYPOINT " + words(image.entrypoint()),
                "    CMD " + words(PROBE))) {
            assertTrue(dockerfile.lines().anyMatch(line::equals), line);
        }
        image.configuration().path("Labels").properties().forEach(label -> {
            boolean version = label.getKey().endsWith(".version");
            String said = label.getKey() + "=\""
                    + (version ? "${VERSION}" : label.getValue().asText()) + "\"";
            assertTrue(dockerfile.contains(said), said);
        });
    }

    private static String words(List<String> command) {
        return command.stream().collect(Collectors.joining("\", \"", "[\"", "\"]"));
    }

    @Test
    void aFileGoesThroughAsNobodyOnAReadOnlyRoot() throws Exception {
        assumeTrue(mayMount(), "root is missing, or mounts are forbidden here");
        try (LocalAws aws = LocalAws.start(Files.createDirectory(folder.resolve("aws")));
                Cloud cloud = new Cloud(aws.endpoint(), UserStory.BUCKET)) {
            Cloud.provision(aws.endpoint());
            int port = freePort();
            Map<String, String> environment = new TreeMap<>(Map.of(
                    "AWS_ENDPOINT_URL", aws.endpoint().toString(),
                    "AWS_REGION", "us-east-1",
                    "AWS_ACCESS_KEY_ID", "test",
                    "AWS_SECRET_ACCESS_KEY", "test",
                    "PIPELINE_HTTP_PORT", Integer.toString(port),
                    "PIPELINE_POLL_EVERY_SECONDS", "1"));
            Path said = folder.resolve("said.log");
            assertEquals(1, probe(environment), "nothing runs, and the probe says that it lives");
            Process container = image.start(environment, said.toFile(), image.entrypoint());
            try {
                for (String health : List.of("live", "ready")) {
                    await(health)
                            .atMost(PackagedJar.PATIENCE)
                            .ignoreExceptions()
                            .until(() -> {
                                assertTrue(container.isAlive(), () -> "it has ended: " + read(said));
                                return status(port, "/observe/health/" + health) == 200;
                            });
                }
                assertEquals(0, probe(environment), () -> read(folder.resolve("probe.log")));
                assertEquals(404, status(port, "/"), "the page is open to the network without a secret");

                cloud.drop("orders.csv", Path.of("sample-data", "orders.csv"));
                await("the file to be processed").atMost(PackagedJar.PATIENCE).untilAsserted(() -> {
                    assertEquals(List.of("processed-data/orders.csv"), cloud.keys("processed-data/"), () -> read(said));
                    assertEquals(List.of(), cloud.keys("raw-data/"), () -> read(said));
                });
                assertEquals(12, cloud.count("ProcessedOrders"));
                assertEquals(
                        "completed",
                        UserStory.entry(cloud, "orders.csv").get("status").s());

                ProcessHandle java = container
                        .descendants()
                        .filter(process -> process.info().command().orElse("").endsWith("/java"))
                        .findFirst()
                        .orElseThrow();
                assertMayDoNothing(Path.of("/proc", Long.toString(java.pid())));

                java.destroy();
                assertTrue(container.waitFor(10, TimeUnit.SECONDS), () -> "it goes on: " + read(said));
                assertEquals(0, container.exitValue(), () -> read(said));
            } finally {
                container.destroyForcibly().waitFor();
            }
        }
    }

    /** A task of the stack has no place to write to at all. */
    @Test
    void theHourlyTaskOfTheStackWorksOffAFileWithTheStacksEnvironment() throws Exception {
        assumeTrue(mayMount(), "root is missing, or mounts are forbidden here");
        try (LocalAws aws = LocalAws.start(Files.createDirectory(folder.resolve("aws")));
                Cloud cloud = new Cloud(aws.endpoint(), UserStory.BUCKET)) {
            Cloud.provision(aws.endpoint());
            cloud.drop("orders.csv", Path.of("sample-data", "orders.csv"));
            Map<String, String> environment = new TreeMap<>(Roles.taskEnvironment());
            environment.putAll(Map.of(
                    "AWS_ENDPOINT_URL", aws.endpoint().toString(),
                    "AWS_REGION", "us-east-1",
                    "AWS_ACCESS_KEY_ID", "test",
                    "AWS_SECRET_ACCESS_KEY", "test"));
            Path said = folder.resolve("said.log");
            List<String> command = new ArrayList<>(image.entrypoint());
            command.add("once");
            Process container = image.startReadOnly(environment, said.toFile(), command);
            assertTrue(container.waitFor(PackagedJar.PATIENCE.toSeconds(), TimeUnit.SECONDS), () -> read(said));
            assertEquals(0, container.exitValue(), () -> read(said));
            assertEquals(12, cloud.count("ProcessedOrders"));
            assertTrue(read(said).contains("\"FilesCompleted\":1.0"), () -> read(said));
        }
    }

    private static void assertMayDoNothing(Path process) throws IOException {
        List<String> status = Files.readAllLines(process.resolve("status"));
        assertTrue(status.contains("Uid:\t10001\t10001\t10001\t10001"), status::toString);
        assertTrue(status.contains("Gid:\t10001\t10001\t10001\t10001"), status::toString);
        assertTrue(status.contains("CapEff:\t0000000000000000"), status::toString);
        // Not even root of this machine may write there.
        for (String place : List.of("app", "app/config", "app/routes", "opt")) {
            FileSystemException refused = assertThrows(
                    FileSystemException.class,
                    () -> Files.writeString(
                            process.resolve("root").resolve(place).resolve("written"), "x"));
            assertTrue(refused.getMessage().contains("Read-only file system"), refused::toString);
        }
    }

    private int probe(Map<String, String> environment) throws Exception {
        Path said = folder.resolve("probe.log");
        Process probe = image.start(environment, said.toFile(), PROBE);
        assertTrue(probe.waitFor(60, TimeUnit.SECONDS));
        assertTrue(read(said).contains("/observe/health/live: "), () -> read(said));
        assertFalse(read(said).contains("Exception in thread"), () -> read(said));
        return probe.exitValue();
    }

    private static boolean mayMount() throws IOException, InterruptedException {
        return new ProcessBuilder("unshare", "--mount", "--pid", "--fork", "sh", "-c", "mount -t tmpfs tmpfs /tmp")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static int status(int port, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
