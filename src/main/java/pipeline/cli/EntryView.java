package pipeline.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pipeline.claim.Entry;
import pipeline.dataset.Shown;
import pipeline.explain.EntryFacts;

/** A ledger entry as people read it. */
final class EntryView {
    private EntryView() {}

    /** Everything, one fact a line, and at the end what can be done. */
    static List<String> lines(Entry entry, Optional<Entry> answer, Optional<RejectsView> rejects, Instant now) {
        List<String> lines = new ArrayList<>();
        line(lines, "file", Shown.line(entry.file()));
        line(lines, "version", entry.version());
        line(lines, "status", entry.status().text());
        line(
                lines,
                "since",
                "%s (%s ago)"
                        .formatted(EntryFacts.since(entry), Words.ago(Duration.between(EntryFacts.since(entry), now))));
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
                                Shown.line(newer.toString()),
                                EntryFacts.since(newer),
                                newer.rowsStored(),
                                newer.rowsRejected())));
        EntryFacts.next(entry, answer, now).ifPresent(next -> line(lines, "next", next));
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
}
