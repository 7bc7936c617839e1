package pipeline.jar;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A Prometheus of its own process, which reads the alarms as they are shipped, in a time of its own. */
final class Prometheus implements AutoCloseable {
    /**
     * How long a minute lasts for the alarms. Every duration in the rules is shortened alike: how long an alarm is due before
     * it fires ({@code for: 5m}), how far it looks back ({@code [15m]}, {@code [1h]}), and thresholds in time, which are
     * written as {@code 15 * 60} seconds. Nothing else of them is changed.
     */
    static final Duration MINUTE = Duration.ofMillis(200);

    /** But for the half hour in which restarts are counted: a process takes its time to start, however short a minute is. */
    private static final Duration RESTARTS = Duration.ofSeconds(60);

    /** And for a day, which would take as long as everything else together. */
    private static final Duration DAY = Duration.ofSeconds(20);

    private static final Duration EVERY = Duration.ofMillis(500);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Pattern FOR = Pattern.compile("(?<=for: )(\\d+)m\\b");
    private static final Pattern RANGE = Pattern.compile("(?<=\\[)(\\d+)([mhd])(?=\\])");

    private final Path folder;
    private final int port;
    private final Process process;

    /** @param folder an empty folder */
    Prometheus(Path folder) throws IOException {
        this.folder = folder;
        port = freePort();
        Files.writeString(folder.resolve("rules.yaml"), shortened(Files.readString(AlarmRules.FILE)));
        watch(List.of());
        Files.writeString(folder.resolve("prometheus.yaml"), """
                global: {scrape_interval: %1$dms, scrape_timeout: %1$dms, evaluation_interval: %1$dms}
                rule_files: [rules.yaml]
                scrape_configs:
                  - job_name: camel-data-pipeline
                    metrics_path: /observe/metrics
                    file_sd_configs: [{files: [targets.json], refresh_interval: 1s}]
                """.formatted(EVERY.toMillis()));
        process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + folder.resolve("prometheus.yaml"),
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--log.level=warn")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String shortened(String rules) {
        String due = FOR.matcher(rules).replaceAll(found -> millis(found, 1) + "ms");
        String restarts = due.replace("[30m]", "[%dms]".formatted(RESTARTS.toMillis()));
        return RANGE.matcher(restarts)
                .replaceAll(found -> switch (found.group(2)) {
                    case "d" -> Long.parseLong(found.group(1)) * DAY.toMillis() + "ms";
                    case "h" -> millis(found, 60) + "ms";
                    default -> millis(found, 1) + "ms";
                })
                .replace(" * 60\n", " * " + MINUTE.toMillis() / 1_000.0 + "\n");
    }

    private static long millis(MatchResult found, int minutes) {
        return Long.parseLong(found.group(1)) * minutes * MINUTE.toMillis();
    }

    /** Scrapes the processes that show their metrics at these ports of this machine, and no others. */
    void watch(List<Integer> ports) throws IOException {
        String targets = ports.stream().map(at -> "\"127.0.0.1:" + at + "\"").collect(Collectors.joining(", "));
        Path written = Files.writeString(folder.resolve("targets.new"), "[{\"targets\": [" + targets + "]}]");
        Files.move(written, folder.resolve("targets.json"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** The alarms that are firing now, with their summaries. */
    Map<String, String> firing() {
        Map<String, String> firing = new TreeMap<>();
        for (JsonNode alert : get("alerts").path("data").path("alerts")) {
            if (alert.path("state").asText().equals("firing")) {
                firing.put(
                        alert.path("labels").path("alertname").asText(),
                        alert.path("annotations").path("summary").asText());
            }
        }
        return firing;
    }

    /** What an expression gives now, a sample each. */
    JsonNode query(String expression) {
        JsonNode answer = get("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        assertEquals("success", answer.path("status").asText(), () -> expression + ": " + answer);
        return answer.path("data").path("result");
    }

    private JsonNode get(String what) {
        try {
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + what))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Waits until it answers. */
    void awaitReady() {
        await("Prometheus")
                .atMost(PackagedJar.PATIENCE)
                .ignoreException(UncheckedIOException.class)
                .until(() -> {
                    assertTrue(process.isAlive(), () -> "it has ended: " + said());
                    return query("vector(1)").size() == 1;
                });
    }

    private String said() {
        try {
            return Files.readString(folder.resolve("prometheus.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
