package pipeline.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import pipeline.announce.DeadLetters;
import pipeline.claim.Entry;
import pipeline.conclude.Failures;
import pipeline.dataset.Shown;
import pipeline.explain.EntryFacts;

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

    /** What came of one entry. */
    private enum Result {
        DONE,
        /** It is as it was to be. */
        ALREADY,
        IMPOSSIBLE
    }

    private final Kind kind;
    private final boolean dryRun;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;
    private final Map<Entry, Map<String, Object>> said = new LinkedHashMap<>();
    private int status;

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
     * one. What has been decided before is said and does no harm; its dead-letter message is looked for again.
     *
     * @return exit status: 1 when a file that was named could not be dealt with
     */
    int take(Failures failures, DeadLetters deadLetters, List<Entry> entries) {
        Map<String, Entry> answers = failures.answers(entries);
        Set<String> ids = new LinkedHashSet<>();
        for (Entry entry : entries) {
            if (Failures.isFailure(entry)
                    || entries.stream()
                            .noneMatch(other -> other.file().equals(entry.file()) && isBetter(other, entry))) {
                if (take(failures, entry, Optional.ofNullable(answers.get(entry.toString()))) && !dryRun) {
                    ids.addAll(DeadLetters.ids(entry));
                }
            }
        }
        DeadLetters.Removal removal = deadLetters.remove(ids);
        if (json) {
            said.forEach((entry, view) -> view.put("dead_letters_removed", removal.of(entry)));
            out.println(Json.line(List.copyOf(said.values())));
        } else if (!removal.removed().isEmpty()) {
            int messages = removal.removed().values().stream()
                    .mapToInt(Integer::intValue)
                    .sum();
            out.println(Words.count(messages, "message") + " removed from the dead-letter queue");
        }
        removal.trouble().ifPresent(err::println);
        return status;
    }

    /** @return whether the entry is as it was to be */
    private boolean take(Failures failures, Entry entry, Optional<Entry> answer) {
        Entry now = entry;
        Result result;
        if (!Failures.isFailure(entry)) {
            result = already(entry) ? Result.ALREADY : Result.IMPOSSIBLE;
        } else if (dryRun || apply(failures, entry)) {
            result = Result.DONE;
        } else {
            now = failures.now(entry).orElse(entry);
            result = already(now) ? Result.ALREADY : Result.IMPOSSIBLE;
        }
        String sentence =
                switch (result) {
                    case DONE ->
                        "%s %s: %s"
                                .formatted(
                                        Shown.line(entry.toString()),
                                        dryRun ? kind.would : kind.done,
                                        consequence(entry, answer));
                    case ALREADY -> nothingToDo(now);
                    case IMPOSSIBLE ->
                        Failures.isFailure(now)
                                ? Shown.line(entry.toString())
                                        + " was changed by another in this very moment: nothing was done to it; look again with failures show"
                                : nothingToDo(now);
                };
        if (result == Result.IMPOSSIBLE) {
            err.println(sentence);
            status = 1;
        } else if (!json) {
            out.println(sentence);
        }
        say(entry, now, result);
        return result != Result.IMPOSSIBLE;
    }

    /** Of a file's versions that are no failures only the latest is spoken of, and none if there is a failure. */
    private static boolean isBetter(Entry other, Entry entry) {
        return Failures.isFailure(other) || other.firstClaim().isAfter(entry.firstClaim());
    }

    /** Whether what is to be done has been done: a replay, by whatever the file has become since. */
    private boolean already(Entry entry) {
        return switch (entry.status()) {
            case WAITING, PROCESSING, COMPLETED -> kind == Kind.REPLAY;
            case DISCARDED -> kind == Kind.DISCARD;
            case REFUSED, FAILED, SUPERSEDED -> false;
        };
    }

    private boolean apply(Failures failures, Entry entry) {
        return kind == Kind.REPLAY ? failures.replay(entry) : failures.discard(entry);
    }

    private void say(Entry entry, Entry now, Result result) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("file", entry.file());
        view.put("version", entry.version());
        view.put("was", now.status().text());
        view.put("action", kind.verb);
        view.put("done", result == Result.DONE && !dryRun);
        said.put(entry, view);
    }

    private String consequence(Entry entry, Optional<Entry> answer) {
        if (kind == Kind.REPLAY) {
            return "the running pipeline, or the next once, works on it again from "
                    + Shown.line(entry.archive().or(entry::location).orElse("the archive"))
                    + answer.map(newer -> "; a newer version, %s, was completed %s and its rows stay too"
                                    .formatted(Shown.line(newer.version()), EntryFacts.since(newer)))
                            .orElse("");
        }
        String copies = entry.location().map(key -> " and " + Shown.line(key)).orElse("");
        return "it leaves the list; its copies in " + Shown.line(entry.archive().orElse("archive/")) + copies + " stay";
    }

    private String nothingToDo(Entry entry) {
        return "%s is %s since %s: nothing to %s"
                .formatted(Shown.line(entry.file()), entry.status().text(), EntryFacts.since(entry), kind.verb);
    }
}
