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
import pipeline.dataset.Shown;
import pipeline.explain.Explainer;
import pipeline.explain.Explanation;
import pipeline.explain.ExplanationFacts;

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
            view.putAll(ExplanationFacts.json(explanation));
            out().println(Json.line(view));
        } else {
            if (explanation.line() > 0 && explanation.line() != line) {
                out().printf(
                                "No row starts on line %d; the last one before it starts on line %d.%n",
                                line, explanation.line());
            }
            out().println(ExplanationFacts.sentence(entry, explanation));
            if (edited) {
                out().println("The dataset was edited since then; this is by what it says today.");
            }
        }
    }
}
