package pipeline.http;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import pipeline.claim.Attempt;
import pipeline.claim.Entry;
import pipeline.claim.Ledger;
import pipeline.claim.Status;
import pipeline.conclude.Failures;
import pipeline.cost.Idle;
import pipeline.cost.Prices;
import pipeline.explain.EntryFacts;
import pipeline.observe.Backlog;
import pipeline.outage.Outage;
import pipeline.settings.Settings;

/**
 * How the pipeline fares, over all replicas: state in words, figures, what needs a person, what is under way. Made anew at
 * most every second, however many look.
 */
final class Overview {
    /** So many files are listed; all are counted, of those under way up to {@link #MOST_OPEN}. */
    private static final int LISTED = 50;

    private static final int MOST_OPEN = 1_000;
    private static final Duration AGE = Duration.ofSeconds(1);
    private static final Duration ANSWERS_AGE = Duration.ofMinutes(1);

    private final RecentFiles recent;
    private final Ledger ledger;
    private final Failures failures;
    private final Outage outage;
    private final Backlog backlog;
    private final Supplier<Collection<Attempt>> inHand;
    private final Settings settings;
    private final Clock clock;
    private final BigDecimal waitingCost;

    private final Map<String, Made> made = new HashMap<>();
    private Map<String, Entry> answers = Map.of();
    private List<String> answered = List.of();
    private Instant answeredAt = Instant.EPOCH;

    private record Made(Instant at, Map<String, Object> view) {}

    /** What is open in the ledger at a moment. */
    private record Open(List<Entry> work, List<Entry> failures, Map<String, Entry> answers) {}

    Overview(
            RecentFiles recent,
            Ledger ledger,
            Failures failures,
            Outage outage,
            Backlog backlog,
            Supplier<Collection<Attempt>> inHand,
            Settings settings,
            Prices prices,
            Clock clock) {
        this.recent = recent;
        this.ledger = ledger;
        this.failures = failures;
        this.outage = outage;
        this.backlog = backlog;
        this.inHand = inHand;
        this.settings = settings;
        this.clock = clock;
        waitingCost = Idle.aDay(settings).cost(prices);
    }

    /**
     * @param hours how far back
     * @param dataset files of this one alone; empty = of all
     */
    synchronized Map<String, Object> of(long hours, Optional<String> dataset) {
        Instant now = clock.instant();
        made.values().removeIf(view -> !now.isBefore(view.at().plus(AGE)));
        return made.computeIfAbsent(hours + " " + dataset.orElse(""), key -> new Made(now, make(hours, dataset, now)))
                .view();
    }

    /** What a page shows by default, without what changes with time alone. */
    Map<String, Object> comparable() {
        Map<String, Object> view = new LinkedHashMap<>(of(24, Optional.empty()));
        view.keySet().removeAll(List.of("now", "since"));
        view.put("chart", Answers.text(view.get("chart")));
        return view;
    }

    /** A decision was made here: it is to be seen at once. */
    synchronized void forget() {
        made.clear();
        recent.forget();
        answeredAt = Instant.EPOCH;
    }

    private Map<String, Object> make(long hours, Optional<String> dataset, Instant now) {
        Instant since = now.minus(Duration.ofHours(hours));
        Instant midnight = now.truncatedTo(ChronoUnit.DAYS);
        RecentFiles.Window window = recent.since(since.isBefore(midnight) ? since : midnight);
        List<ConcludedFile> chosen = window.files().stream()
                .filter(file -> dataset.isEmpty() || file.dataset().equals(dataset.get()))
                .toList();
        Figures figures = new Figures(chosen.stream()
                .filter(file -> !file.concludedAt().isBefore(since))
                .toList());
        Open open = open(dataset, now);
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("now", now.toString());
        view.put("since", since.toString());
        view.put("hours", hours);
        view.put("complete", window.complete());
        Map<String, Object> tiles = figures.tiles();
        Optional<Long> dead = backlog.messages("dead-letter");
        tiles.put("queue_messages", backlog.messages("intake").orElse(null));
        tiles.put("dead_letters", dead.orElse(null));
        tiles.put(
                "cost_today",
                Figures.cost(chosen.stream()
                                .filter(file -> !file.concludedAt().isBefore(midnight))
                                .toList())
                        .orElse(null));
        tiles.put("oldest_open", oldest(open.work()));
        view.put("state", state(hours, figures, open, dead));
        view.put("tiles", tiles);
        view.put("reasons", figures.reasons());
        view.put("costs", figures.costs());
        view.put("waiting_cost_a_day", waitingCost);
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
        outage.since().ifPresent(began -> {
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("since", began.toString());
            told.put("reason", outage.reason().orElse("AWS does not answer"));
            view.put("outage", told);
        });
        view.put("mode", mode());
        return view;
    }

    private Open open(Optional<String> dataset, Instant now) {
        List<Entry> work;
        try (var entries = ledger.open(Ledger.WORK)) {
            work = entries.filter(entry -> entry.status() == Status.PROCESSING || entry.status() == Status.WAITING)
                    .filter(entry -> isOf(entry, dataset))
                    .limit(MOST_OPEN)
                    .sorted(Comparator.comparing(Entry::firstClaim))
                    .toList();
        }
        List<Entry> failed =
                failures.list().stream().filter(entry -> isOf(entry, dataset)).toList();
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

    private static boolean isOf(Entry entry, Optional<String> dataset) {
        return dataset.isEmpty()
                || entry.dataset().orElse(ConcludedFile.NO_DATASET).equals(dataset.get());
    }

    private static Map<String, Object> oldest(List<Entry> work) {
        return work.stream()
                .findFirst()
                .map(entry -> Map.<String, Object>of(
                        "file", entry.file(), "since", entry.firstClaim().toString()))
                .orElse(null);
    }

    private Map<String, Object> state(long hours, Figures figures, Open open, Optional<Long> deadLetters) {
        int failed = open.failures().size();
        long unaccounted = figures.rowsUnaccounted();
        String level = "attention";
        String text;
        if (outage.since().isPresent()) {
            level = "outage";
            text = "AWS does not let files through: %s. Nothing is lost, files wait"
                    .formatted(outage.reason().orElse("no reason given"));
        } else if (unaccounted != 0) {
            text = "%,d rows are unaccounted for: keep the files and look at the log".formatted(unaccounted);
        } else if (failed > 0) {
            text = failed == 1 ? "1 file needs you" : "%,d files need you".formatted(failed);
        } else if (deadLetters.orElse(0L) > 0) {
            text = "%,d in the dead-letter queue and no file behind it: look at the queue"
                    .formatted(deadLetters.orElseThrow());
        } else {
            level = "ok";
            text = "All well: %s in %s, %s"
                    .formatted(
                            count(figures.size()),
                            hours % 24 == 0 && hours > 24 ? hours / 24 + " days" : hours + " hours",
                            open.work().isEmpty()
                                    ? "nothing waits"
                                    : count(open.work().size()) + " under way");
        }
        return Map.of("level", level, "text", text);
    }

    private static String count(int files) {
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
