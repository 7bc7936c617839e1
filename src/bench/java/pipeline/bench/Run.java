package pipeline.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;

/**
 * One contestant's run.
 *
 * @param figures the sink's
 * @param bytes of all files
 * @param said when a contestant that stores nothing says that it has started, in milliseconds since 1970
 */
record Run(
        Scenario scenario,
        String contestant,
        Measured measured,
        Duration gcPauses,
        JsonNode figures,
        long bytes,
        Optional<Long> said) {
    /** Rows stored a second, between the first that came and the last. */
    double rowsPerSecond() {
        return figures.path("rows").asLong() / seconds();
    }

    /** Rows read a second, good or bad, over the same time. */
    double rowsReadPerSecond() {
        return scenario.totalRows() / seconds();
    }

    /** Files a second, between the first row that came and the last object that left. */
    double filesPerSecond() {
        long millis = figures.path("lastDelete").asLong() - figures.path("firstRow").asLong();
        return scenario.files() * 1000.0 / Math.max(1, millis);
    }

    double megabytesPerSecond() {
        return bytes / 1e6 / seconds();
    }

    private double seconds() {
        return Math.max(1, figures.path("lastRow").asLong() - figures.path("firstRow").asLong()) / 1000.0;
    }

    /** Of the whole process, its start included. */
    double cpuSecondsPer100kRows() {
        return measured.cpu().toNanos() / 1e9 * 100_000 / scenario.totalRows();
    }

    double peakMegabytes() {
        return measured.peakBytes().map(bytes -> bytes / 1e6).orElse(Double.NaN);
    }

    /** From the start of the process to the first row stored, or to what it says. */
    double secondsToFirstRow() {
        return (said.orElse(figures.path("firstRow").asLong()) - measured.startedAt()) / 1000.0;
    }

    long requests() {
        long sum = 0;
        for (JsonNode count : figures.path("requests")) {
            sum += count.asLong();
        }
        return sum;
    }

    /** Of a hundred items, how many were sent more than once. */
    double percentSentAgain() {
        return 100.0 * figures.path("rowsAgain").asLong() / Math.max(1, figures.path("rows").asLong());
    }

    /** Whether it stored what there was to store. */
    boolean complete() {
        long stored = figures.path("rows").asLong();
        long least = (long) (scenario.totalRows() * (100 - 1.2 * scenario.badPercent()) / 100);
        return said.isPresent() || (stored >= least && stored <= scenario.totalRows());
    }

    @Override
    public String toString() {
        return "%s %s: %,.0f rows/s, %.2f CPU-s/100k, %.1f s in all, first row after %.2f s, peak %.0f MB, GC %d ms, %,d requests%s"
                .formatted(
                        scenario.name(),
                        contestant,
                        rowsReadPerSecond(),
                        cpuSecondsPer100kRows(),
                        measured.elapsed().toMillis() / 1000.0,
                        secondsToFirstRow(),
                        peakMegabytes(),
                        gcPauses.toMillis(),
                        requests(),
                        complete() ? "" : " INCOMPLETE, exit " + measured.exit());
    }
}
