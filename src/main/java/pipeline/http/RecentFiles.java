package pipeline.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import pipeline.claim.Conclusions;
import pipeline.claim.Entry;
import pipeline.claim.Ledger;

/**
 * The versions that were concluded lately, by whichever replica, as the ledger's index by day has them. Kept in memory while
 * somebody looks, so that looking costs little: what is new is asked for at every look, and all of a day only now and then,
 * since an entry may change without being concluded again (discarded, replayed by another).
 */
final class RecentFiles {
    /** Some 40 MB of memory. */
    static final int MOST = 100_000;

    /** So long whoever asks waits for another who reads. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Comparator<ConcludedFile> LATEST_FIRST =
            Comparator.comparing(ConcludedFile::concludedAt).reversed();

    private static final Duration NEWS = Duration.ofSeconds(1);
    private static final Duration TODAY = Duration.ofMinutes(5);
    private static final Duration EARLIER_DAYS = Duration.ofMinutes(30);

    /** An index follows its table, and clocks of replicas differ by a little. */
    private static final Duration OVERLAP = Duration.ofSeconds(15);

    private final Ledger ledger;
    private final Clock clock;
    private final int most;
    private final TreeMap<LocalDate, Day> days = new TreeMap<>();
    private final ReentrantLock reading = new ReentrantLock();
    private final Queue<ConcludedFile> changed = new ConcurrentLinkedQueue<>();

    private static final class Day {
        private final Map<String, ConcludedFile> files = new HashMap<>();
        private Instant readInFull = Instant.EPOCH;
        private Instant read = Instant.EPOCH;
        private boolean complete = true;
    }

    /** @param complete false where there were more than are kept; the latest are */
    record Window(List<ConcludedFile> files, boolean complete) {}

    RecentFiles(Ledger ledger, Clock clock) {
        this(ledger, clock, MOST);
    }

    RecentFiles(Ledger ledger, Clock clock, int most) {
        this.ledger = ledger;
        this.clock = clock;
        this.most = most;
    }

    /**
     * The files concluded since an instant, the latest first.
     *
     * @throws Refusal 503 when somebody else has read for long and not come to an end
     */
    Window since(Instant from) {
        lock();
        try {
            return read(from);
        } finally {
            reading.unlock();
        }
    }

    private void lock() {
        try {
            if (reading.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new Refusal(503, "the ledger is still being read; ask again in a moment");
    }

    private Window read(Instant from) {
        Instant now = clock.instant();
        LocalDate today = day(now);
        days.headMap(today.minusDays(8)).clear();
        List<ConcludedFile> files = new ArrayList<>();
        boolean complete = true;
        int room = most;
        for (LocalDate date = today; !date.isBefore(day(from)); date = date.minusDays(1)) {
            Day day = days.computeIfAbsent(date, key -> new Day());
            refresh(day, date, now, room);
            complete &= day.complete;
            room -= day.files.size();
        }
        for (ConcludedFile file = changed.poll(); file != null; file = changed.poll()) {
            for (Day day : days.values()) {
                day.files.replace(file.id(), file);
            }
        }
        days.tailMap(day(from)).values().stream()
                .flatMap(day -> day.files.values().stream())
                .filter(file -> !file.concludedAt().isBefore(from))
                .forEach(files::add);
        files.sort(LATEST_FIRST);
        return new Window(files, complete);
    }

    /** An entry was changed here without being concluded again: that is to be seen at once. */
    void changed(Entry entry) {
        changed.add(ConcludedFile.of(entry));
    }

    /** Forgets everything, unless somebody is just reading: nobody looks any more. */
    void forget() {
        if (reading.tryLock()) {
            try {
                days.clear();
            } finally {
                reading.unlock();
            }
        }
    }

    private static LocalDate day(Instant instant) {
        return instant.atZone(ZoneOffset.UTC).toLocalDate();
    }

    private void refresh(Day day, LocalDate date, Instant now, int room) {
        boolean today = date.equals(day(now));
        // Until it was read once after its end, more may have come to it.
        Instant settled =
                date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().plus(OVERLAP);
        if (!now.isBefore(day.readInFull.plus(today ? TODAY : EARLIER_DAYS))) {
            day.readInFull = Instant.EPOCH;
            day.files.clear();
            day.complete = true;
            Ledger.shards(date)
                    .forEach(shard -> add(day, ledger.concludedIn(shard, Instant.MIN), room / Conclusions.SHARDS));
            day.readInFull = now;
            day.read = now;
        } else if (day.read.isBefore(settled) && !now.isBefore(day.read.plus(NEWS))) {
            Instant from = day.read.minus(OVERLAP);
            Ledger.shards(date).forEach(shard -> add(day, ledger.concludedIn(shard, from), Integer.MAX_VALUE));
            day.read = now;
        }
        if (!today && day.files.size() > room) {
            // Later days have grown into its place.
            List<ConcludedFile> kept =
                    day.files.values().stream().sorted(LATEST_FIRST).limit(room).toList();
            day.files.clear();
            kept.forEach(file -> day.files.put(file.id(), file));
            day.complete = false;
        }
    }

    /** Adds the latest of a shard, as many as there is room for. */
    private void add(Day day, Stream<Entry> latestFirst, int room) {
        try (latestFirst) {
            Iterator<Entry> each = latestFirst.iterator();
            for (int added = 0; added < room && each.hasNext(); added++) {
                ConcludedFile file = ConcludedFile.of(each.next());
                // Concluded again on another day, it belongs to that one alone.
                days.values().stream().filter(other -> other != day).forEach(other -> other.files.remove(file.id()));
                day.files.put(file.id(), file);
            }
            day.complete &= !each.hasNext();
        }
    }
}
