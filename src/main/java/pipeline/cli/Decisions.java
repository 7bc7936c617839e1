package pipeline.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import pipeline.claim.Entry;
import pipeline.conclude.Failures;
import pipeline.dataset.Shown;

/** Does to refused and failed files what a person decided, and says of each what was done. */
final class Decisions {
    /** What a person can decide. */
    enum Kind {
        REPLAY("re-opened", "would be re-opened", "replay"),
        DISCARD("discarded", "would be discarded", "discard");

        private final String done;
        private final String would;
        private final String verb;

        Kind(String done, String would, String verb) {
            this.done = done;
            this.would = would;
            this.verb = verb;
        }
    }

    private final Kind kind;
    private final boolean dryRun;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;

    /** @param dryRun only say what would be done */
    Decisions(Kind kind, boolean dryRun, PrintWriter out, PrintWriter err, boolean json) {
        this.kind = kind;
        this.dryRun = dryRun;
        this.out = out;
        this.err = err;
        this.json = json;
    }

    /**
     * Goes through the entries. Versions that are no failures are passed over where another version of the same file is
     * one.
     *
     * @return exit status: 1 when a file that was named could not be dealt with
     */
    int take(Failures failures, List<Entry> entries) {
        int status = 0;
        List<Map<String, Object>> done = new ArrayList<>();
        for (Entry entry : entries) {
            if (!Failures.isFailure(entry)) {
                if (entries.stream().noneMatch(other -> other.file().equals(entry.file()) && isBetter(other, entry))) {
                    err.println(nothingToDo(entry));
                    status = 1;
                }
            } else if (dryRun || apply(failures, entry)) {
                done.add(said(entry));
            } else {
                err.println(
                        Shown.line(entry.toString())
                                + " was changed by another in this very moment: nothing was done to it; look again with failures show");
                status = 1;
            }
        }
        if (json) {
            out.println(Json.line(done));
        } else if (entries.isEmpty()) {
            out.println("No failures.");
        }
        return status;
    }

    /** Of a file's versions that are no failures only the latest is spoken of, and none if there is a failure. */
    private static boolean isBetter(Entry other, Entry entry) {
        return Failures.isFailure(other) || other.firstClaim().isAfter(entry.firstClaim());
    }

    private boolean apply(Failures failures, Entry entry) {
        return kind == Kind.REPLAY ? failures.replay(entry) : failures.discard(entry);
    }

    private Map<String, Object> said(Entry entry) {
        String action = dryRun ? kind.would : kind.done;
        if (!json) {
            out.printf("%s %s: %s%n", Shown.line(entry.toString()), action, consequence(entry));
        }
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("file", entry.file());
        said.put("version", entry.version());
        said.put("was", entry.status().text());
        said.put("action", kind.verb);
        said.put("done", !dryRun);
        return said;
    }

    private String consequence(Entry entry) {
        if (kind == Kind.REPLAY) {
            return "the running pipeline, or the next once, works on it again from "
                    + Shown.line(entry.archive().or(entry::location).orElse("the archive"));
        }
        String copies = entry.location().map(key -> " and " + Shown.line(key)).orElse("");
        return "it leaves the list; its copies in " + Shown.line(entry.archive().orElse("archive/")) + copies + " stay";
    }

    private String nothingToDo(Entry entry) {
        return "%s is %s since %s: nothing to %s"
                .formatted(Shown.line(entry.file()), entry.status().text(), EntryView.since(entry), kind.verb);
    }
}
