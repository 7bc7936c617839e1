package pipeline.http;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import pipeline.aws.Reasons;
import pipeline.claim.Attempt;
import pipeline.claim.Entry;
import pipeline.claim.Ledger;
import pipeline.claim.Status;
import pipeline.conclude.Failures;
import pipeline.cost.Idle;
import pipeline.cost.Prices;
import pipeline.dataset.Shown;
import pipeline.explain.EntryFacts;
import pipeline.intake.RawData;
import pipeline.observe.Backlog;
import pipeline.outage.Outage;
import pipeline.settings.Settings;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * How the pipeline fares, over all replicas: state in words, figures, what needs a person, what is under way. Made anew at
 * most every second, however many look; where the ledger does not answer, that is what is told.
 */
final class Overview {
    /** So many files are listed; all are counted, of those under way up to {@link #MOST_OPEN}. */
    private static final int LISTED = 50;

    private static final int MOST_OPEN = 1_000;
    private static final Duration AGE = Duration.ofSeconds(1);

    /** What is so old may be told while what is newer is still being made. */
    private static final Duration LAST_RESORT = Duration.ofMinutes(1);

    private static final Duration ANSWERS_AGE = Duration.ofMinutes(1);

    /** So long another's question to AWS is waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Listed more rarely, what was found may long be done. */
    private static final Duration LISTED_OFTEN = Duration.ofMinutes(1);

    /** As long as the alarms StandsStill and FileUnfinished wait. */
    private static final Duration STANDS_STILL = Duration.ofMinutes(15);

    private static final Duration UNFINISHED = Duration.ofHours(1);

    private final RecentFiles recent;
    private final Ledger ledger;
    private final Failures failures;
    private final Outage outage;
    private final Backlog backlog;
    private final RawData rawData;
    private final Supplier<Collection<Attempt>> inHand;
    private final Settings settings;
    private final Clock clock;
    private final BigDecimal waitingCost;

    private final ReentrantLock making = new ReentrantLock();
    private final Map<String, Made> made = new ConcurrentHashMap<>();
    private Optional<Instant> untakenSince = Optional.empty();
    private Optional<Instant> silentSince = Optional.empty();
    private Map<String, Entry> answers = Map.of();
    private List<String> answered = List.of();
    private Instant answeredAt = Instant.EPOCH;

    private record Made(Instant at, Map<String, Object> view) {}

    /**
     * What is open in the ledger at a moment.
     *
     * @param work processing or waiting, what has been open for longest comes first
     * @param failures up to {@link Failures#MOST} of them, the latest first
     */
    private record Open(List<Entry> work, List<Entry> failures, Map<String, Entry> answers) {}

    Overview(
            RecentFiles recent,
            Ledger ledger,
            Failures failures,
            Outage outage,
            Backlog backlog,
            RawData rawData,
            Supplier<Collection<Attempt>> inHand,
            Settings settings,
            Prices prices,
            Clock clock) {
        this.recent = recent;
        this.ledger = ledger;
        this.failures = failures;
        this.outage = outage;
        this.backlog = backlog;
        this.rawData = rawData;
        this.inHand = inHand;
        this.settings = settings;
        this.clock = clock;
        waitingCost = Idle.aDay(settings).cost(prices);
    }

    /**
     * @param hours how far back
     * @param dataset figures are of files of this one alone; empty = of all. State and what is open are always of all
     */
    Map<String, Object> of(long hours, Optional<String> dataset) {
        String key = hours + " " + dataset.orElse("");
        return known(key, AGE).orElseGet(() -> {
            if (!waitForOthers()) {
                return known(key, LAST_RESORT).orElseGet(() -> stillRead(hours));
            }
            try {
                return known(key, AGE).orElseGet(() -> make(key, hours, dataset));
            } finally {
                making.unlock();
            }
        });
    }

    private Optional<Map<String, Object>> known(String key, Duration age) {
        Instant now = clock.instant();
        made.values().removeIf(view -> !view.at().isAfter(now.minus(LAST_RESORT)));
        return Optional.ofNullable(made.get(key))
                .filter(view -> view.at().isAfter(now.minus(age)))
                .map(Made::view);
    }

