package pipeline.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import pipeline.aws.Reasons;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.dataset.Shown;
import pipeline.explain.Explainer;
import pipeline.explain.Explanation;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** {@code explain}: what became of a file, or of one of its rows. */
@CommandLine.Command(
        name = "explain",
        description = {
            "Say what became of a file, or of the row that starts on one of its lines:",
            "stored as which item, or rejected for which reasons. The archived copy is read",
            "again and the table is asked; nothing is changed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  explain store-7/jan.csv        all versions of the file",
            "  explain store-7/jan.csv:17     a row of its latest version; the header is line 1",
            "  explain jan.csv@VERSION:17     of another version",
            "",
            "What is printed are rows of a customer."
        })
public final class ExplainCommand extends FailuresCommand.Verb {
    private static final Pattern LINE = Pattern.compile("(.+):(\\d{1,18})", Pattern.DOTALL);

    @CommandLine.Parameters(paramLabel = "FILE[:LINE]", description = "FILE or FILE@VERSION, and a line of it.")
    private String file;

    @Override
    int run(LedgerAccess ledger) {
        List<Entry> whole = ledger.failures().find(file);
        Matcher line = LINE.matcher(file);
        if (!whole.isEmpty() || !line.matches()) {
            show(ledger, known(ledger.failures(), List.of(file)));
            return 0;
        }
        Entry latest = known(ledger.failures(), List.of(line.group(1))).get(0);
        Explainer explainer = ledger.explainer();
        long asked = Long.parseLong(line.group(2));
        try {
            tell(latest, asked, explainer.explain(latest, asked), explainer.edited(latest));
            return 0;
        } catch (IOException e) {
            err().printf(
                            "%s: found that its archived copy cannot be read to the end (%s), expected S3 to send it; try again%n",
                            Shown.line(latest.file()), Reasons.of(e));
            return 1;
        }
    }

    private void tell(Entry entry, long line, Explanation explanation, boolean edited) {
        if (asJson()) {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("file", entry.file());
            view.put("version", entry.version());
            view.put("status", entry.status().text());
            view.put("dataset_edited", edited);
            add(view, explanation);
            out().println(Json.line(view));
        } else {
            if (explanation.line() > 0 && explanation.line() != line) {
                out().printf(
                                "No row starts on line %d; the last one before it starts on line %d.%n",
                                line, explanation.line());
            }
            out().println(sentence(entry, explanation));
            if (edited) {
                out().println("The dataset was edited since then; this is by what it says today.");
            }
        }
    }

    private static String sentence(Entry entry, Explanation explanation) {
        if (explanation instanceof Explanation.Stored stored) {
            return "stored from line %d in %s: %s"
                    .formatted(stored.line(), stored.table(), CheckText.typed(stored.item()));
        } else if (explanation instanceof Explanation.Absent absent) {
            return "right on line %d, and not in %s under %s: %s"
                    .formatted(
                            absent.line(),
                            absent.table(),
                            CheckText.typed(absent.key()),
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

    private static void add(Map<String, Object> view, Explanation explanation) {
        if (explanation instanceof Explanation.Stored stored) {
            view.put("outcome", "stored");
            view.put("line", stored.line());
            view.put("table", stored.table());
            view.put("item", typed(stored.item()));
        } else if (explanation instanceof Explanation.Absent absent) {
            view.put("outcome", "absent");
            view.put("line", absent.line());
            view.put("table", absent.table());
            view.put("key", typed(absent.key()));
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
    }

    /** Attributes as DynamoDB writes them in JSON: a type and its value; of a type that no dataset has, as text. */
    private static Map<String, Object> typed(Map<String, AttributeValue> item) {
        Map<String, Object> typed = new LinkedHashMap<>();
        item.forEach((name, value) -> typed.put(
                name,
                switch (value.type()) {
                    case S -> Map.of("S", value.s());
                    case N -> Map.of("N", value.n());
                    case BOOL -> Map.of("BOOL", value.bool());
                    default -> value.toString();
                }));
        return typed;
    }
}
