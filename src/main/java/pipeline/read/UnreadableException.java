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

    /** The whole sentence for a file of that name. */
    String sentence(String file) {
        return file + " line " + line + ": " + getMessage();
    }
}
