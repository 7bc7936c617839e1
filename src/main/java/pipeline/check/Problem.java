package pipeline.check;

import java.util.Objects;
import pipeline.dataset.Shown;

/**
 * One thing wrong with a row, in words for the person who must mend it. {@code found} and {@code expected} are finished
 * phrases: found text is already quoted, bounded and free of control characters.
 *
 * @param column the column's name, empty when the row as a whole is meant
 * @param rule what is expected of every such row, where that of this one was worked out from its cells: no text of a cell
 *     is in it
 */
public record Problem(String column, String found, String expected, String rule) {
    public Problem {
        Objects.requireNonNull(column);
        Objects.requireNonNull(found);
        Objects.requireNonNull(expected);
        Objects.requireNonNull(rule);
    }

    /** Of this row the same is expected as of every other. */
    public Problem(String column, String found, String expected) {
        this(column, found, expected, expected);
    }

    /** A cell whose text is not what its column asks for; the text is quoted and bounded here. */
    public static Problem cell(String column, String text, String expected) {
        return cell(column, text, expected, expected);
    }

    /** The same where what is expected of this cell follows from other cells of its row or file. */
    public static Problem cell(String column, String text, String expected, String rule) {
        return new Problem(column, text.isEmpty() ? "nothing" : Shown.quoted(text), expected, rule);
    }

    /** The whole sentence, such as {@code quantity: found '-5', expected an integer of at least 1}. */
    public String sentence() {
        String body = "found " + found + ", expected " + expected;
        return column.isEmpty() ? body : column + ": " + body;
    }

    /**
     * The reason that this row has in common with others, such as {@code quantity: expected an integer of at least 1}. It
     * holds no text of a cell.
     */
    public String reason() {
        return (column.isEmpty() ? "" : column + ": ") + "expected " + rule;
    }
}
