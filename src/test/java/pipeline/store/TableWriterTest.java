package pipeline.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import pipeline.check.Batch;
import pipeline.check.Origin;
import pipeline.check.Row;
import pipeline.check.RowChecker;
import pipeline.claim.Attempt;
import pipeline.claim.Attempted;
import pipeline.claim.HandBackException;
import pipeline.dataset.Dataset;
import pipeline.dataset.Declared;
import pipeline.dataset.HeaderMatch;
import pipeline.observe.Counters;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Time is simulated: a request takes a millisecond, and a pause as long as it says. */
class TableWriterTest {
    private static final Dataset DATASET = Declared.with("name: v", "");
    private static final int BATCH = 25;

    private final Table table = new Table();
    private final TableWriter writer = new TableWriter(
            table,
            new Counters(new SimpleMeterRegistry()),
            new BackOff(nanos -> table.now += nanos),
            () -> new RateLimiter(() -> table.now, new Random(1)));
    private final Attempt attempt = Attempted.holding(() -> table.now);
    private long line = 1;

    @Test
    void getsNearlyAllThatALimitedTableTakes() {
        table.itemsPerSecond = 1_000;
        store(Duration.ofMinutes(1));

        assertTrue(table.stored.size() > 55_000, () -> "stored in a minute: " + table.stored.size());
    }

    @Test
    void asksALimitedTableForAtMostTwiceWhatItTakes() {
        table.itemsPerSecond = 100;
        store(Duration.ofSeconds(10));
        long sentBefore = table.sent;
        int storedBefore = table.stored.size();
        store(Duration.ofSeconds(60));

        long sent = table.sent - sentBefore;
        int stored = table.stored.size() - storedBefore;
        assertTrue(sent < 2.2 * stored, () -> sent + " items sent, of which were stored " + stored);
    }

    @Test
    void isQuickAgainSoonAfterTheTableIs() {
        table.itemsPerSecond = 100;
        store(Duration.ofSeconds(30));
        table.itemsPerSecond = Double.POSITIVE_INFINITY;
        store(Duration.ofSeconds(10));
        int before = table.stored.size();
        store(Duration.ofSeconds(1));

        assertEquals(BATCH * 1_000, table.stored.size() - before, BATCH * 10, "stored in a second");
    }

    /**
     * 20 % of requests throttled, 30 % of items left over, whatever the pace: asking more slowly would not help. Chance
     * evens out in minutes; in those it also happens that a last item is refused every time, and the batch is begun again.
     */
    @Test
    void isNotSlowedDownForEverByATableThatRefusesAtRandom() {
        Random random = new Random(2);
        table.throttles = () -> random.nextInt(100) < 20;
        table.leavesOver = () -> random.nextInt(100) < 30;
        storeWhateverHappens(Duration.ofMinutes(5));
        int before = table.stored.size();
        storeWhateverHappens(Duration.ofMinutes(5));

        int later = table.stored.size() - before;
        assertTrue(later > before * 0.7, () -> "stored in 5 minutes: " + later + ", in those before: " + before);
    }

    @Test
    void givesUpOnATableThatTakesNothing() {
        table.throttles = () -> true;

        assertThrows(TableBusyException.class, () -> writer.store(attempt, DATASET, batch()));
        assertEquals(11, table.requests);
    }

    @Test
    void waitsForNoTableWhenTheProcessStops() {
        table.throttles = () -> {
            Attempted.handBack(attempt);
            return true;
        };

        assertThrows(HandBackException.class, () -> writer.store(attempt, DATASET, batch()));
        assertEquals(1, table.requests);
    }

    private void store(Duration time) {
        long until = table.now + time.toNanos();
        while (table.now < until) {
            store(batch());
        }
    }

    private void store(Batch.Parted batch) {
        writer.store(attempt, DATASET, batch);
        batch.accepted().forEach(row -> assertTrue(table.stored.contains(row.item()), "a row is missing"));
    }

    /** As attempt follows attempt at a file: what a busy table did not take comes again. */
    private void storeWhateverHappens(Duration time) {
        long until = table.now + time.toNanos();
        int busy = 0;
        Batch.Parted batch = batch();
        while (table.now < until) {
            try {
                store(batch);
                batch = batch();
            } catch (TableBusyException e) {
                busy++;
            }
        }
        assertTrue(busy < 5, "given up on the table " + busy + " times");
    }

    private Batch.Parted batch() {
        RowChecker checker = new RowChecker(
                DATASET,
                ((HeaderMatch.Fits) DATASET.match(List.of("id", "v"))).columns(),
                row -> new Origin.Known("orders.csv", row.line(), "2026-01-02T03:04:05.000000000Z"));
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            line++;
            rows.add(checker.row(line, List.of(Long.toString(line), "x")));
        }
        return new Batch.Parted(rows, List.of());
    }

    /** A table in simulated time. */
    private static final class Table implements DynamoDbClient {
        private final Set<Map<String, AttributeValue>> stored = new HashSet<>();
        private long now;
        private long requests;
        private long sent;
        private double itemsPerSecond = Double.POSITIVE_INFINITY;
        private double capacity;
        private long filledAt;
        private BooleanSupplier throttles = () -> false;
        private BooleanSupplier leavesOver = () -> false;

        @Override
        public BatchWriteItemResponse batchWriteItem(BatchWriteItemRequest request) {
            requests++;
            now += 1_000_000;
            capacity = Math.min(itemsPerSecond, capacity + itemsPerSecond * (now - filledAt) / 1e9);
            filledAt = now;
            String name = request.requestItems().keySet().iterator().next();
            List<WriteRequest> items = request.requestItems().get(name);
            sent += items.size();
            if (throttles.getAsBoolean() || capacity < 1) {
                throw ProvisionedThroughputExceededException.builder()
                        .message("slow down")
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode("ProvisionedThroughputExceededException")
                                .build())
                        .build();
            }
            List<WriteRequest> over = new ArrayList<>();
            for (WriteRequest item : items) {
                if (capacity < 1 || leavesOver.getAsBoolean()) {
                    over.add(item);
                } else {
                    capacity--;
                    stored.add(item.putRequest().item());
                }
            }
            return BatchWriteItemResponse.builder()
                    .unprocessedItems(over.isEmpty() ? Map.of() : Map.of(name, over))
                    .build();
        }

        @Override
        public String serviceName() {
            return "dynamodb";
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
