package pipeline.cli;

import java.util.ArrayDeque;
import java.util.Deque;

/** How fast something goes, over about the last ten seconds. */
final class Pace {
    private static final long WINDOW_NANOS = 10_000_000_000L;

    private record Sample(long nanos, long rows) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /** Notes how many rows were done at an instant of a monotonic clock. */
    void add(long nanos, long rows) {
        if (!samples.isEmpty() && rows < samples.getLast().rows()) {
            samples.clear(); // reading began again
        }
        samples.addLast(new Sample(nanos, rows));
        while (samples.size() > 2 && nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
            samples.removeFirst();
        }
        // Before the first row nothing was slow: it had not begun.
        while (samples.size() > 1 && samples.getFirst().rows() == 0 && second().rows() == 0) {
            samples.removeFirst();
        }
    }

    private Sample second() {
        return samples.stream().skip(1).findFirst().orElseThrow();
    }

    /** 0 while nothing is known. */
    long rowsPerSecond() {
        if (samples.size() < 2) {
            return 0;
        }
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        double seconds = (last.nanos() - first.nanos()) / 1e9;
        return seconds < 1 ? 0 : Math.round((last.rows() - first.rows()) / seconds);
    }
}
