package pipeline.jar;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pipeline.deploy.Manifests;
import pipeline.local.LocalAws;

/**
 * The jar as the manifests have it run: their environment, their arguments, their ConfigMaps as the mounts lay them, their
 * probes. Only where AWS is, and which port is free, is this machine's.
 */
final class DeployedJarIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Pattern PORT = Pattern.compile("http://0\\.0\\.0\\.0:(\\d+)/observe/health");

    /** The container's root. */
    @TempDir
    Path root;

    @TempDir
    Path data;

    private LocalAws aws;

    @BeforeEach
    void start() throws IOException {
        aws = LocalAws.start(data);
    }

    @AfterEach
    void stop() {
        aws.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy/kubernetes/base", "deploy/kubernetes/overlays/aws"})
    void whatKubernetesRuns(String folder) throws Exception {
        Manifests manifests = Manifests.kustomize(Path.of(folder));
        for (Map.Entry<String, JsonNode> pod : manifests.pods().entrySet()) {
            JsonNode container = Manifests.container(pod.getValue());
            for (Map.Entry<String, String> mount :
                    manifests.configMapMounts(pod.getValue()).entrySet()) {
                lay(mount.getKey(), manifests.data(mount.getValue()));
            }
            Map<String, String> environment = manifests.environment(container);
            String[] arguments = Manifests.texts(container.path("args")).toArray(String[]::new);
            if (pod.getKey().equals("CronJob")) {
                endsWithNothingLeft(environment, arguments);
            } else {
                JsonNode metrics = manifests.ofKind("ServiceMonitor").stream()
                        .map(monitor -> monitor.at("/spec/endpoints/0/path"))
                        .findFirst()
                        .orElse(container.path("none"));
                runs(
                        environment,
                        arguments,
                        container.at("/ports/0/containerPort").asText(),
                        List.of(
                                container.at("/startupProbe/httpGet/path").asText(),
                                container.at("/livenessProbe/httpGet/path").asText(),
                                container.at("/readinessProbe/httpGet/path").asText(),
                                metrics.asText("/observe/metrics")),
                        pod.getValue().at("/spec/terminationGracePeriodSeconds").asInt());
            }
        }
    }

    /** What the operator of Camel K makes of an Integration: sources under {@code /etc/camel}, variables of its own. */
    @Test
    void whatCamelKRuns() throws Exception {
        Manifests manifests = Manifests.read(Path.of("deploy", "camel-k", "integration.yaml"));
        JsonNode integration = manifests.the("Integration");
        JsonNode traits = integration.at("/spec/traits");
        Map<String, String> sources = new TreeMap<>();
        integration
                .at("/spec/sources")
                .forEach(source -> sources.put(
                        source.path("name").asText(), source.path("content").asText()));
        lay("/etc/camel/sources", sources);
        for (String mount : Manifests.texts(traits.at("/mount/resources"))) {
            String[] from = mount.replace("configmap:", "").split("@");
            lay(from[1], manifests.data(from[0]));
        }
        Map<String, String> environment = Manifests.variables(integration);
        environment.put("CAMEL_K_CONF", "/etc/camel/application.properties");
        environment.put("CAMEL_K_CONF_D", "/etc/camel/conf.d");
        environment.put("CAMEL_K_DIGEST", "vKR0ZzVZ3rQ");
        environment.put("CAMEL_K_INTEGRATION", Manifests.name(integration));
        environment.put("CAMEL_K_MOUNT_PATH_CONFIGMAPS", "/etc/camel/conf.d/_configmaps");
        environment.put("CAMEL_K_VERSION", "2.9.0");
        JsonNode health = traits.path("health");
        runs(
                environment,
                new String[0],
                traits.at("/container/port").asText(),
                List.of(
                        health.path("startupProbe").asText(),
                        health.path("livenessProbe").asText(),
                        health.path("readinessProbe").asText(),
                        Manifests.read(Path.of("deploy", "camel-k", "pod-monitor.yaml"))
                                .the("PodMonitor")
                                .at("/spec/podMetricsEndpoints/0/path")
                                .asText()),
                integration
                        .at("/spec/template/spec/terminationGracePeriodSeconds")
                        .asInt());
        assertFalse(Files.exists(root.resolve("app/routes")), "the routes are those of the Integration");
    }

    private void lay(String path, Map<String, String> files) throws IOException {
        Path folder = Files.createDirectories(root.resolve(path.substring(1)));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
    }

    /** In the image's working directory. */
    private PackagedJar jar(Map<String, String> environment) throws IOException {
        PackagedJar jar = new PackagedJar(Files.createDirectories(root.resolve("app")), aws.endpoint(), List.of());
        jar.set("PIPELINE_HTTP_ENABLED", "true");
        environment.forEach((name, value) -> jar.set(name, value.startsWith("/") ? root + value : value));
        jar.set("PIPELINE_HTTP_PORT", "0");
        return jar;
    }

    private static String port(Map<String, String> environment) throws IOException {
        try (InputStream in = DeployedJarIT.class.getResourceAsStream("/pipeline/defaults.properties")) {
            Properties defaults = new Properties();
            defaults.load(in);
            return environment.getOrDefault("PIPELINE_HTTP_PORT", defaults.getProperty("pipeline.http-port"));
        }
    }

    private void runs(
            Map<String, String> environment,
            String[] arguments,
            String containerPort,
            List<String> paths,
            int secondsToStop)
            throws Exception {
        assertEquals(port(environment), containerPort, "the port that the container names, and the one that is served");
        try (PackagedJar jar = jar(environment);
                Cloud cloud =
                        new Cloud(aws.endpoint(), environment.getOrDefault("PIPELINE_BUCKET", UserStory.BUCKET))) {
            Cloud.provision(aws.endpoint(), environment);
            cloud.drop("orders.csv", Path.of("sample-data", "orders.csv"));
            Set<Path> laid = files();

            PackagedJar.Run run = jar.start(arguments);
            PackagedJar.awaitSaid(run, "/observe/health");
            Matcher greeting = PORT.matcher(run.said());
            assertTrue(greeting.find(), run::said);
            for (String path : paths) {
                URI uri = URI.create("http://127.0.0.1:" + greeting.group(1) + path);
                await(path).atMost(PackagedJar.PATIENCE).until(() -> status(uri) == 200);
            }
            await().atMost(PackagedJar.PATIENCE)
                    .until(() -> cloud.keys("raw-data/").isEmpty());
            assertTrue(cloud.keys("processed-data/").contains("processed-data/orders.csv"), run::said);

            PackagedJar.Ended ended = run.terminate(Duration.ofSeconds(secondsToStop));
            assertEquals(0, ended.status(), ended::said);
            assertEquals(laid, files(), "a root file system that is read-only");
            assertNoVariableIsIgnored(ended);
        }
    }

    /** What is in the container, but for what the tests keep of the output. */
    private Set<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> !file.toString().endsWith(".log"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private void endsWithNothingLeft(Map<String, String> environment, String[] arguments) throws IOException {
        try (PackagedJar jar = jar(environment);
                Cloud cloud =
                        new Cloud(aws.endpoint(), environment.getOrDefault("PIPELINE_BUCKET", UserStory.BUCKET))) {
            Cloud.provision(aws.endpoint(), environment);
            cloud.drop("without-event.csv", Path.of("sample-data", "orders.csv"));

            PackagedJar.Ended once = jar.run(arguments);

            assertEquals(0, once.status(), once::said);
            assertTrue(cloud.keys("processed-data/").contains("processed-data/without-event.csv"), once::said);
            assertNoVariableIsIgnored(once);
        }
    }

    private static void assertNoVariableIsIgnored(PackagedJar.Ended ended) {
        assertFalse(ended.said().contains("is not a setting"), ended::said);
        UserStory.noStackTrace(ended);
    }

    private static int status(URI uri) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
