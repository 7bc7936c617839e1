package pipeline.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
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

    private final MeterRegistry registry;
    private final Counter batches;
    private final Counter retried;
    private final Counter redelivered;
    private final Counter goneEvents;

    public Counters(MeterRegistry registry) {
        this.registry = registry;
        batches = Counter.builder("pipeline.batches")
                .description("BatchWriteItem calls whose items were all stored in the end")
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
        Counter.builder("pipeline.files")
                .description("Files by outcome")
                .tag("outcome", outcome)
                .tag("dataset", dataset)
                .register(registry)
                .increment();
        Counter.builder("pipeline.bytes")
                .description("Bytes of the files that came to an end")
                .baseUnit("bytes")
                .tag("outcome", outcome)
                .register(registry)
                .increment(bytes);
        Timer.builder("pipeline.file")
                .description("Time from claim to conclusion")
                .tag("outcome", outcome)
                .register(registry)
                .record(elapsed);
    }

    /** The rows of a file that was concluded. */
    public void rows(String dataset, long read, long stored, long rejected) {
        rows("read", dataset, read);
        rows("stored", dataset, stored);
        rows("rejected", dataset, rejected);
    }

    private void rows(String outcome, String dataset, long count) {
        Counter.builder("pipeline.rows." + outcome)
                .description("Rows " + outcome + " in concluded files")
                .tag("dataset", dataset)
                .register(registry)
                .increment(count);
    }
}
