package pipeline.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Stream;
import pipeline.cost.Kind;
import pipeline.cost.Metering;
import pipeline.cost.Prices;
import pipeline.outage.Outage;

/**
 * The business figures at {@code /observe/metrics}. Tags are of low cardinality: a dataset's name or an outcome, never a
 * key or a cell.
 */
public final class Counters {
    /** The tag value where no dataset was recognised. */
    public static final String NO_DATASET = "none";

    /** How files come to an end. */
    private static final List<String> OUTCOMES = List.of("completed", "refused", "failed", "duplicate", "superseded");

    /** Those that conclude a file, after which it is not worked on any more. */
    static final List<String> CONCLUSIONS = List.of("completed", "refused", "failed");

    private static final List<String> ROWS = List.of("read", "stored", "rejected");

    /** Up to the lease and beyond: a file of a few rows takes tenths of a second, one of millions minutes. */
    private static final Duration[] FILE_TIMES = Stream.of(
                    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Map<String, Counter> writeUnits = new ConcurrentHashMap<>();
    private final Counter sent;
    private final Counter batches;
    private final Counter retried;
    private final Counter redelivered;
    private final Counter goneEvents;
    private volatile long concludedAt = System.nanoTime();

    public Counters(MeterRegistry registry) {
        this.registry = registry;
        batches = Counter.builder("pipeline.batches")
                .description("BatchWriteItem calls whose items were all stored in the end")
                .register(registry);
        sent = Counter.builder("pipeline.items.sent")
                .description("Items in BatchWriteItem calls, each time that they are sent")
                .register(registry);
        retried = Counter.builder("pipeline.unprocessed.items")
                .description("Items sent again because DynamoDB left them unprocessed or throttled them")
                .register(registry);
        redelivered = Counter.builder("pipeline.retries")
                .description("Attempts at a file that failed and will be made again")
                .register(registry);
        goneEvents = Counter.builder("pipeline.events.gone")
                .description("Events for objects that are not there any more")
                .register(registry);
        // From the start: an increase is seen only of what was there before.
        List.of("replayed", "ignored").forEach(this::returnedDeadLetters);
        Gauge.builder("pipeline.idle", this, Counters::idleSeconds)
                .description("Time since this process last concluded a file, or began")
                .baseUnit("seconds")
                .strongReference(true)
                .register(registry);
    }

    /** Shows the figures of datasets as 0 before their first file: an increase is seen only of what was there before. */
    public void begin(Collection<String> datasets) {
        Stream.concat(datasets.stream(), Stream.of(NO_DATASET)).forEach(dataset -> {
            OUTCOMES.forEach(outcome -> files(outcome, dataset));
            ROWS.forEach(outcome -> rows(outcome, dataset));
        });
        datasets.forEach(this::writeUnits);
        OUTCOMES.forEach(outcome -> {
            bytes(outcome);
            time(outcome);
        });
    }

    /** Shows how many files lie under {@code raw-data/}, NaN where that is not known. */
    public void watchRawData(Supplier<OptionalInt> listed) {
        Gauge.builder("pipeline.raw.data.files", listed, latest -> {
                    OptionalInt files = latest.get();
                    return files.isPresent() ? files.getAsInt() : Double.NaN;
                })
                .description("Files under raw-data/ that the latest listing has found")
                .strongReference(true)
                .register(registry);
    }

    private double idleSeconds() {
        return (System.nanoTime() - concludedAt) / 1e9;
    }

    /** Shows whether there is an outage. */
    public void watch(Outage outage) {
        Gauge.builder("pipeline.outage", outage, watched -> watched.isOver() ? 0 : 1)
                .description("1 while AWS does not let files through, and nothing is taken up")
                .strongReference(true)
                .register(registry);
    }

    /** Shows what is asked of AWS and what that costs, idle polls and listings included. */
    public void watch(Metering metering, Prices prices) {
        for (Kind kind : Kind.values()) {
            FunctionCounter.builder("pipeline.cost", metering.total(), used -> prices.of(used, kind)
                            .doubleValue())
                    .description("What AWS charges for what this process has used, by config/prices.yaml")
                    .baseUnit("dollars")
                    .tag("kind", kind.text())
                    .register(registry);
        }
        metering.watch((request, count) -> FunctionCounter.builder("pipeline.requests", count, LongAdder::sum)
                .description("Requests sent to AWS, whether they succeeded or not")
                .tag("service", request.service().text())
                .tag("operation", request.operation())
                .register(registry));
    }

    /** Items are on their way in one call, some of them perhaps not for the first time. */
    public void sent(int items) {
        sent.increment(items);
    }

    /** Capacity that a dataset's table has charged for. */
    public void consumed(String dataset, double units) {
        writeUnits(dataset).increment(units);
    }

    private Counter writeUnits(String dataset) {
        return writeUnits.computeIfAbsent(dataset, name -> Counter.builder("pipeline.write.units")
                .description("Write capacity units that the datasets' tables have charged")
                .tag("dataset", name)
                .register(registry));
    }

    public void batchStored() {
        batches.increment();
    }

    /** @param items that are sent again */
    public void retried(int items) {
        retried.increment(items);
    }

    /** An attempt failed and the file gets another. */
    public void attemptRetried() {
        redelivered.increment();
    }

    /**
     * A dead-letter message came back.
     *
     * @param outcome replayed or ignored
     */
    public void deadLetterReturned(String outcome) {
        returnedDeadLetters(outcome).increment();
    }

    private Counter returnedDeadLetters(String outcome) {
        return Counter.builder("pipeline.dead.letters.returned")
                .description("Dead-letter messages that came back to the intake queue")
                .tag("outcome", outcome)
                .register(registry);
    }

    public void eventGone() {
        goneEvents.increment();
    }

    /**
     * A file came to an end.
     *
     * @param outcome completed, refused, failed, duplicate or superseded
     */
    public void file(String outcome, String dataset, long bytes, Duration elapsed) {
        files(outcome, dataset).increment();
        bytes(outcome).increment(bytes);
        time(outcome).record(elapsed);
        if (CONCLUSIONS.contains(outcome)) {
            concludedAt = System.nanoTime();
        }
    }

    private Counter files(String outcome, String dataset) {
        return Counter.builder("pipeline.files")
                .description("Files by outcome")
                .tag("outcome", outcome)
                .tag("dataset", dataset)
                .register(registry);
    }

    private Counter bytes(String outcome) {
        return Counter.builder("pipeline.bytes")
                .description("Bytes of the files that came to an end")
                .baseUnit("bytes")
                .tag("outcome", outcome)
                .register(registry);
    }

    private Timer time(String outcome) {
        return Timer.builder("pipeline.file")
                .description("Time from claim to conclusion")
                .serviceLevelObjectives(FILE_TIMES)
                .tag("outcome", outcome)
                .register(registry);
    }

    /** The rows of a file that was concluded. */
    public void rows(String dataset, long read, long stored, long rejected) {
        rows("read", dataset).increment(read);
        rows("stored", dataset).increment(stored);
        rows("rejected", dataset).increment(rejected);
    }

    private Counter rows(String outcome, String dataset) {
        return Counter.builder("pipeline.rows." + outcome)
                .description("Rows " + outcome + " in concluded files")
                .tag("dataset", dataset)
                .register(registry);
    }
}
