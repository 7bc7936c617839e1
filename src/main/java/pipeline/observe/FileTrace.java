package pipeline.observe;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The course of one attempt at a file, step within step. What is done several times within one step is one step, from its
 * first beginning to its last end: so a trace is no longer than the routes are, however many batches or tries there were.
 * It is followed by one thread at a time, as a file is worked on.
 */
public final class FileTrace {
    private final long began = System.nanoTime();
    private final long beganAt = epochNanos();
    private final Step root;
    private Step current;

    /** @param name of the step that all others are within; it has begun */
    public FileTrace(String name) {
        root = new Step(name, Optional.empty());
        current = root;
        root.begin(began);
    }

    private static long epochNanos() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    /** A step and those within it. */
    static final class Step {
        private final String name;
        private final Optional<Step> within;
        private final Map<String, Step> steps = new LinkedHashMap<>();
        private int times;
        private int failures;
        private long first;
        private long last;
        private long lastBegan;
        private long busy;
        private Optional<String> error = Optional.empty();
        private Optional<String> lastError = Optional.empty();

        private Step(String name, Optional<Step> within) {
            this.name = name;
            this.within = within;
        }

        private void begin(long now) {
            if (times == 0) {
                first = now;
            }
            times++;
            lastBegan = now;
            last = now;
        }

        private void end(long now, Optional<String> kind) {
            last = now;
            busy += now - lastBegan;
            lastError = kind;
            if (kind.isPresent()) {
                failures++;
                error = kind;
            }
        }

        String name() {
            return name;
        }

        List<Step> steps() {
            return new ArrayList<>(steps.values());
        }

        /** How often it was done. */
        int times() {
            return times;
        }

        /** How often it failed. */
        int failures() {
            return failures;
        }

        /** How long it took, over all times. */
        double busySeconds() {
            return busy / 1e9;
        }

        /** What kind of failure the last one was; empty where it never failed. */
        Optional<String> error() {
            return error;
        }

        /** Whether it failed the last time. */
        boolean failed() {
            return lastError.isPresent();
        }
    }

    /** A step begins, within the one that began last and has not ended. */
    public void begin(String name) {
        Step outer = current;
        current = outer.steps.computeIfAbsent(name, key -> new Step(key, Optional.of(outer)));
        current.begin(System.nanoTime());
    }

    /**
     * The step that began last ends.
     *
     * @param error what kind of failure it ended with, without any words of it; empty where it did not fail
     */
    public void end(Optional<String> error) {
        current.end(System.nanoTime(), error);
        current = current.within.orElse(root);
    }

    /** What kind of failure a step of this name, right within the whole, ended with. */
    public Optional<String> error(String name) {
        return Optional.ofNullable(root.steps.get(name)).flatMap(step -> step.lastError);
    }

    Step root() {
        return root;
    }

    /** When a step began first, in nanoseconds since 1970. */
    long beganAt(Step step) {
        return beganAt + step.first - began;
    }

    /** When a step ended last, in nanoseconds since 1970. */
    long endedAt(Step step) {
        return beganAt + step.last - began;
    }
}
