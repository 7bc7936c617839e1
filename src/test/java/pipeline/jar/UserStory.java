package pipeline.jar;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a user does with the jar, whoever answers at the endpoint. */
final class UserStory {
    /** The bucket that the shipped configuration names. */
    static final String BUCKET = "camel-data-pipeline";

    private static final ObjectMapper JSON = new ObjectMapper();

    private UserStory() {}

    static void noStackTrace(PackagedJar.Ended ended) {
        assertFalse((ended.out() + ended.err()).lines().anyMatch(line -> line.startsWith("\tat ")), ended::said);
    }

    /** Provisions twice: the second time all is there. */
    static void provision(PackagedJar jar) {
        PackagedJar.Ended first = jar.run("provision");
        assertEquals(0, first.status(), first::said);
        PackagedJar.Ended second = jar.run("provision");
        assertEquals(0, second.status(), second::said);
        assertTrue(second.out().lines().count() >= 8, second::said);
        assertEquals(
                List.of(),
                second.out().lines().filter(line -> !line.startsWith("there ")).toList(),
                second::said);
    }

    /** Drops every sample; good rows are stored, bad ones returned, hopeless files put aside; dropped again: duplicates. */
    static void samples(PackagedJar jar, Cloud cloud) throws IOException {
        List<Path> samples;
        try (Stream<Path> files = Files.list(Path.of("sample-data"))) {
            samples = files.filter(file -> file.toString().endsWith(".csv"))
                    .sorted()
                    .toList();
        }
        samples.forEach(file -> cloud.drop(file.getFileName().toString(), file));

        PackagedJar.Ended once = jar.run("once", "--json");
        assertEquals(3, once.status(), once::said);
        assertEquals(1, once.out().lines().count(), once::said);
        noStackTrace(once);
        JsonNode totals = JSON.readTree(once.out());
        assertEquals(
                samples.size(),
                totals.path("completed").asInt() + totals.path("refused").asInt(),
                once::said);
        assertEquals(0, totals.path("failed").asInt(), once::said);
        assertTrue(totals.path("rows_rejected").asInt() > 0, once::said);
        assertEquals(
                totals.path("rows_stored").asInt(),
                cloud.count("ProcessedOrders") + cloud.count("ProcessedSales") + cloud.count("ProcessedSensors"),
                once::said);
        assertEquals(List.of(), cloud.keys("raw-data/"));
        assertEquals(
                totals.path("completed").asInt(), cloud.keys("processed-data/").size());
        assertEquals(samples.size(), cloud.keys("archive/").size());
        List<String> deadLetters = cloud.take(Cloud.DEAD_LETTERS);
        assertEquals(totals.path("refused").asInt(), deadLetters.size(), deadLetters::toString);
        for (Path sample : samples) {
            AttributeValue read = entry(cloud, sample.getFileName().toString()).get("rows_read");
            AttributeValue stored =
                    entry(cloud, sample.getFileName().toString()).get("rows_stored");
            AttributeValue rejected =
                    entry(cloud, sample.getFileName().toString()).get("rows_rejected");
            assertEquals(
                    Long.parseLong(read.n()),
                    Long.parseLong(stored.n()) + Long.parseLong(rejected.n()),
                    sample::toString);
        }

        PackagedJar.Ended again = jar.run("once");
        assertEquals(0, again.status(), again::said);
        assertEquals(
                "0 completed, 0 refused, 0 failed, 0 dropped again; 0 rows stored, 0 rejected",
                again.out().lines().reduce((first, last) -> last).orElse(""),
                again::said);

        samples.forEach(file -> cloud.drop(file.getFileName().toString(), file));
        PackagedJar.Ended duplicates = jar.run("once", "--json");
        assertEquals(0, duplicates.status(), duplicates::said);
        assertEquals(
                samples.size(),
                JSON.readTree(duplicates.out()).path("duplicates").asInt(),
                duplicates::said);
        assertEquals(List.of(), cloud.keys("raw-data/"));
        assertEquals(List.of(), cloud.take(Cloud.DEAD_LETTERS));
    }

    static Map<String, AttributeValue> entry(Cloud cloud, String file) {
        List<Map<String, AttributeValue>> entries = cloud.entries(file);
        assertEquals(1, entries.size(), () -> file + ": " + entries);
        return entries.get(0);
    }

    /** A file that takes a while. */
    static String large(int rows) {
        return IntStream.rangeClosed(1, rows)
                .mapToObj(i -> "ORD-%d,Customer %d,Product %d,%d,%d.%02d"
                        .formatted(i / 3, i / 3, i, i % 9 + 1, i % 50, i % 100))
                .collect(Collectors.joining("\n", "order_id,customer_name,product_name,quantity,unit_price\n", "\n"));
    }

    /**
     * {@code once} dies in the middle of a file and is started again.
     *
     * @return the items that are there in the end, without their timestamps
     */
    static TreeSet<String> killedAndStartedAgain(PackagedJar jar, Cloud cloud, int rows) {
        cloud.drop("large.csv", large(rows));
        jar.set("PIPELINE_LEASE_SECONDS", "3");
        PackagedJar.Run killed = jar.start("once");
        await("some rows in the table").atMost(PackagedJar.PATIENCE).until(() -> cloud.count("ProcessedOrders") > 0);
        killed.kill();
        int before = cloud.count("ProcessedOrders");
        assertTrue(before < rows, "the file was through before the process died; make it larger");

        PackagedJar.Ended again = jar.run("once");
        assertEquals(0, again.status(), again::said);
        noStackTrace(again);
        Map<String, AttributeValue> entry = entry(cloud, "large.csv");
        assertEquals("completed", entry.get("status").s());
        assertEquals(Integer.toString(rows), entry.get("rows_stored").n());
        assertEquals("0", entry.get("rows_rejected").n());
        assertEquals(rows, cloud.count("ProcessedOrders"));
        return items(cloud);
    }

    /** The items of orders as text, without their timestamps. */
    static TreeSet<String> items(Cloud cloud) {
        return cloud.items("ProcessedOrders", "processed_timestamp").stream()
                .map(item -> new TreeMap<>(item).toString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The endpoint that takes a container's place, if one is given. */
    static Optional<URI> endpointFromOutside() {
        return Optional.ofNullable(System.getenv("AWS_ENDPOINT_URL"))
                .filter(url -> !url.isBlank())
                .map(URI::create);
    }
}
