package pipeline.announce;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import pipeline.claim.Entry;
import pipeline.claim.FileVersion;
import pipeline.dataset.Shown;

/**
 * Which failures a person has heard the reason of already: within a window, the first for a reason is told in full and those
 * that follow it in a line. Every failure is told, and none waits for the window's end, so nothing depends on this memory of
 * one process: where it is lost, a reason is told in full once more.
 */
public final class Digest {
    /** Reasons and failures that are remembered; a forgotten reason is told in full, a forgotten failure counts again. */
    private static final int MOST = 10_000;

    /** A sentence of AWS's may be long, and what tells it from others comes early. */
    private static final int LONGEST = 300;

    private final Optional<Duration> window;
    private final InstantSource wall;
    private final Map<String, Window> windows = bounded();
    private final Map<String, Place> places = bounded();

    /**
     * @param window how long a reason counts as told; empty = every failure is told in full
     * @param wall the time of day: it decides on nothing but the length of a text
     */
    public Digest(Optional<Duration> window, InstantSource wall) {
        this.window = window;
        this.wall = wall;
    }

    /** Every failure is told in full. */
    public static Digest off() {
        return new Digest(Optional.empty(), InstantSource.system());
    }

    /**
     * Where a failure stands among those for the same reason.
     *
     * @param number from 1, the one that is told in full
     * @param since a moment before the first of them, to list them by
     * @param until when the reason is told in full again
     */
    record Place(long number, Instant since, Instant until) {
        boolean first() {
            return number == 1;
        }

        /** The 10th, 100th, 1,000th and so on: whoever leaves out repeats hears by these how far it has got. */
        boolean milestone() {
            long power = 10;
            while (power < number) {
                power *= 10;
            }
            return power == number;
        }
    }

    private static final class Window {
        private final Instant since;
        private final Instant until;
        private long failures;

        Window(Instant since, Instant until) {
            this.since = since;
            this.until = until;
        }
    }

    private static <V> Map<String, V> bounded() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > MOST;
            }
        };
    }

    /** The same for a failure however often it is asked, as an alert may be sent again; empty where digests are off. */
    synchronized Optional<Place> place(Entry entry) {
        return window.map(length -> places.computeIfAbsent(
                FileVersion.failureId(entry.file(), entry.version(), entry.failures()), id -> next(entry, length)));
    }

    private Place next(Entry entry, Duration length) {
        Instant now = wall.instant();
        String reason = reason(entry);
        Window open = windows.get(reason);
        if (open == null || !now.isBefore(open.until)) {
            Instant since = entry.concludedAt().orElse(now).truncatedTo(ChronoUnit.MINUTES);
            open = new Window(since, now.plus(length).truncatedTo(ChronoUnit.SECONDS));
            // Taken out first: the oldest are forgotten first, and this one is new.
            windows.remove(reason);
            windows.put(reason, open);
        }
        open.failures++;
        return new Place(open.failures, open.since, open.until);
    }

    /** The reason without what differs from file to file: names, what was found, numbers, ids. */
    static String reason(Entry entry) {
        String alone = entry.reasonAlone()
                .orElse("")
                .replace(Shown.line(entry.file()), "<file>")
                .replace(entry.file(), "<file>")
                .replaceAll("'[^']*'", "'...'")
                .replaceAll("\\b(?=[\\p{Alnum}-]*[0-9])[\\p{Alnum}-]{8,}", "#")
                .replaceAll("[0-9]+(?:[.,:][0-9]+)*", "#");
        return entry.status().text() + ": " + (alone.length() <= LONGEST ? alone : alone.substring(0, LONGEST));
    }
}
