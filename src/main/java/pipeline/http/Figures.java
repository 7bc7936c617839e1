package pipeline.http;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import pipeline.claim.Status;

/** Sums over files that were concluded. */
final class Figures {
    private static final int MOST_REASONS = 10;

    private final List<ConcludedFile> files;
    private final List<ConcludedFile> worked;

    Figures(List<ConcludedFile> files) {
        this.files = files;
        // What waits again was concluded once, and its figures will come with its next end.
        worked = files.stream().filter(file -> isEnd(file.status())).toList();
    }

    /** True for what a file ends as by itself, or was left at. */
    static boolean isEnd(Status status) {
        return switch (status) {
            case COMPLETED, REFUSED, FAILED, DISCARDED -> true;
            case PROCESSING, WAITING, SUPERSEDED -> false;
        };
    }

    long count(Status status) {
        return files.stream().filter(file -> file.status() == status).count();
    }

    long rowsStored() {
        return worked.stream().mapToLong(ConcludedFile::rowsStored).sum();
    }

    /**
     * Rows of completed and refused files that are neither stored nor rejected, or more often than they were read: 0, or
     * something is broken.
     */
    long rowsUnaccounted() {
        return worked.stream()
                .filter(file -> file.status() == Status.COMPLETED || file.status() == Status.REFUSED)
                .mapToLong(file -> Math.abs(file.rowsRead() - file.rowsStored() - file.rowsRejected()))
                .sum();
    }

    /** How many files came to an end since an instant. */
    long since(Instant from) {
        return worked.stream()
                .filter(file -> !file.concludedAt().isBefore(from))
                .count();
    }

