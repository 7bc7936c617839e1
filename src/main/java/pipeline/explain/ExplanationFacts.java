package pipeline.explain;

import java.util.LinkedHashMap;
import java.util.Map;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.dataset.Shown;

/** What became of a row, as programs and people are told it. */
public final class ExplanationFacts {
    private ExplanationFacts() {}

    /** In words, for a person. */
    public static String sentence(Entry entry, Explanation explanation) {
        if (explanation instanceof Explanation.Stored stored) {
            return "stored from line %d in %s: %s".formatted(stored.line(), stored.table(), Items.text(stored.item()));
        } else if (explanation instanceof Explanation.Absent absent) {
            return "right on line %d, and not in %s under %s: %s"
                    .formatted(
                            absent.line(),
                            absent.table(),
                            Items.text(absent.key()),
                            entry.status() == Status.COMPLETED
                                    ? "the file is completed, so it was deleted since"
                                    : "the file is " + entry.status().text());
        } else if (explanation instanceof Explanation.Rejected rejected) {
            String repaired = entry.rowsRepaired() == 0
                    ? ""
                    : " (%,d of the file's %,d rejected rows came back corrected)"
                            .formatted(entry.rowsRepaired(), entry.rowsRejected());
            return "rejected on line %d%s: %s".formatted(rejected.line(), when(entry), rejected.reasons()) + repaired;
        } else if (explanation instanceof Explanation.Corrects corrects) {
            return "line %d is a row that came back corrected: explain %s"
                    .formatted(corrects.line(), Shown.argument(corrects.source() + ":" + corrects.sourceLine()));
        }
        return Shown.line(entry.file()) + ": " + ((Explanation.None) explanation).reason();
    }

    private static String when(Entry entry) {
        return entry.concludedAt()
                .map(at -> " at %s (attempt %d)".formatted(at, entry.attempts()))
                .orElse(", once the file is worked off");
    }

    /** As JSON: the outcome, and what belongs to it. */
    public static Map<String, Object> json(Explanation explanation) {
        Map<String, Object> view = new LinkedHashMap<>();
        if (explanation instanceof Explanation.Stored stored) {
            view.put("outcome", "stored");
            view.put("line", stored.line());
            view.put("table", stored.table());
            view.put("item", Items.json(stored.item()));
        } else if (explanation instanceof Explanation.Absent absent) {
            view.put("outcome", "absent");
            view.put("line", absent.line());
            view.put("table", absent.table());
            view.put("key", Items.json(absent.key()));
        } else if (explanation instanceof Explanation.Rejected rejected) {
            view.put("outcome", "rejected");
            view.put("line", rejected.line());
            view.put("reasons", rejected.reasons());
        } else if (explanation instanceof Explanation.Corrects corrects) {
            view.put("outcome", "corrects");
            view.put("line", corrects.line());
            view.put("source", corrects.source());
            view.put("source_line", corrects.sourceLine());
        } else if (explanation instanceof Explanation.None none) {
            view.put("outcome", "none");
            view.put("reason", none.reason());
        }
        return view;
    }
}
