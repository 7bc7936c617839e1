package pipeline.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import pipeline.jar.PackagedJar;
import pipeline.local.Call;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;

/** A table that takes about half of what it is sent: slower, and nothing else. */
final class ThrottledTableSoak {
    private static final int FILES = 40;

    @Test
    void storesAllAndFailsNothing() throws IOException {
        long seed = Options.seed();
        Report report = new Report("Throttled tables: 30 % of items unprocessed, 20 % of calls throttled");
        report.tell("seed", seed);
        Counting even = new Counting(new Random(seed), false);
        long quick = work(seed, even, new Report("the same files on tables that take everything"));
        Counting throttled = new Counting(new Random(seed), true);
        long slow = work(seed, throttled, report);

        report.tell("BatchWriteItem calls needed (on tables that take everything)", even.calls);
        report.tell("BatchWriteItem calls made", throttled.calls);
        report.tell("calls throttled", percent(throttled.throttled, throttled.calls));
        report.tell("items sent that came back unprocessed", percent(throttled.unprocessed, throttled.items));
        report.tell(
                "wasted requests (made beyond those needed)", percent(throttled.calls - even.calls, throttled.calls));
        report.tell("seconds, on tables that take everything", slow + ", " + quick);
        assertTrue(throttled.throttled > 0 && throttled.unprocessed > 0, "nothing went wrong");
    }

    private static String percent(int part, int whole) {
        return "%d of %d (%.1f %%)".formatted(part, whole, 100.0 * part / whole);
    }

    private static long work(long seed, Counting counting, Report report) throws IOException {
        try (Stage stage = new Stage("throttled")) {
            Replica replica = stage.replica("replica1", Map.of());
            Random random = new Random(seed);
            for (int i = 0; i < FILES; i++) {
                Sheet sheet = Sheet.values()[i % Sheet.values().length];
                stage.drop("file-%02d.csv".formatted(i), new Content.Rows(sheet, random.nextLong(), 500, 5));
            }
            stage.faults(counting);
            long began = System.nanoTime();
            PackagedJar.Ended once = replica.jar().start("once").end(Duration.ofMinutes(10));
            assertEquals(3, once.status(), once::said);
            long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
            stage.assertPromises(report, Duration.ofSeconds(10), List.of());
            assertEquals(
                    Map.of(1, (long) FILES), Figures.byAttempts(stage.account.ledger()), "expected one attempt a file");
            return seconds;
        }
    }

    /** Counts the writes of rows, and makes those fail. */
    private static final class Counting implements FaultPlan {
        private final Random random;
        private final boolean throttling;
        private int calls;
        private int items;
        private int throttled;
        private int unprocessed;

        Counting(Random random, boolean throttling) {
            this.random = random;
            this.throttling = throttling;
        }

        @Override
        public synchronized Fault next(Call call) {
            if (!call.operation().equals("dynamodb:BatchWriteItem")) {
                return Fault.NONE;
            }
            calls++;
            if (!throttling) {
                return Fault.NONE;
            }
            if (random.nextInt(100) < 20) {
                throttled++;
                return Fault.THROTTLE;
            }
            int size = Account.json(call.detail())
                    .path("RequestItems")
                    .elements()
                    .next()
                    .size();
            items += size;
            // Half of a batch comes back: of 60 % of the batches, to make 30 % of the items.
            if (size > 1 && random.nextInt(100) < 60) {
                unprocessed += size - size / 2;
                return Fault.UNPROCESSED;
            }
            return Fault.NONE;
        }
    }
}
