package pipeline.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.Search;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Says the main figures in a line of JSON a minute, in CloudWatch's embedded metric format ("Specification: Embedded metric
 * format" in the CloudWatch user guide): where standard output goes to CloudWatch Logs, they become metrics. Few on
 * purpose, with the bucket's name as the one dimension, since each is paid for by the month.
 *
 * <p>What is counted is said as the increase since the line before; over several replicas it adds up. A figure that is not
 * known is left out.
 */
public final class CloudWatchLines implements AutoCloseable {
    static final String NAMESPACE = "camel-data-pipeline";
    static final String DIMENSION = "Bucket";

    /**
     * A figure.
     *
     * @param unit one that CloudWatch knows ("MetricDatum" in its API reference)
     */
    private record Figure(String name, String unit, Reading reading) {}

    /** Reads a figure off the registry; empty where it is not known. */
    @FunctionalInterface
    private interface Reading {
        OptionalDouble of(CloudWatchLines lines);
    }

    private static final List<Figure> FIGURES = List.of(
            new Figure("FilesCompleted", "Count", lines -> lines.files("completed")),
            new Figure("FilesRefused", "Count", lines -> lines.files("refused")),
            new Figure("FilesFailed", "Count", lines -> lines.files("failed")),
            new Figure("FileSeconds", "Seconds", CloudWatchLines::fileSeconds),
            new Figure("RowsStored", "Count", lines -> lines.counted("pipeline.rows.stored")),
            new Figure("RowsRejected", "Count", lines -> lines.counted("pipeline.rows.rejected")),
            new Figure("ItemsSent", "Count", lines -> lines.counted("pipeline.items.sent")),
            new Figure("UnprocessedItems", "Count", lines -> lines.counted("pipeline.unprocessed.items")),
            new Figure("FilesUnfinished", "Count", CloudWatchLines::filesUnfinished),
            new Figure("RawDataFiles", "Count", lines -> lines.shown("pipeline.raw.data.files")),
            new Figure("OldestOpenFile", "Seconds", lines -> lines.shown("pipeline.oldest.open.file")),
            new Figure("Outage", "None", lines -> lines.shown("pipeline.outage")),
            new Figure("CostDollars", "None", CloudWatchLines::costDollars));

    private final MeterRegistry registry;
    private final String bucket;
    private final InstantSource clock;
    private final Consumer<String> out;
    private final Map<Meter.Id, Double> before = new HashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread own = new Thread(task, "cloudwatch-lines");
        own.setDaemon(true);
        return own;
    });
    private boolean started;

    /** Says nothing yet. */
    public CloudWatchLines(MeterRegistry registry, String bucket, InstantSource clock, Consumer<String> out) {
        this.registry = registry;
        this.bucket = bucket;
        this.clock = clock;
        this.out = out;
    }

    /** A line each minute from now on, and one at the end. */
    public synchronized void start() {
        started = true;
        thread.scheduleAtFixedRate(this::say, 1, 1, TimeUnit.MINUTES);
    }

    /** A line now, with what is new since the one before. */
    public synchronized void say() {
        out.accept(line());
    }

    /** The figures since the last call. */
    String line() {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        ObjectNode directive = line.putObject("_aws")
                .put("Timestamp", clock.millis())
                .putArray("CloudWatchMetrics")
                .addObject()
                .put("Namespace", NAMESPACE);
        directive.putArray("Dimensions").addArray().add(DIMENSION);
        ArrayNode metrics = directive.putArray("Metrics");
        line.put(DIMENSION, bucket);
        for (Figure figure : FIGURES) {
            figure.reading().of(this).ifPresent(value -> {
                metrics.addObject().put("Name", figure.name()).put("Unit", figure.unit());
                line.put(figure.name(), value);
            });
        }
        return line.toString();
    }

    private OptionalDouble files(String outcome) {
        return increase(registry.find("pipeline.files").tag("outcome", outcome).counters(), Counter::count);
    }

    private OptionalDouble costDollars() {
        return increase(registry.find("pipeline.cost").functionCounters(), FunctionCounter::count);
    }

    private OptionalDouble counted(String name) {
        return increase(registry.find(name).counters(), Counter::count);
    }

    private <M extends Meter> OptionalDouble increase(Collection<M> meters, ToDoubleFunction<M> total) {
        if (meters.isEmpty()) {
            return OptionalDouble.empty();
        }
        double increase = 0;
        for (M meter : meters) {
            double now = total.applyAsDouble(meter);
            Double last = before.put(meter.getId(), now);
            increase += now - (last == null ? 0 : last);
        }
        return OptionalDouble.of(increase);
    }

    /** Of all files together: over several replicas, only sums have a mean. */
    private OptionalDouble fileSeconds() {
        double seconds = 0;
        for (String outcome : Counters.CONCLUSIONS) {
            seconds += increase(
                            registry.find("pipeline.file")
                                    .tag("outcome", outcome)
                                    .timers(),
                            timer -> timer.totalTime(TimeUnit.SECONDS))
                    .orElse(0);
        }
        return OptionalDouble.of(seconds);
    }

    private OptionalDouble filesUnfinished() {
        double files = 0;
        for (String status : List.of("processing", "waiting")) {
            OptionalDouble some = sum(registry.find("pipeline.open.files").tag("status", status));
            if (some.isEmpty()) {
                return some;
            }
            files += some.getAsDouble();
        }
        return OptionalDouble.of(files);
    }

    private OptionalDouble shown(String name) {
        return sum(registry.find(name));
    }

    private static OptionalDouble sum(Search gauges) {
        double sum = gauges.gauges().stream().mapToDouble(Gauge::value).sum();
        return gauges.gauges().isEmpty() || Double.isNaN(sum) ? OptionalDouble.empty() : OptionalDouble.of(sum);
    }

    /** Says the last figures, so that none of a process that stops is lost. */
    @Override
    public synchronized void close() {
        thread.shutdownNow();
        if (started) {
            started = false;
            say();
        }
    }
}
