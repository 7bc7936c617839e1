package pipeline.read;

import java.io.IOException;

/**
 * The bytes are not what they were said to be: not text, badly quoted, over a limit. An outcome, not a failure: reading
 * again would change nothing. The message is {@code found X, expected Y}, to be put behind file and line.
 */
public final class UnreadableException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long line;

    /** @param line the physical line, from 1, on which it was found */
    UnreadableException(long line, String foundAndExpected) {
        super(foundAndExpected);
        this.line = line;
    }

    /** @param line where the record starts */
    static UnreadableException unclosed(long line) {
        return new UnreadableException(line, "found an opening quote that is never closed, expected a closing one");
    }

    /** @param line where the record starts */
    static UnreadableException misquoted(long line) {
        return new UnreadableException(
                line,
                "found text behind a closing quote, expected a delimiter or the end of the line; a quote inside a quoted cell is written twice");
    }

    /** The whole sentence for a file of that name. */
    String sentence(String file) {
        return file + " line " + line + ": " + getMessage();
    }
}
