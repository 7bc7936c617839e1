package pipeline.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import pipeline.claim.Entry;
import pipeline.claim.Ledger;

/**
 * The versions that were concluded lately, by whichever replica, as the ledger's index by day has them. Kept in memory while
 * somebody looks, so that looking costs little: what is new is asked for at every look, and all of a day only now and then,
 * since an entry may change without being concluded again (discarded, replayed).
 */
final class RecentFiles {
    /** Some 40 MB of memory. */
    static final int MOST = 100_000;

    private static final Duration NEWS = Duration.ofSeconds(1);
    private static final Duration TODAY = Duration.ofMinutes(1);
    private static final Duration EARLIER_DAYS = Duration.ofMinutes(10);

    /** An index follows its table, and clocks of replicas differ by a little. */
    private static final Duration OVERLAP = Duration.ofSeconds(15);

    private final Ledger ledger;
    private final Clock clock;
    private final TreeMap<LocalDate, Day> days = new TreeMap<>();

    private static final class Day {
        private Map<String, ConcludedFile> files = new HashMap<>();
        private Instant readInFull = Instant.EPOCH;
        private Instant read = Instant.EPOCH;
    }

    /** @param complete false where there were more than are kept; the latest are */
    record Window(List<ConcludedFile> files, boolean complete) {}

    RecentFiles(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** The files concluded since an instant, the latest first. */
    synchronized Window since(Instant from) {
        Instant now = clock.instant();
        LocalDate today = day(now);
        for (LocalDate day = day(from); !day.isAfter(today); day = day.plusDays(1)) {
            refresh(day, now, day.equals(today));
        }
        days.headMap(today.minusDays(8)).clear();
        List<ConcludedFile> files = days.tailMap(day(from)).values().stream()
                .map(day -> day.files.values())
                .flatMap(Collection::stream)
                .filter(file -> !file.concludedAt().isBefore(from))
                .sorted(Comparator.comparing(ConcludedFile::concludedAt).reversed())
                .toList();
        return new Window(
                files, days.values().stream().mapToInt(day -> day.files.size()).sum() < MOST);
    }

    /** Forgets everything: nobody looks any more, or something was changed here that is to be seen at once. */
    synchronized void forget() {
        days.clear();
    }

    private static LocalDate day(Instant instant) {
        return instant.atZone(ZoneOffset.UTC).toLocalDate();
    }

    private void refresh(LocalDate date, Instant now, boolean today) {
        Day day = days.computeIfAbsent(date, key -> new Day());
        if (!now.isBefore(day.readInFull.plus(today ? TODAY : EARLIER_DAYS))) {
            day.files = new HashMap<>();
            add(day, ledger.concludedOn(date));
            day.readInFull = now;
            day.read = now;
        } else if (today && !now.isBefore(day.read.plus(NEWS))) {
            add(day, ledger.concludedOn(date, day.read.minus(OVERLAP)));
            day.read = now;
        }
    }

    private void add(Day day, Stream<Entry> entries) {
        int others = days.values().stream()
                .filter(other -> other != day)
                .mapToInt(other -> other.files.size())
                .sum();
        try (entries) {
            entries.map(ConcludedFile::of).forEach(file -> {
                // Concluded again on another day, it belongs to that one alone.
                days.values().stream().filter(other -> other != day).forEach(other -> other.files.remove(file.id()));
                if (others + day.files.size() < MOST) {
                    day.files.put(file.id(), file);
                }
            });
        }
    }
}
