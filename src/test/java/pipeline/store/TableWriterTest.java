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
import pipeline.claim.Attempt;
import pipeline.claim.Attempted;
import pipeline.claim.HandBackException;
import pipeline.observe.Counters;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** One write at a time, and simulated time: a request takes a millisecond, and a pause as long as it says. */
class TableWriterTest {
    private final Table table = new Table();
    private final TableWriter writer = new TableWriter(
            table,
            new Counters(new SimpleMeterRegistry()),
            1,
            Runnable::run,
            new BackOff(nanos -> table.now += nanos),
            () -> new RateLimiter(() -> table.now, new Random(1)));
    private final Attempt attempt = Attempted.holding(() -> table.now);
    private final Batches batches = new Batches();

    @Test
    void getsNearlyAllThatALimitedTableTakesAndSendsLittleTwice() {
        table.itemsPerSecond = 1_000;
        store(Duration.ofMinutes(2));

        assertTrue(table.stored.size() > 0.97 * 120_000, () -> "stored in two minutes: " + table.stored.size());
        assertTrue(
                table.sent < 1.04 * table.stored.size(),
                () -> table.sent + " items sent, of which were stored " + table.stored.size());
    }

    @Test
    void asksASlowTableForLittleMoreThanItTakes() {
        table.itemsPerSecond = 100;
        store(Duration.ofSeconds(10));
        long sentBefore = table.sent;
        int storedBefore = table.stored.size();
        store(Duration.ofSeconds(60));

        long sent = table.sent - sentBefore;
        int stored = table.stored.size() - storedBefore;
        assertTrue(sent < 1.1 * stored, () -> sent + " items sent, of which were stored " + stored);
        assertTrue(stored > 95 * 60, () -> stored + " stored");
    }

    @Test
    void isQuickAgainSoonAfterTheTableIs() {
        table.itemsPerSecond = 100;
        store(Duration.ofSeconds(30));
        table.itemsPerSecond = Double.POSITIVE_INFINITY;
        store(Duration.ofSeconds(30));
        int before = table.stored.size();
        store(Duration.ofSeconds(1));

        assertEquals(25_000, table.stored.size() - before, 250, "stored in a second");
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
        assertTrue(before > 5 * 60 * 100, () -> "stored in 5 minutes: " + before);
    }

    @Test
    void givesUpOnATableThatTakesNothing() {
        table.throttles = () -> true;

        assertThrows(TableBusyException.class, () -> store(batches.next(25)));
        assertEquals(11, table.requests);
    }

    @Test
    void waitsForNoTableWhenTheProcessStops() {
        table.throttles = () -> {
            Attempted.handBack(attempt);
            return true;
        };

        assertThrows(HandBackException.class, () -> store(batches.next(25)));
        assertEquals(1, table.requests);
    }

    private void store(Duration time) {
        long until = table.now + time.toNanos();
        while (table.now < until) {
            store(batches.next(25));
        }
    }

    private void store(Batch.Parted batch) {
        assertEquals(List.of(), writer.abandon(attempt));
        List<Batch.Parted> stored = new ArrayList<>(writer.store(attempt, Batches.DATASET, batch));
        stored.addAll(writer.end(attempt));
        assertEquals(List.of(batch), stored);
        batch.accepted().forEach(row -> assertTrue(table.stored.contains(row.item()), "a row is missing"));
    }

    /** As attempt follows attempt at a file: what a busy table did not take comes again. */
    private void storeWhateverHappens(Duration time) {
        long until = table.now + time.toNanos();
        int busy = 0;
        Batch.Parted batch = batches.next(25);
        while (table.now < until) {
            try {
                store(batch);
                batch = batches.next(25);
            } catch (TableBusyException e) {
                busy++;
            }
        }
        assertTrue(busy < 5, "given up on the table " + busy + " times");
    }

    /** A table in simulated time. */
    private static final class Table implements BatchWriteItem {
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
        public Answer put(String name, List<Map<String, AttributeValue>> items) {
            requests++;
            now += 1_000_000;
            capacity = Math.min(itemsPerSecond, capacity + itemsPerSecond * (now - filledAt) / 1e9);
            filledAt = now;
            sent += items.size();
            if (throttles.getAsBoolean() || capacity < 1) {
                throw (DynamoDbException) DynamoDbException.builder()
                        .message("slow down")
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode("ProvisionedThroughputExceededException")
                                .build())
                        .build();
            }
            List<Map<String, AttributeValue>> over = new ArrayList<>();
            for (Map<String, AttributeValue> item : items) {
                if (capacity < 1 || leavesOver.getAsBoolean()) {
                    over.add(item);
                } else {
                    capacity--;
                    stored.add(item);
                }
            }
            return new Answer(items.size() - over.size(), over);
        }
    }
}
