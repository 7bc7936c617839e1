package pipeline.jar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pipeline.local.Collector;
import pipeline.local.LocalAws;

/** The jar told by OpenTelemetry's own variables where traces go. */
final class TracesIT {
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
        jar = new PackagedJar(folder, aws.endpoint()).set("PIPELINE_TRACES", "otlp");
        cloud = new Cloud(aws.endpoint(), UserStory.BUCKET);
        Cloud.provision(aws.endpoint());
        cloud.drop("orders.csv", Path.of("sample-data", "orders.csv"));
    }

    @AfterEach
    void stop() {
        jar.close();
        cloud.close();
        aws.close();
    }

    private PackagedJar.Ended once(URI endpoint) {
        return jar.set("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.toString()).run("once");
    }

    @Test
    void allOfAFilesTraceIsSentBeforeTheProcessEnds() throws IOException {
        try (Collector collector = Collector.start()) {
            jar.set("OTEL_SERVICE_NAME", "orders-of-the-north").set("OTEL_METRICS_EXPORTER", "otlp");
            PackagedJar.Ended ended = once(collector.endpoint());

            assertEquals(0, ended.status(), ended::said);
            assertEquals("", ended.err(), ended::said);
            assertEquals(List.of("orders-of-the-north"), collector.services());
            assertEquals(
                    List.of("process-file orders.csv completed"),
                    collector.spans().stream()
                            .filter(span -> span.parent().isEmpty())
                            .map(span -> String.join(
                                    " ",
                                    span.name(),
                                    span.attributes().get("pipeline.file"),
                                    span.attributes().get("pipeline.outcome")))
                            .toList());
        }
    }

    @Test
    void aCollectorThatIsNotThereCostsOneLine() throws IOException {
        URI nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + free.getLocalPort());
        }
        PackagedJar.Ended ended = once(nobody);

        assertEquals(0, ended.status(), ended::said);
        assertEquals("", ended.err(), ended::said);
        assertEquals(
                List.of(
                        "INFO orders.csv completed: dataset orders, 12 read, 12 stored, 0 rejected",
                        "WARN the collector of traces at " + nobody
                                + " has not taken the last ones in time: they are left out"),
                ended.out()
                        .lines()
                        .filter(line -> line.matches("[0-9:]{8} .*"))
                        .map(line -> line.substring(9).replaceFirst(" +", " ").replaceFirst(", \\d+ ms$", ""))
                        .toList());
        UserStory.noStackTrace(ended);
        assertFalse(cloud.keys("processed-data/").isEmpty());
    }

    @Test
    void aProtocolThatItDoesNotSpeakStopsTheStart() {
        jar.set("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
        PackagedJar.Ended ended = once(URI.create("http://127.0.0.1:4317"));

        assertEquals(2, ended.status(), ended::said);
        assertEquals(
                "OTEL_EXPORTER_OTLP_PROTOCOL: found 'grpc', expected http/protobuf; collectors listen for it on port 4318",
                ended.err().strip());
        UserStory.noStackTrace(ended);
    }

    @Test
    void anAddressThatIsNoneStopsTheStart() {
        PackagedJar.Ended ended = once(URI.create("collector:4318"));

        assertEquals(2, ended.status(), ended::said);
        assertEquals(
                "pipeline.traces=otlp: found variables of OpenTelemetry (OTEL_...) that cannot be meant: OTLP endpoint must be a valid URL: collector:4318 (unknown protocol: collector)",
                ended.err().strip());
        UserStory.noStackTrace(ended);
    }
}