    private boolean waitForOthers() {
        try {
            return making.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Map<String, Object> make(String key, long hours, Optional<String> dataset) {
        Map<String, Object> view;
        try {
            view = make(hours, dataset, clock.instant());
            silentSince = Optional.empty();
        } catch (Refusal e) {
            return stillRead(hours);
        } catch (SdkException e) {
            view = silent(hours, Reasons.of(e));
        }
        made.put(key, new Made(clock.instant(), view));
        return view;
    }

    /** What a page shows by default, without what changes with time alone. */
    Map<String, Object> comparable() {
        Map<String, Object> view = new LinkedHashMap<>(of(24, Optional.empty()));
        view.keySet().removeAll(List.of("now", "since"));
        view.put("chart", Answers.text(view.get("chart")));
        return view;
    }

    /** A decision was made here, and this is the entry now: it is to be seen at once. */
    void changed(Entry entry) {
        recent.changed(entry);
        made.clear();
    }

    /** Nobody looks any more. */
    void forget() {
        recent.forget();
        made.clear();
    }

    private Map<String, Object> make(long hours, Optional<String> dataset, Instant now) {
        Instant since = now.minus(Duration.ofHours(hours));
        Instant midnight = now.truncatedTo(ChronoUnit.DAYS);
        RecentFiles.Window window = recent.since(since.isBefore(midnight) ? since : midnight);
        Figures ofAll = new Figures(window.files());
        List<ConcludedFile> chosen = window.files().stream()
                .filter(file -> dataset.isEmpty() || file.dataset().equals(dataset.get()))
                .toList();
        Figures figures = new Figures(chosen.stream()
                .filter(file -> !file.concludedAt().isBefore(since))
                .toList());
        Open open = open(now);
        Optional<Long> dead = backlog.messages("dead-letter");
        Map<String, Object> view = head(hours, now, since);
        view.put("complete", window.complete());
        Map<String, Object> tiles = figures.tiles();
        tiles.put("queue_messages", backlog.messages("intake").orElse(null));
        tiles.put("dead_letters", dead.orElse(null));
        tiles.put(
                "cost_today",
                Figures.cost(chosen.stream()
                                .filter(file -> !file.concludedAt().isBefore(midnight))
                                .toList())
                        .orElse(null));
        tiles.put("oldest_open", oldest(open.work()));
        view.put("state", state(new Seen(hours, now, ofAll, open, untaken(), dead)));
        view.put("tiles", tiles);
        view.put("reasons", figures.reasons());
        view.put("costs", figures.costs());
        view.put("chart", figures.chart(since, now));
        view.put("under_way", underWay(open.work()));
        view.put("under_way_count", open.work().size());
        view.put(
                "attention",
                open.failures().stream()
                        .limit(LISTED)
                        .map(entry -> CustomerData.hidden(
                                EntryFacts.summary(
                                        entry,
                                        Optional.ofNullable(open.answers().get(entry.toString()))),
                                settings))
                        .toList());
        view.put("attention_count", open.failures().size());
        outage.since().ifPresent(began -> view.put("outage", outage(began, outageReason())));
        return view;
    }

    private Map<String, Object> silent(long hours, String reason) {
        Instant since = outage.since().or(() -> silentSince).orElseGet(clock::instant);
        silentSince = Optional.of(since);
        Map<String, Object> view = withoutFigures(
                hours, "outage", "The ledger does not answer: %s. Nothing is lost, files wait".formatted(reason));
        view.put("outage", outage(since, reason));
        return view;
    }

    private Map<String, Object> stillRead(long hours) {
        return withoutFigures(hours, "unknown", "The ledger is still being read");
    }

    private Map<String, Object> withoutFigures(long hours, String level, String text) {
        Instant now = clock.instant();
        Map<String, Object> view = head(hours, now, now.minus(Duration.ofHours(hours)));
        view.put("complete", false);
        view.put("state", state(level, text));
        view.put("tiles", null);
        view.put("reasons", List.of());
        view.put("costs", List.of());
        view.put("chart", null);
        view.put("under_way", List.of());
        view.put("under_way_count", 0);
        view.put("attention", List.of());
        view.put("attention_count", 0);
        return view;
    }

    private Map<String, Object> head(long hours, Instant now, Instant since) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("now", now.toString());
        view.put("since", since.toString());
        view.put("hours", hours);
        view.put("waiting_cost_a_day", waitingCost);
        view.put("mode", mode());
        return view;
    }

    private static Map<String, String> outage(Instant since, String reason) {
        return Map.of("since", since.toString(), "reason", reason);
    }

    private String outageReason() {
        return outage.reason().orElse("AWS does not answer");
    }

    /** About how many files nobody has claimed yet: events in the queue, and what a listing found that is of now. */
    private long untaken() {
        boolean listedOften = settings.listEvery().compareTo(LISTED_OFTEN) <= 0;
        return Math.max(
                backlog.messages("intake").orElse(0L),
                listedOften ? rawData.listed().orElse(0) : 0);
    }

    private Open open(Instant now) {
        List<Entry> all = ledger.open(Ledger.WORK).limit(MOST_OPEN).toList();
        List<Entry> work = all.stream()
                .filter(entry -> entry.status() == Status.PROCESSING || entry.status() == Status.WAITING)
                .sorted(Comparator.comparing(Entry::openSince))
                .toList();
        List<Entry> failed = failures.some(all);
        List<Entry> listed = failed.stream().limit(LISTED).toList();
        List<String> ids = listed.stream().map(Entry::toString).toList();
        // A Query for each: not for every look.
        if (!ids.equals(answered) || !now.isBefore(answeredAt.plus(ANSWERS_AGE))) {
            answers = failures.answers(listed);
            answered = ids;
            answeredAt = now;
        }
        return new Open(work, failed, answers);
    }

    private static Map<String, Object> oldest(List<Entry> work) {
        return work.stream()
                .findFirst()
                .map(entry -> Map.<String, Object>of(
                        "file", entry.file(), "since", entry.openSince().toString()))
                .orElse(null);
    }

    /** What the state follows from. */
    private record Seen(
            long hours, Instant now, Figures figures, Open open, long untaken, Optional<Long> deadLetters) {}

    private Map<String, Object> state(Seen seen) {
        int failed = seen.open().failures().size();
        long unaccounted = seen.figures().rowsUnaccounted();
        if (outage.since().isPresent()) {
            return state(
                    "outage",
                    "AWS does not let files through: %s. Nothing is lost, files wait".formatted(outageReason()));
        }
        if (unaccounted != 0) {
            return state(
                    "attention",
                    "%,d rows are unaccounted for: keep the files and look at the log".formatted(unaccounted));
        }
        if (failed > 0) {
            return state(
                    "attention",
                    failed == 1
                            ? "1 file needs you"
                            : "%s%,d files need you".formatted(failed == Failures.MOST ? "At least " : "", failed));
        }
        return standingStill(seen).orElseGet(() -> {
            long dead = seen.deadLetters().orElse(0L);
            return dead > 0
                    ? state(
                            "attention",
                            "%,d in the dead-letter queue and no file behind it: look at the queue".formatted(dead))
                    : state("ok", well(seen));
        });
    }

    private static Map<String, Object> state(String level, String text) {
        return Map.of("level", level, "text", text);
    }

    private Optional<Map<String, Object>> standingStill(Seen seen) {
        untakenSince = seen.untaken() > seen.open().work().size()
                ? untakenSince.or(() -> Optional.of(seen.now()))
                : Optional.empty();
        Optional<Entry> oldest = seen.open().work().stream().findFirst().filter(entry -> entry.openSince()
                .isBefore(seen.now().minus(UNFINISHED)));
        if (oldest.isPresent()) {
            return Optional.of(state(
                    "attention",
                    "%s is unfinished after %,d minutes: look at what is under way"
                            .formatted(
                                    Shown.plain(oldest.get().file()),
                                    Duration.between(oldest.get().openSince(), seen.now())
                                            .toMinutes())));
        }
        Instant before = seen.now().minus(STANDS_STILL);
        return untakenSince.filter(since -> since.isBefore(before)).isPresent()
                        && seen.figures().latest().isBefore(before)
                ? Optional.of(state(
                        "attention",
                        "Files wait to be taken, about %,d, and none was concluded for %d minutes"
                                .formatted(seen.untaken(), STANDS_STILL.toMinutes())))
                : Optional.empty();
    }

    private String well(Seen seen) {
        long hours = seen.hours();
        int underWay = seen.open().work().size();
        String waits = underWay > 0
                ? (underWay == MOST_OPEN ? "at least " : "") + count(underWay) + " under way"
                : "nothing waits";
        if (seen.untaken() > underWay) {
            waits = (underWay > 0 ? waits + ", " : "") + "about %,d to be taken".formatted(seen.untaken());
        }
        if (settings.eventIntake() && backlog.messages("intake").isEmpty()) {
            waits += "; the queue does not tell how much it holds";
        }
        return "All well: %s in %s, %s%s"
                .formatted(
                        count(seen.figures().since(seen.now().minus(Duration.ofHours(hours)))),
                        hours % 24 == 0 && hours > 24 ? hours / 24 + " days" : hours + " hours",
                        waits,
                        seen.deadLetters().isPresent()
                                ? ""
                                : "; the dead-letter queue does not tell how much it holds");
    }

    private static String count(long files) {
        return String.format(Locale.ROOT, "%,d %s", files, files == 1 ? "file" : "files");
    }

    private List<Map<String, Object>> underWay(List<Entry> work) {
        Map<String, Attempt> mine =
                inHand.get().stream().collect(Collectors.toMap(Attempt::toString, Function.identity(), (a, b) -> a));
        return work.stream()
                .limit(LISTED)
                .map(entry -> underWay(entry, Optional.ofNullable(mine.get(entry.toString()))))
                .toList();
    }

    private static Map<String, Object> underWay(Entry entry, Optional<Attempt> mine) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("file", entry.file());
        view.put("version", entry.version());
        view.put("status", entry.status().text());
        view.put("attempts", entry.attempts());
        view.put("since", EntryFacts.since(entry).toString());
        if (entry.status() == Status.WAITING) {
            view.put("not_before", entry.notBefore().toString());
        }
        entry.dataset().ifPresent(dataset -> view.put("dataset", dataset));
        view.put("rows_read", mine.map(Attempt::rowsRead).orElseGet(entry::rowsRead));
        mine.map(Attempt::rowsTotal).filter(rows -> rows > 0).ifPresent(rows -> view.put("rows_total", rows));
        return view;
    }

    private Map<String, Object> mode() {
        Map<String, Object> mode = new LinkedHashMap<>();
        mode.put("bucket", settings.bucket());
        mode.put(
                "version",
                Optional.ofNullable(Overview.class.getPackage().getImplementationVersion())
                        .orElse("not packaged"));
        mode.put("read_only", settings.httpReadOnly());
        mode.put("show_rows", settings.httpShowRows());
        mode.put("upload", settings.httpUpload() && !settings.httpReadOnly());
        mode.put("max_upload_bytes", settings.httpMaxUploadBytes());
        return mode;
    }
}
