package pipeline.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import pipeline.cost.Metering;
import pipeline.cost.Prices;

class CloudWatchLinesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    /** A metric is 255 characters at most, a line has at most 100 of them, and values are numbers: the specification's words. */
    private static final Schema SPECIFICATION = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema("""
                    {"type": "object", "required": ["_aws"], "properties": {"_aws": {
                      "type": "object", "required": ["Timestamp", "CloudWatchMetrics"], "additionalProperties": false,
                      "properties": {
                        "Timestamp": {"type": "integer", "minimum": 1500000000000},
                        "CloudWatchMetrics": {"type": "array", "minItems": 1, "items": {
                          "type": "object", "required": ["Namespace", "Dimensions", "Metrics"], "additionalProperties": false,
                          "properties": {
                            "Namespace": {"type": "string", "minLength": 1, "maxLength": 1024},
                            "Dimensions": {"type": "array", "minItems": 1, "items": {
                              "type": "array", "maxItems": 30, "items": {"type": "string", "minLength": 1, "maxLength": 250}}},
                            "Metrics": {"type": "array", "maxItems": 100, "items": {
                              "type": "object", "required": ["Name"], "additionalProperties": false,
                              "properties": {
                                "Name": {"type": "string", "minLength": 1, "maxLength": 1024},
                                "Unit": {"enum": ["Seconds", "Count", "None"]},
                                "StorageResolution": {"enum": [1, 60]}}}}}}}}}}}
                    """, InputFormat.JSON);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Counters counters = new Counters(meters);
    private final List<String> said = new ArrayList<>();
    private final CloudWatchLines lines = new CloudWatchLines(meters, "my-data", InstantSource.fixed(NOW), said::add);

    private Map<String, Double> figures(String line) throws IOException {
        assertEquals(List.of(), SPECIFICATION.validate(line, InputFormat.JSON), line);
        JsonNode json = JSON.readTree(line);
        JsonNode directive = json.path("_aws").path("CloudWatchMetrics").path(0);
        assertEquals(NOW.toEpochMilli(), json.path("_aws").path("Timestamp").asLong());
        assertEquals(CloudWatchLines.NAMESPACE, directive.path("Namespace").asText());
        assertEquals("[[\"Bucket\"]]", directive.path("Dimensions").toString());
        assertEquals("my-data", json.path("Bucket").asText());
        Map<String, Double> figures = new TreeMap<>();
        for (JsonNode metric : directive.path("Metrics")) {
            JsonNode value = json.path(metric.path("Name").asText());
            assertTrue(value.isNumber(), () -> metric + " has no value in " + line);
            figures.put(metric.path("Name").asText(), value.asDouble());
        }
        assertEquals(figures.size() + 2, json.size(), () -> "a member that is no metric, in " + line);
        return figures;
    }

    @Test
    void aLineTellsWhatHasHappenedSinceTheOneBefore() throws IOException {
        counters.begin(List.of("orders", "sales"));
        counters.file("completed", "orders", 7, Duration.ofSeconds(1));
        counters.file("completed", "sales", 7, Duration.ofSeconds(2));
        counters.file("refused", "none", 7, Duration.ofSeconds(3));
        counters.file("duplicate", "orders", 7, Duration.ZERO);
        counters.rows("orders", 10, 7, 3);
        counters.sent(25);
        counters.retried(5);

        Map<String, Double> first = figures(lines.line());
        assertEquals(
                Map.of(
                        "FilesCompleted", 2.0,
                        "FilesRefused", 1.0,
                        "FilesFailed", 0.0,
                        "FileSeconds", 6.0,
                        "RowsStored", 7.0,
                        "RowsRejected", 3.0,
                        "ItemsSent", 25.0,
                        "UnprocessedItems", 5.0),
                first);

        counters.file("failed", "orders", 7, Duration.ofSeconds(9));
        Map<String, Double> second = figures(lines.line());
        assertEquals(
                List.of(0.0, 1.0, 9.0, 0.0),
                List.of(
                        second.get("FilesCompleted"),
                        second.get("FilesFailed"),
                        second.get("FileSeconds"),
                        second.get("RowsStored")));
    }

    @Test
    void whatIsNotKnownIsLeftOut() throws IOException {
        AtomicReference<Double> oldest = new AtomicReference<>(Double.NaN);
        Gauge.builder("pipeline.oldest.open.file", oldest, AtomicReference::get).register(meters);
        Gauge.builder("pipeline.open.files", () -> 4).tag("status", "waiting").register(meters);
        Gauge.builder("pipeline.open.files", () -> 1)
                .tag("status", "processing")
                .register(meters);
        Gauge.builder("pipeline.open.files", () -> 9).tag("status", "failed").register(meters);

        Map<String, Double> figures = figures(lines.line());
        assertEquals(5.0, figures.get("FilesUnfinished"));
        assertTrue(!figures.containsKey("OldestOpenFile") && !figures.containsKey("RawDataFiles"), figures::toString);

        oldest.set(12.5);
        assertEquals(12.5, figures(lines.line()).get("OldestOpenFile"));
    }

    @Test
    void itSaysNothingUntilItIsStartedAndTheLastFiguresWhenItEnds() throws IOException {
        lines.close();
        assertEquals(List.of(), said);
        CloudWatchLines started = new CloudWatchLines(meters, "my-data", InstantSource.fixed(NOW), said::add);
        started.start();
        counters.sent(25);
        started.close();
        started.close();
        assertEquals(1, said.size());
        assertEquals(25.0, figures(said.get(0)).get("ItemsSent"));
    }

    @Test
    void theTableInTheDocumentationNamesThemAll() throws IOException {
        Gauge.builder("pipeline.oldest.open.file", () -> 1).register(meters);
        Gauge.builder("pipeline.open.files", () -> 1).tag("status", "waiting").register(meters);
        Gauge.builder("pipeline.open.files", () -> 1)
                .tag("status", "processing")
                .register(meters);
        Gauge.builder("pipeline.outage", () -> 0).register(meters);
        Gauge.builder("pipeline.raw.data.files", () -> 0).register(meters);
        counters.watch(new Metering("ProcessedFiles"), Prices.shipped());
        counters.begin(List.of("orders"));
        counters.file("completed", "orders", 7, Duration.ofSeconds(1));
        Map<String, String> units = new TreeMap<>();
        JSON.readTree(lines.line())
                .path("_aws")
                .path("CloudWatchMetrics")
                .path(0)
                .path("Metrics")
                .forEach(metric -> units.put(
                        metric.path("Name").asText(), metric.path("Unit").asText()));

        assertEquals(documented(), units);
        assertTrue(units.size() <= 13, () -> "each is paid for: " + units);
    }

    private static Map<String, String> documented() throws IOException {
        return Pattern.compile("(?m)^\\| `([A-Z]\\w+)` \\| (\\w+) \\|")
                .matcher(Files.readString(Path.of("docs", "operations.md")))
                .results()
                .collect(Collectors.toMap(
                        row -> row.group(1), row -> row.group(2), (first, second) -> first, TreeMap::new));
    }
}