    /** When the last file came to an end. */
    Instant latest() {
        return worked.stream()
                .map(ConcludedFile::concludedAt)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    /** The tiles that come from the ledger; null where there is nothing to say. */
    Map<String, Object> tiles() {
        long completed = count(Status.COMPLETED);
        long errors = count(Status.REFUSED) + count(Status.FAILED);
        long[] durations = worked.stream()
                .mapToLong(ConcludedFile::durationMillis)
                .sorted()
                .toArray();
        long stored = rowsStored();
        long resent = worked.stream().mapToLong(ConcludedFile::itemsResent).sum();
        Map<String, Object> tiles = new LinkedHashMap<>();
        tiles.put("files", worked.size());
        tiles.put("completed", completed);
        tiles.put("refused", count(Status.REFUSED));
        tiles.put("failed", count(Status.FAILED));
        tiles.put("discarded", count(Status.DISCARDED));
        tiles.put("success_rate", completed + errors == 0 ? null : (double) completed / (completed + errors));
        tiles.put("errors", errors);
        tiles.put(
                "duration_average_millis",
                durations.length == 0 ? null : Arrays.stream(durations).sum() / durations.length);
        tiles.put("duration_p95_millis", durations.length == 0 ? null : durations[nearestRank(durations.length)]);
        tiles.put(
                "rows_read", worked.stream().mapToLong(ConcludedFile::rowsRead).sum());
        tiles.put("rows_stored", stored);
        tiles.put(
                "rows_rejected",
                worked.stream().mapToLong(ConcludedFile::rowsRejected).sum());
        tiles.put("rows_unaccounted", rowsUnaccounted());
        tiles.put(
                "write_units",
                worked.stream().mapToLong(ConcludedFile::writeUnits).sum());
        tiles.put(
                "cost_per_1000_rows",
                stored == 0
                        ? null
                        : cost(worked)
                                .map(cost -> cost.multiply(BigDecimal.valueOf(1_000))
                                        .divide(BigDecimal.valueOf(stored), new MathContext(3, RoundingMode.HALF_UP)))
                                .orElse(null));
        tiles.put("throttled_share", stored + resent == 0 ? null : (double) resent / (stored + resent));
        return tiles;
    }

    /** The index of the 95th percentile among sorted values, by nearest rank. */
    private static int nearestRank(int values) {
        return (int) Math.ceil(values * 0.95) - 1;
    }

    /** What files have cost, in dollars; empty where the ledger knows of none. */
    static Optional<BigDecimal> cost(List<ConcludedFile> files) {
        return files.stream().flatMap(file -> file.cost().stream()).reduce(BigDecimal::add);
    }

    /** What files have cost by the day (UTC) on which they came to their end, and by dataset; the latest day first. */
    List<Map<String, Object>> costs() {
        Map<LocalDate, Map<String, List<ConcludedFile>>> groups = worked.stream()
                .collect(Collectors.groupingBy(
                        file -> file.concludedAt().atZone(ZoneOffset.UTC).toLocalDate(),
                        () -> new TreeMap<>(Comparator.<LocalDate>reverseOrder()),
                        Collectors.groupingBy(ConcludedFile::dataset, TreeMap::new, Collectors.toList())));
        List<Map<String, Object>> lines = new ArrayList<>();
        groups.forEach((day, datasets) -> datasets.forEach((dataset, group) -> {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("day", day.toString());
            line.put("dataset", dataset);
            line.put("files", group.size());
            line.put(
                    "rows_stored",
                    group.stream().mapToLong(ConcludedFile::rowsStored).sum());
            line.put(
                    "write_units",
                    group.stream().mapToLong(ConcludedFile::writeUnits).sum());
            cost(group).ifPresent(dollars -> line.put("cost", dollars));
            lines.add(line);
        }));
        return lines;
    }

    /** The commonest reasons for which rows were rejected, the commonest first. */
    List<Map<String, Object>> reasons() {
        Map<String, long[]> byReason = new HashMap<>();
        worked.forEach(file -> file.rejectedFor().forEach((reason, rows) -> {
            long[] sums = byReason.computeIfAbsent(reason, key -> new long[2]);
            sums[0] += rows;
            sums[1]++;
        }));
        return byReason.entrySet().stream()
                .sorted(Map.Entry.<String, long[]>comparingByValue(Comparator.comparingLong(sums -> -sums[0]))
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_REASONS)
                .map(entry -> {
                    Map<String, Object> reason = new LinkedHashMap<>();
                    reason.put("reason", entry.getKey());
                    reason.put("rows", entry.getValue()[0]);
                    reason.put("files", entry.getValue()[1]);
                    return reason;
                })
                .toList();
    }

    /** Outcomes over time, in buckets that begin at whole multiples of their length. */
    Map<String, Object> chart(Instant from, Instant to) {
        long bucket = bucketSeconds(Duration.between(from, to));
        long first = from.getEpochSecond() / bucket;
        int buckets = (int) (to.getEpochSecond() / bucket - first + 1);
        Map<String, long[]> series = new LinkedHashMap<>();
        for (String name : List.of("completed", "refused", "failed", "rows_stored", "rows_rejected")) {
            series.put(name, new long[buckets]);
        }
        for (ConcludedFile file : worked) {
            int at = (int) (file.concludedAt().getEpochSecond() / bucket - first);
            // By another replica's clock a file may have been concluded in a moment.
            if (at >= 0 && at < buckets) {
                Optional.ofNullable(series.get(file.status().text())).ifPresent(counts -> counts[at]++);
                series.get("rows_stored")[at] += file.rowsStored();
                series.get("rows_rejected")[at] += file.rowsRejected();
            }
        }
        List<Long> start = new ArrayList<>();
        for (int i = 0; i < buckets; i++) {
            start.add((first + i) * bucket);
        }
        Map<String, Object> chart = new LinkedHashMap<>();
        chart.put("bucket_seconds", bucket);
        chart.put("start", start);
        chart.putAll(series);
        return chart;
    }

    /** A length that gives some forty bars where the window is one that the page offers. */
    private static long bucketSeconds(Duration window) {
        if (window.toHours() <= 3) {
            return 300;
        }
        return window.toHours() <= 24 ? 1_800 : window.toHours() <= 72 ? 7_200 : 14_400;
    }
}
