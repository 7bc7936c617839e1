package pipeline.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.claim.Entry;
import pipeline.claim.Ledger;
import pipeline.claim.Status;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What waits for a machine or for a person, as gauges: files that the ledger has as open, and messages in the queues.
 * AWS is asked now and then by threads of this class's own, one for the ledger and one for the queues, never by whoever
 * reads a gauge; what AWS does not tell is NaN until it does, and nobody else is the worse for it.
 *
 * <p>Every replica asks the same ledger and the same queues: over several of them the largest figure is the right one, and
 * their sum is not.
 */
public final class Backlog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);

    /** Those that somebody has still to do something about. */
    private static final List<Status> OPEN = List.of(Status.PROCESSING, Status.WAITING, Status.REFUSED, Status.FAILED);

    /** Of each kind so many are counted: then the figure means at least as many. */
    static final int MOST = 2_000;

    /** To read an entry costs money and time: after many of them the next look is later, by so much for each. */
    private static final Duration REST_FOR_AN_ENTRY = Duration.ofMillis(10);

    private final Supplier<Stream<Entry>> openEntries;
    private final Map<String, Supplier<Double>> queues;
    private final InstantSource clock;
    private final Duration every;

    private volatile Optional<OpenFiles> files = Optional.empty();
    private final Map<String, Double> messages = new ConcurrentHashMap<>();

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2, task -> {
        Thread own = new Thread(task, "backlog");
        own.setDaemon(true);
        return own;
    });

    /** @param oldest since when the file is open that has been unfinished for longest; empty where there is none */
    private record OpenFiles(Map<Status, Integer> byStatus, Optional<Instant> oldest, int entries) {}

    /**
     * Asks nothing yet.
     *
     * @param queues how many messages lie in each, by the name that the figure bears
     * @param every the least time between two looks
     */
    public Backlog(Ledger ledger, Map<String, Supplier<Double>> queues, InstantSource clock, Duration every) {
        this(
                () -> Stream.of(Ledger.WORK, Ledger.FAILURE)
                        .flatMap(kind -> ledger.open(kind).limit(MOST)),
                queues,
                clock,
                every);
    }

    Backlog(
            Supplier<Stream<Entry>> openEntries,
            Map<String, Supplier<Double>> queues,
            InstantSource clock,
            Duration every) {
        this.openEntries = openEntries;
        this.queues = Map.copyOf(queues);
        this.clock = clock;
        this.every = every;
    }

    /** Shows the figures, NaN until AWS was first asked. */
    public void show(MeterRegistry registry) {
        for (Status status : OPEN) {
            gauge("pipeline.open.files", seen -> seen.files()
                            .map(open -> open.byStatus().getOrDefault(status, 0).doubleValue())
                            .orElse(Double.NaN))
                    .description(
                            "Files that the ledger has as open, at most 2,000 of those for a machine and for a person each")
                    .tag("status", status.text())
                    .register(registry);
        }
        gauge("pipeline.oldest.open.file", Backlog::oldestSeconds)
                .description(
                        "Time since the first claim, or the last replay, of the file that has been unfinished for longest; 0 = none is")
                .baseUnit("seconds")
                .register(registry);
        for (String queue : queues.keySet()) {
            gauge("pipeline.queue.messages", seen -> seen.messages.getOrDefault(queue, Double.NaN))
                    .description("Messages in a queue, about")
                    .tag("queue", queue)
                    .register(registry);
        }
    }

    /** About how many messages a queue held at the last look; empty where that is not known. */
    public Optional<Long> messages(String queue) {
        return Optional.ofNullable(messages.get(queue))
                .filter(known -> !known.isNaN())
                .map(Math::round);
    }

    private Gauge.Builder<Backlog> gauge(String name, ToDoubleFunction<Backlog> value) {
        return Gauge.builder(name, this, value).strongReference(true);
    }

    private Optional<OpenFiles> files() {
        return files;
    }

    private double oldestSeconds() {
        return files.map(open -> open.oldest()
                        .map(since -> Math.max(
                                0, Duration.between(since, clock.instant()).toMillis() / 1_000.0))
                        .orElse(0.0))
                .orElse(Double.NaN);
    }

    /** Looks now, and again and again, until it is closed. */
    public void start() {
        threads.execute(() -> lookAndRest(this::lookAtFiles));
        threads.execute(() -> lookAndRest(this::lookAtQueues));
    }

    /** Looks once, and returns when it has. */
    public void look() {
        lookAtFiles();
        lookAtQueues();
    }

    private void lookAndRest(Supplier<Duration> look) {
        Duration rest = look.get();
        if (!threads.isShutdown()) {
            threads.schedule(() -> lookAndRest(look), rest.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Asks the ledger.
     *
     * @return how long to wait before the next look
     */
    Duration lookAtFiles() {
        files = asked("open files", this::openFiles);
        Duration forEntries =
                REST_FOR_AN_ENTRY.multipliedBy(files.map(OpenFiles::entries).orElse(0));
        return forEntries.compareTo(every) > 0 ? forEntries : every;
    }

    /**
     * Asks each queue for itself.
     *
     * @return how long to wait before the next look
     */
    Duration lookAtQueues() {
        queues.forEach((queue, depth) ->
                messages.put(queue, asked("queue " + queue, depth).orElse(Double.NaN)));
        return every;
    }

    private <T> Optional<T> asked(String about, Supplier<T> question) {
        try {
            return Optional.of(question.get());
        } catch (SdkException e) {
            LOG.debug("{}: not known, asked again soon", about, e);
        } catch (RuntimeException e) {
            // A client that was closed meanwhile is nothing to tell.
            if (!threads.isShutdown()) {
                LOG.error("{}: not known: {}", about, e.toString());
            }
        }
        return Optional.empty();
    }

    private OpenFiles openFiles() {
        Map<Status, Integer> byStatus = new EnumMap<>(Status.class);
        Optional<Instant> oldest = Optional.empty();
        int entries = 0;
        try (Stream<Entry> open = openEntries.get()) {
            for (Iterator<Entry> each = open.iterator(); each.hasNext(); ) {
                Entry entry = each.next();
                entries++;
                byStatus.merge(entry.status(), 1, Integer::sum);
                if (entry.status() == Status.PROCESSING || entry.status() == Status.WAITING) {
                    Instant since = entry.openSince();
                    oldest = Optional.of(oldest.filter(since::isAfter).orElse(since));
                }
            }
        }
        return new OpenFiles(byStatus, oldest, entries);
    }

    /** Ends the looking; what is shown stays as it is. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
