package pipeline.check;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** One row of a file: its line, its cells and, worked out when first asked for, what became of it. */
public final class Row {
    /** An empty cell is an object too. */
    private static final int CELL = 40;

    private final long line;
    private final List<String> cells;
    private final RowChecker checker;
    private final long characters;
    private volatile Checked checked;

    Row(long line, List<String> cells, RowChecker checker) {
        this.line = line;
        this.cells = cells;
        this.checker = checker;
        this.characters = characters(cells);
    }

    private static long characters(List<String> cells) {
        long characters = 0;
        for (String cell : cells) {
            characters += CELL + cell.length();
        }
        return characters;
    }

    /** The physical line of the file on which the row starts; the header is line 1. */
    public long line() {
        return line;
    }

    /** The cells in the file's order; those of a repair file without the {@code '} that guards them in a spreadsheet. */
    public List<String> cells() {
        return cells;
    }

    /** How much memory it takes, in characters of text: those of its cells, and what a cell takes besides. */
    public long characters() {
        return characters;
    }

    /** Accepted or rejected; worked out once. */
    public Checked checked() {
        Checked known = checked;
        if (known == null) {
            known = checker.check(this);
            checked = known;
        }
        return known;
    }

    /** The item of an accepted row. A rejected row has none: asking for it is an error of the program. */
    public Map<String, AttributeValue> item() {
        if (checked() instanceof Checked.Accepted accepted) {
            return accepted.item();
        }
        throw new IllegalStateException("line " + line + " was rejected and has no item");
    }
}
