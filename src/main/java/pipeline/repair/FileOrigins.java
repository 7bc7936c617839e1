package pipeline.repair;

import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import pipeline.check.Origin;
import pipeline.check.Origins;
import pipeline.check.Problem;
import pipeline.check.Row;
import pipeline.check.Timestamps;
import pipeline.claim.Attempt;
import pipeline.claim.Entry;
import pipeline.dataset.Columns;
import pipeline.dataset.Shown;

/**
 * Where the rows of one file come from. Most come from the file itself; those of a rejects file that was corrected and
 * dropped again come from the file that rejected them, and get the key that they would have had there.
 */
public final class FileOrigins implements Origins {
    /** A sheet put together from more files than this is no sheet of rejects. */
    private static final int MOST_SOURCES = 100;

    /** What a rejected row's {@code _source} (file@version) and {@code _line} are to be. */
    public record Place(String source, long line) {}

    private record Source(Entry entry, Optional<BitSet> rejectedLines, BitSet usedLines) {}

    private final Attempt attempt;
    private final Columns columns;
    private final RejectedLines rejectedLines;
    private final Map<String, Optional<Source>> sources = new HashMap<>();
    private final Map<String, Long> repaired = new LinkedHashMap<>();

    /** For one reading of the attempt's file, from its first row. */
    FileOrigins(Attempt attempt, Columns columns, RejectedLines rejectedLines) {
        this.attempt = attempt;
        this.columns = columns;
        this.rejectedLines = rejectedLines;
    }

    @Override
    public Origin of(Row row) {
        Optional<Source> source = source(row);
        if (source.isEmpty()) {
            return new Origin.Known(attempt.file(), row.line(), Timestamps.of(attempt.firstClaim(), row.line()));
        }
        Entry entry = source.get().entry();
        if (source.get().rejectedLines().isEmpty()) {
            return new Origin.Unusable(new Problem(
                    "_source",
                    Shown.quoted(entry.toString()),
                    "a file whose rejects file is still there; empty the cell to store a new row"));
        }
        String cell = cell(row, columns.lineIndex()).strip();
        OptionalInt line = line(cell);
        if (line.isEmpty() || !source.get().rejectedLines().get().get(line.getAsInt())) {
            return new Origin.Unusable(Problem.cell(
                    "_line",
                    cell,
                    "the line of a row that " + Shown.line(entry.file()) + " had rejected",
                    "the line of a row that its source had rejected"));
        }
        if (source.get().usedLines().get(line.getAsInt())) {
            return new Origin.Unusable(
                    new Problem("_line", Shown.quoted(cell) + " a second time", "each line once in a file"));
        }
        source.get().usedLines().set(line.getAsInt());
        return new Origin.Known(entry.file(), line.getAsInt(), Timestamps.of(entry.firstClaim(), line.getAsInt()));
    }

    /** Where a rejected row belongs: to its first source, so that the next correction finds it too. */
    public Place placeOf(Row row) {
        if (source(row).isPresent()) {
            OptionalInt line = line(cell(row, columns.lineIndex()).strip());
            if (line.isPresent()) {
                return new Place(source(row).get().entry().toString(), line.getAsInt());
            }
        }
        return new Place(attempt.toString(), row.line());
    }

    /** Notes rows that are in the table now. */
    public void stored(List<Row> rows) {
        if (columns.isRepair()) {
            for (Row row : rows) {
                source(row).ifPresent(source -> repaired.merge(source.entry().toString(), 1L, Long::sum));
            }
        }
    }

    /** How many rows of each source ({@code file@version}) this file has repaired. */
    public Map<String, Long> repaired() {
        return Map.copyOf(repaired);
    }

    private Optional<Source> source(Row row) {
        if (!columns.isRepair()) {
            return Optional.empty();
        }
        // Blanks before it may be the file's own, or come from whoever edited the sheet.
        String text = cell(row, columns.sourceIndex()).stripTrailing();
        Optional<Source> exact = source(text);
        return exact.isPresent() || text.equals(text.strip()) ? exact : source(text.strip());
    }

    private Optional<Source> source(String text) {
        int at = text.lastIndexOf('@');
        if (at <= 0 || !sources.containsKey(text) && sources.size() >= MOST_SOURCES) {
            return Optional.empty();
        }
        return sources.computeIfAbsent(text, unknown -> rejectedLines
                .entry(text.substring(0, at), text.substring(at + 1))
                .map(entry -> new Source(entry, rejectedLines.of(entry), new BitSet())));
    }

    private static String cell(Row row, OptionalInt index) {
        return index.isPresent() && index.getAsInt() < row.cells().size()
                ? row.cells().get(index.getAsInt())
                : "";
    }

    private static OptionalInt line(String text) {
        try {
            int line = Integer.parseInt(text);
            return line > 0 ? OptionalInt.of(line) : OptionalInt.empty();
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
