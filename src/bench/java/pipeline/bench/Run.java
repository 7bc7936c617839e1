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
    /** Rows a second, good or bad, from when the first object was asked for until the last row was stored. */
    double rowsPerSecond() {
        return scenario.totalRows() / secondsOfWork();
    }

    /** Files a second, from when the first object was asked for until the last one left, or else its last row. */
    double filesPerSecond() {
        return scenario.files() / secondsUntil(Math.max(instant("lastDelete"), instant("lastRow")));
    }

    double megabytesPerSecond() {
        return bytes / 1e6 / secondsOfWork();
    }

    private double secondsOfWork() {
        return secondsUntil(instant("lastRow"));
    }

    private double secondsUntil(long end) {
        return Math.max(1, end - instant("firstRead")) / 1000.0;
    }

    private long instant(String figure) {
        return figures.path(figure).asLong();
    }

    /** Of the whole process, its start included. */
    double cpuSecondsPer100kRows() {
        return measured.cpu().toNanos() / 1e9 * 100_000 / scenario.totalRows();
    }

    double peakMegabytes() {
        return measured.peakBytes().map(bytes -> bytes / 1e6).orElse(Double.NaN);
    }

    /** From the start of the process to its end. */
    double seconds() {
        return measured.elapsed().toMillis() / 1000.0;
    }

    /** From the start of the process to the first row stored, or to what it says. */
    double secondsToFirstRow() {
        return (said.orElse(instant("firstRow")) - measured.startedAt()) / 1000.0;
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
        return 100.0
                * figures.path("rowsAgain").asLong()
                / Math.max(1, figures.path("rows").asLong());
    }

    /** Whether it stored what there was to store, and the sink could answer all that it asked. */
    boolean complete() {
        long stored = figures.path("rows").asLong();
        long least = (long) (scenario.totalRows() * (100 - 1.2 * scenario.badPercent()) / 100);
        return spoiltBy().isEmpty() && (said.isPresent() || (stored >= least && stored <= scenario.totalRows()));
    }

    private String spoiltBy() {
        return figures.path("spoiltBy").asText();
    }

    @Override
    public String toString() {
        return "%s %s: %,.0f rows/s, %.2f CPU-s/100k, %.1f s in all, first row after %.2f s, peak %.0f MB, GC %d ms, %,d requests%s"
                .formatted(
                        scenario.name(),
                        contestant,
                        rowsPerSecond(),
                        cpuSecondsPer100kRows(),
                        seconds(),
                        secondsToFirstRow(),
                        peakMegabytes(),
                        gcPauses.toMillis(),
                        requests(),
                        complete() ? "" : " INCOMPLETE, exit " + measured.exit() + " " + spoiltBy());
    }
}
