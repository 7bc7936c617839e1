package pipeline.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.conclude.Failures;
import pipeline.dataset.Shown;

/** A ledger entry as people and programs read it. */
final class EntryView {
    private static final List<String> HISTORY = List.of("at", "attempt", "outcome", "reason");

    private EntryView() {}

    /** Since when the entry has its status, as far as the ledger says. */
    static Instant since(Entry entry) {
        return switch (entry.status()) {
            case COMPLETED, REFUSED, FAILED -> entry.concludedAt().orElseGet(entry::firstClaim);
            default ->
                entry.history().stream()
                        .reduce((earlier, later) -> later)
                        .map(line -> Instant.parse(line.get("at")))
                        .orElseGet(entry::firstClaim);
        };
    }

    /** For {@code --json}: one line of the list. */
    static Map<String, Object> summary(Entry entry, Optional<Entry> answer) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("file", entry.file());
        view.put("version", entry.version());
        view.put("status", entry.status().text());
        view.put("since", since(entry).toString());
        view.put("attempts", entry.attempts());
        entry.reason().ifPresent(reason -> view.put("reason", reason));
        entry.dataset().ifPresent(dataset -> view.put("dataset", dataset));
        answer.ifPresent(newer -> {
            Map<String, Object> answered = new LinkedHashMap<>();
            answered.put("version", newer.version());
            answered.put("since", since(newer).toString());
            view.put("answered_by", answered);
        });
        return view;
    }

    /** For {@code --json}: everything. What is not known is left out. */
    static Map<String, Object> whole(Entry entry, Optional<Entry> answer, Optional<RejectsView> rejects) {
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
        entry.rejects().ifPresent(key -> view.put("rejects", key));
        rejects.ifPresent(first -> first.addTo(view));
        view.put("announced", !entry.announcePending());
        view.put("history", entry.history().stream().map(EntryView::ordered).toList());
        return view;
    }

    private static Map<String, String> ordered(Map<String, String> line) {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (String name : HISTORY) {
            ordered.put(name, line.getOrDefault(name, ""));
        }
        return ordered;
    }

    /** Everything, one fact a line, and at the end what can be done. */
    static List<String> lines(Entry entry, Optional<Entry> answer, Optional<RejectsView> rejects, Instant now) {
        List<String> lines = new ArrayList<>();
        line(lines, "file", Shown.line(entry.file()));
        line(lines, "version", entry.version());
        line(lines, "status", entry.status().text());
        line(lines, "since", "%s (%s ago)".formatted(since(entry), Words.ago(Duration.between(since(entry), now))));
        entry.reasonAlone().ifPresent(reason -> line(lines, "reason", Shown.line(reason)));
        line(lines, "attempts", attempts(entry));
        line(lines, "dataset", entry.dataset().orElse("none recognised"));
        line(lines, "size", Words.size(entry.bytes()));
        line(
                lines,
                "rows",
                "%,d read, %,d stored, %,d rejected%s"
                        .formatted(
                                entry.rowsRead(),
                                entry.rowsStored(),
                                entry.rowsRejected(),
                                entry.rowsRepaired() == 0
                                        ? ""
                                        : "; %,d of the rejected came back corrected".formatted(entry.rowsRepaired())));
        key(lines, "file is in", entry.location());
        key(lines, "archived in", entry.archive());
        line(lines, "took", Words.time(entry.duration()) + "; " + Words.count(entry.writeUnits(), "write unit"));
        entry.cost().ifPresent(dollars -> line(lines, "cost", Words.dollars(dollars)));
        String title = "rejected for";
        for (Map.Entry<String, Long> reason : entry.rejectedFor().entrySet()) {
            line(lines, title, "%s: %s".formatted(Words.count(reason.getValue(), "row"), Shown.line(reason.getKey())));
            title = "";
        }
        key(lines, "rejects are in", entry.rejects());
        rejects.ifPresent(first -> first.shown().forEach(text -> line(lines, "", text)));
        if (entry.announcePending()) {
            line(lines, "alert", "not sent yet");
        }
        List<Map<String, String>> history = entry.history();
        for (int i = 0; i < history.size(); i++) {
            line(lines, i == 0 ? "history" : "", history(history.get(i)));
        }
        answer.ifPresent(newer -> line(
                lines,
                "answered",
                "%s was completed %s: %,d stored, %,d rejected"
                        .formatted(
                                Shown.line(newer.toString()), since(newer), newer.rowsStored(), newer.rowsRejected())));
        next(entry, answer, now).ifPresent(next -> line(lines, "next", next));
        return lines;
    }

    private static String attempts(Entry entry) {
        return entry.attempts()
                + (entry.replays() == 0
                        ? ""
                        : " since it was replayed; %s and %s in all"
                                .formatted(
                                        Words.count(entry.replays(), "replay"),
                                        Words.count(entry.failures(), "failure")));
    }

    private static void key(List<String> lines, String name, Optional<String> key) {
        key.ifPresent(text -> line(lines, name, Shown.line(text)));
    }

    private static void line(List<String> lines, String name, String value) {
        lines.add("%-15s %s".formatted(name, value));
    }

    private static String history(Map<String, String> line) {
        String reason = line.getOrDefault("reason", "");
        return "%s attempt %s: %s%s"
                .formatted(
                        line.get("at"),
                        line.get("attempt"),
                        line.get("outcome"),
                        reason.isEmpty() ? "" : ", " + Shown.line(reason));
    }

    private static Optional<String> next(Entry entry, Optional<Entry> answer, Instant now) {
        String name = Words.argument(answer.isPresent() ? entry.toString() : entry.file());
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
