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
 * AWS is asked now and then by a thread of this class's own, never by whoever reads a gauge; what AWS does not tell is NaN
 * until it does, and nobody else is the worse for it.
 *
 * <p>Every replica asks the same ledger and the same queues: over several of them the largest figure is the right one, and
 * their sum is not.
 */
public final class Backlog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);

    /** Those that somebody has still to do something about. */
    private static final List<Status> OPEN = List.of(Status.PROCESSING, Status.WAITING, Status.REFUSED, Status.FAILED);

    /** To read an entry costs money and time: after many of them the next look is later, by so much for each. */
    private static final Duration REST_FOR_AN_ENTRY = Duration.ofMillis(10);

    private final Supplier<Stream<Entry>> openEntries;
    private final Map<String, Supplier<Double>> queues;
    private final InstantSource clock;
    private final Duration every;
    private final Duration longest;

    private volatile Optional<OpenFiles> files = Optional.empty();
    private final Map<String, Double> messages = new ConcurrentHashMap<>();

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread own = new Thread(task, "backlog");
        own.setDaemon(true);
        return own;
    });

    /** @param oldest when the file was first claimed that has been unfinished for longest; empty where there is none */
    private record OpenFiles(Map<Status, Integer> byStatus, Optional<Instant> oldest, int entries) {}

    /**
     * Asks nothing yet.
     *
     * @param queues how many messages lie in each, by the name that the figure bears
     * @param every the least time between two looks
     * @param longest the longest that the ledger is read in one look; with more to read than that, nothing is known
     */
    public Backlog(
            Ledger ledger,
            Map<String, Supplier<Double>> queues,
            InstantSource clock,
            Duration every,
            Duration longest) {
        this(() -> Stream.of(Ledger.WORK, Ledger.FAILURE).flatMap(ledger::open), queues, clock, every, longest);
    }

    Backlog(
            Supplier<Stream<Entry>> openEntries,
            Map<String, Supplier<Double>> queues,
            InstantSource clock,
            Duration every,
            Duration longest) {
        this.openEntries = openEntries;
        this.queues = Map.copyOf(queues);
        this.clock = clock;
        this.every = every;
        this.longest = longest;
    }

    /** Shows the figures, NaN until AWS was first asked. */
    public void show(MeterRegistry registry) {
        for (Status status : OPEN) {
            gauge("pipeline.open.files", seen -> seen.files()
                            .map(open -> open.byStatus().getOrDefault(status, 0).doubleValue())
                            .orElse(Double.NaN))
                    .description("Files that the ledger has as open")
                    .tag("status", status.text())
                    .register(registry);
        }
        gauge("pipeline.oldest.open.file", Backlog::oldestSeconds)
                .description("Time since the first claim of the file that has been unfinished for longest; 0 = none is")
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
        thread.execute(this::lookAndRest);
    }

    private void lookAndRest() {
        Duration rest = look();
        if (!thread.isShutdown()) {
            thread.schedule(this::lookAndRest, rest.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Asks AWS, each service for itself.
     *
     * @return how long to wait before the next look
     */
    Duration look() {
        files = asked("open files", this::openFiles);
        queues.forEach((queue, depth) ->
                messages.put(queue, asked("queue " + queue, depth).orElse(Double.NaN)));
        Duration forEntries =
                REST_FOR_AN_ENTRY.multipliedBy(files.map(OpenFiles::entries).orElse(0));
        return forEntries.compareTo(every) > 0 ? forEntries : every;
    }

    private static <T> Optional<T> asked(String about, Supplier<T> question) {
        try {
            return Optional.of(question.get());
        } catch (SdkException e) {
            LOG.debug("{}: not known, asked again soon", about, e);
        } catch (RuntimeException e) {
            LOG.error("{}: not known: {}", about, e.toString());
        }
        return Optional.empty();
    }

    private OpenFiles openFiles() {
        long until = System.nanoTime() + longest.toNanos();
        Map<Status, Integer> byStatus = new EnumMap<>(Status.class);
        Optional<Instant> oldest = Optional.empty();
        int entries = 0;
        try (Stream<Entry> open = openEntries.get()) {
            for (Iterator<Entry> each = open.iterator(); each.hasNext(); ) {
                if (System.nanoTime() - until > 0) {
                    throw SdkException.create(
                            "more open files than can be read in %d s".formatted(longest.toSeconds()), null);
                }
                Entry entry = each.next();
                entries++;
                byStatus.merge(entry.status(), 1, Integer::sum);
                if (entry.status() == Status.PROCESSING || entry.status() == Status.WAITING) {
                    oldest = Optional.of(
                            oldest.filter(entry.firstClaim()::isAfter).orElse(entry.firstClaim()));
                }
            }
        }
        return new OpenFiles(byStatus, oldest, entries);
    }

    /** Ends the looking; what is shown stays as it is. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
