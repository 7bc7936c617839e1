package pipeline.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pipeline.claim.Entry;
import pipeline.conclude.Failures;
import pipeline.dataset.Shown;
import pipeline.explain.EntryFacts;

/** The list of files that need a person, as a table that ends with what to do. */
final class FailureTable {
    private static final List<String> TITLES = List.of("FILE", "STATUS", "SINCE", "ATTEMPTS", "REASON");

    private FailureTable() {}

    /**
     * @param entries refused and failed files, the latest first; at least one
     * @param answers the later versions by which some of them are answered, see {@link Failures#answers}
     */
    static List<String> lines(List<Entry> entries, Map<String, Entry> answers, Instant now) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(TITLES);
        for (Entry entry : entries) {
            cells.add(List.of(
                    Shown.line(name(entry, entries)),
                    entry.status().text(),
                    Words.ago(Duration.between(EntryFacts.since(entry), now)),
                    Integer.toString(entry.attempts()),
                    Shown.line(entry.reasonAlone().orElse("no reason is known"))
                            + since(entry, Optional.ofNullable(answers.get(entry.toString())), now)));
        }
        List<String> lines = new ArrayList<>(aligned(cells));
        String example = "failures replay " + Words.argument(name(entries.get(0), entries));
        lines.add(
                entries.size() == 1
                        ? "1 file needs a person. Mend the cause, then: " + example
                        : "%s need a person. Mend the cause, then: %s (or failures replay --all)"
                                .formatted(Words.count(entries.size(), "file"), example));
        return lines;
    }

    /** What has happened to its rows since, whether or not that was all there is to do. */
    private static String since(Entry entry, Optional<Entry> answer, Instant now) {
        String repaired = entry.rowsRepaired() == 0
                ? ""
                : "; %s came back corrected".formatted(Words.count(entry.rowsRepaired(), "row"));
        return repaired
                + answer.map(newer -> "; a newer version was completed %s ago"
                                .formatted(Words.ago(Duration.between(EntryFacts.since(newer), now))))
                        .orElse("");
    }

    /** The file; with its version where another version of it is in the list too. */
    private static String name(Entry entry, List<Entry> entries) {
        boolean several = entries.stream()
                        .filter(other -> other.file().equals(entry.file()))
                        .count()
                > 1;
        return several ? entry.toString() : entry.file();
    }

    /** Every column but the last as wide as its widest cell, two blanks between them. */
    private static List<String> aligned(List<List<String>> cells) {
        int last = TITLES.size() - 1;
        int[] widths = new int[last];
        for (List<String> row : cells) {
            for (int i = 0; i < last; i++) {
                widths[i] = Math.max(
                        widths[i], row.get(i).codePointCount(0, row.get(i).length()));
            }
        }
        return cells.stream()
                .map(row -> {
                    StringBuilder line = new StringBuilder();
                    for (int i = 0; i < last; i++) {
                        String cell = row.get(i);
                        line.append(cell).append(" ".repeat(widths[i] - cell.codePointCount(0, cell.length()) + 2));
                    }
                    return line.append(row.get(last)).toString();
                })
                .toList();
    }
}
