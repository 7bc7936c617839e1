package pipeline.explain;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.conclude.Failures;
import pipeline.dataset.Shown;

/** What is known of a ledger entry, as programs and people are told it. */
public final class EntryFacts {
    private static final List<String> HISTORY = List.of("at", "attempt", "outcome", "reason");

    private EntryFacts() {}

    /** Since when the entry has its status, as far as the ledger says. */
    public static Instant since(Entry entry) {
        return switch (entry.status()) {
            case COMPLETED, REFUSED, FAILED -> entry.concludedAt().orElseGet(entry::firstClaim);
            default ->
                entry.history().stream()
                        .reduce((earlier, later) -> later)
                        .map(line -> Instant.parse(line.get("at")))
                        .orElseGet(entry::firstClaim);
        };
    }

    /** As JSON: one line of the list. */
    public static Map<String, Object> summary(Entry entry, Optional<Entry> answer) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("file", entry.file());
        view.put("version", entry.version());
        view.put("status", entry.status().text());
        view.put("since", since(entry).toString());
        view.put("attempts", entry.attempts());
        entry.reason().ifPresent(reason -> view.put("reason", reason));
        entry.dataset().ifPresent(dataset -> view.put("dataset", dataset));
        entry.rejects().ifPresent(key -> view.put("rejects", key));
        answer.ifPresent(newer -> {
            Map<String, Object> answered = new LinkedHashMap<>();
            answered.put("version", newer.version());
            answered.put("since", since(newer).toString());
            view.put("answered_by", answered);
        });
        return view;
    }

    /**
     * As JSON: everything. What is not known is left out.
     *
     * @param rejects what is to be said of its rejects file beside the key
     */
    public static Map<String, Object> whole(Entry entry, Optional<Entry> answer, Map<String, Object> rejects) {
        Map<String, Object> view = summary(entry, answer);
        view.put("bytes", entry.bytes());
        view.put("rows_read", entry.rowsRead());
        view.put("rows_stored", entry.rowsStored());
        view.put("rows_rejected", entry.rowsRejected());
        view.put("rows_repaired", entry.rowsRepaired());
        view.put("failures", entry.failures());
        view.put("replays", entry.replays());
        view.put("write_units", entry.writeUnits());
        entry.cost().ifPresent(dollars -> view.put("cost", dollars));
        view.put("items_resent", entry.itemsResent());
        view.put("rejected_for", entry.rejectedFor());
        view.put("duration_millis", entry.duration().toMillis());
        view.put("first_claim", entry.firstClaim().toString());
        if (entry.status() == Status.WAITING) {
            view.put("not_before", entry.notBefore().toString());
        }
        entry.location().ifPresent(key -> view.put("location", key));
        entry.archive().ifPresent(key -> view.put("archive", key));
        view.putAll(rejects);
        view.put("announced", !entry.announcePending());
        view.put("history", entry.history().stream().map(EntryFacts::ordered).toList());
        return view;
    }

    private static Map<String, String> ordered(Map<String, String> line) {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (String name : HISTORY) {
            ordered.put(name, line.getOrDefault(name, ""));
        }
        return ordered;
    }

    /** What a person can do about it, in words; empty where there is nothing to do. */
    public static Optional<String> next(Entry entry, Optional<Entry> answer, Instant now) {
        String name = Shown.argument(answer.isPresent() ? entry.toString() : entry.file());
        if (answer.isPresent()) {
            return Optional.of(
                    "if that is this file mended: failures discard %s   (failures replay %s stores the rows of both)"
                            .formatted(name, name));
        }
        if (Failures.isFailure(entry)) {
            String mend = entry.rejects().isPresent()
                    ? "correct the rejects file and drop it again, or mend the cause"
                    : "mend the cause";
            return Optional.of(
                    "%s, then: failures replay %s   (or leave it: failures discard %s)".formatted(mend, name, name));
        }
        if (entry.status() == Status.WAITING) {
            return Optional.of("the running pipeline, or the next once, works on it"
                    + (entry.notBefore().isAfter(now) ? "; not before " + entry.notBefore() : ""));
        }
        return Optional.empty();
    }
}
