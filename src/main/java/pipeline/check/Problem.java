package pipeline.check;

import java.util.Objects;
import pipeline.dataset.Shown;

/**
 * One thing wrong with a row, in words for the person who must mend it. {@code found} and {@code expected} are finished
 * phrases: found text is already quoted, bounded and free of control characters.
 *
 * @param column the column's name, empty when the row as a whole is meant
 */
public record Problem(String column, String found, String expected) {
    public Problem {
        Objects.requireNonNull(column);
        Objects.requireNonNull(found);
        Objects.requireNonNull(expected);
    }

    /** A cell whose text is not what its column asks for; the text is quoted and bounded here. */
    public static Problem cell(String column, String text, String expected) {
        return new Problem(column, text.isEmpty() ? "nothing" : Shown.quoted(text), expected);
    }

    /** The whole sentence, such as {@code quantity: found '-5', expected an integer of at least 1}. */
    public String sentence() {
        String body = "found " + found + ", expected " + expected;
        return column.isEmpty() ? body : column + ": " + body;
    }
}
