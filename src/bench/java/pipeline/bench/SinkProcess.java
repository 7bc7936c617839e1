package pipeline.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link Sink} in a process of its own, and what it is told to do. */
final class SinkProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final String endpoint;

    SinkProcess() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sink.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        endpoint = "http://127.0.0.1:" + out.readLine();
    }

    String endpoint() {
        return endpoint;
    }

    /** Forgets everything, and from now on takes a scenario's time for each answer. */
    void reset(Scenario scenario) throws IOException, InterruptedException {
        ask("POST", "/-/reset?latency=%d&units=%d".formatted(scenario.latencyMillis(), scenario.units()));
    }

    /** Lays files under {@code raw-data/}. */
    void place(List<Path> files) throws IOException, InterruptedException {
        for (Path file : files) {
            ask("PUT", "/-/objects/raw-data/" + file.getFileName() + "?file=" + file);
        }
    }

    JsonNode ask(String method, String what) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create(endpoint + what))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(response.body());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
