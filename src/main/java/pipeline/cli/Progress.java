package pipeline.cli;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import pipeline.claim.Attempt;
import pipeline.dataset.Shown;
import pipeline.settings.Settings;

/**
 * Shows on a terminal how far the longest running file has got, in one line that is rewritten in place. Files that take
 * less than two seconds are not shown.
 */
public final class Progress implements AutoCloseable {
    private static final Duration WORTH_SHOWING = Duration.ofSeconds(2);
    private static final long EVERY_MILLIS = 500;

    private final Optional<StatusLine> line;
    private final Supplier<Collection<Attempt>> inHand;
    private final LongSupplier nanoTime;
    private final Map<Attempt, Pace> paces = new HashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "progress");
        thread.setDaemon(true);
        return thread;
    });

    /** @param inHand the files that are being worked on at the moment of asking */
    Progress(Supplier<Collection<Attempt>> inHand) {
        this(StatusLine.installed(), inHand, System::nanoTime);
    }

    Progress(Optional<StatusLine> line, Supplier<Collection<Attempt>> inHand, LongSupplier nanoTime) {
        this.line = line;
        this.inHand = inHand;
        this.nanoTime = nanoTime;
    }

    /** Begins to show, until it is closed; does nothing where no terminal is, or where machines read the log. */
    void start(Settings settings) {
        if (line.isPresent() && !settings.jsonLogs()) {
            clock.scheduleAtFixedRate(() -> show(line.get()), EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Shows how things stand now. */
    void show(StatusLine line) {
        long now = nanoTime.getAsLong();
        Collection<Attempt> attempts = inHand.get();
        paces.keySet().retainAll(attempts);
        Optional<Attempt> longest = Optional.empty();
        int worthShowing = 0;
        for (Attempt attempt : attempts) {
            paces.computeIfAbsent(attempt, begun -> new Pace()).add(now, attempt.rowsRead());
            if (!attempt.concluded() && attempt.elapsed().compareTo(WORTH_SHOWING) >= 0) {
                worthShowing++;
                longest = longest.filter(other -> other.elapsed().compareTo(attempt.elapsed()) > 0)
                        .or(() -> Optional.of(attempt));
            }
        }
        if (longest.isEmpty()) {
            line.clear();
            return;
        }
        String others = worthShowing == 1 ? "" : "   and %,d more".formatted(worthShowing - 1);
        line.show(text(Look.at(longest.get()), paces.get(longest.get()).rowsPerSecond()) + others);
    }

    /** How far one attempt has got, at one moment. */
    record Look(
            String file, boolean readingRows, long bytes, long bytesTotal, long rows, long rowsTotal, long rejected) {
        static Look at(Attempt attempt) {
            return new Look(
                    attempt.file(),
                    attempt.dataset().isPresent(),
                    attempt.bytesRead(),
                    attempt.entry().bytes(),
                    attempt.rowsRead(),
                    attempt.rowsTotal(),
                    attempt.rowsRejected());
        }
    }

    /** The line for one file. */
    static String text(Look look, long rowsPerSecond) {
        StringBuilder text = new StringBuilder(Shown.plain(look.file()));
        text.append("   ").append(look.bytesTotal() == 0 ? 100 : 100 * look.bytes() / look.bytesTotal());
        text.append(" % of ").append(Words.size(look.bytesTotal()));
        if (!look.readingRows()) {
            return text.append(" looked through").toString();
        }
        text.append("   %,d of %,d rows   %,d rows/s".formatted(look.rows(), look.rowsTotal(), rowsPerSecond));
        if (look.rejected() > 0) {
            text.append("   %,d rejected".formatted(look.rejected()));
        }
        if (rowsPerSecond > 0) {
            long left = Math.max(0, look.rowsTotal() - look.rows()) / rowsPerSecond;
            text.append("   ").append(Words.clock(left)).append(" left");
        }
        return text.toString();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        line.ifPresent(StatusLine::clear);
    }
}
