package pipeline.read;

/**
 * Follows the records of a text on its way to the parser and stops at the first that is too long, has too many columns, or
 * holds what no text file holds. So whatever a file is, the parser is never given much more than one bounded record.
 *
 * <p>Delimiters, quotes and line ends count as in RFC 4180, section 2, a quote only where a cell begins: as the parser has
 * it. Where a file is misquoted the two may differ, and it is refused either way.
 */
final class RecordBounds {
    /** As many as a worksheet of a spreadsheet has: rejected rows are mended there. */
    static final int COLUMNS = 16_384;

    private enum State {
        CELL_BEGINS,
        IN_CELL,
        IN_QUOTES,
        BEHIND_A_QUOTE
    }

    private final char delimiter;
    private final char quote;
    private final int longest;
    private State state = State.CELL_BEGINS;
    private char previous;
    private long position;
    private long line = 1;
    private long recordStart;
    private long recordLine = 1;
    private int columns = 1;

    /** @param longest the most characters that one record may have, quotes and delimiters included, its line end not */
    RecordBounds(char delimiter, char quote, int longest) {
        this.delimiter = delimiter;
        this.quote = quote;
        this.longest = longest;
    }

    /** The physical line that the text has got to: CR, LF and CRLF each end one, as in an editor. */
    long line() {
        return line;
    }

    /**
     * Looks at the next part of the text.
     *
     * @throws UnreadableException when no record may go on like this
     */
    void pass(char[] text, int from, int to) throws UnreadableException {
        for (int i = from; i < to; i++) {
            char c = text[i];
            if (c == delimiter) {
                if (state != State.IN_QUOTES) {
                    state = State.CELL_BEGINS;
                    columns++;
                    if (columns > COLUMNS) {
                        throw tooManyColumns();
                    }
                }
            } else if (c == quote) {
                state = behindQuote();
            } else if (c < ' ' && endsLine(c)) {
                lineEnd(c, position + i - from);
            } else if (state == State.CELL_BEGINS) {
                state = State.IN_CELL;
            }
            previous = c;
        }
        position += to - from;
        checkLength(position);
    }

    private State behindQuote() {
        return switch (state) {
            case CELL_BEGINS, BEHIND_A_QUOTE -> State.IN_QUOTES;
            case IN_QUOTES -> State.BEHIND_A_QUOTE;
            case IN_CELL -> State.IN_CELL;
        };
    }

    private boolean endsLine(char c) throws UnreadableException {
        if (c == 0) {
            throw new UnreadableException(line, "found a NUL character, expected text");
        }
        return c == '\n' || c == '\r';
    }

    private void lineEnd(char c, long at) throws UnreadableException {
        boolean second = c == '\n' && previous == '\r';
        if (!second) {
            line++;
        }
        if (state == State.IN_QUOTES) {
            return;
        }
        if (!second) {
            checkLength(at);
        }
        recordStart = at + 1;
        recordLine = line;
        columns = 1;
        state = State.CELL_BEGINS;
    }

    private void checkLength(long end) throws UnreadableException {
        if (end - recordStart > longest) {
            throw new UnreadableException(
                    recordLine,
                    "found a record of more than %,d characters, expected none so long; look for an opening quote without a closing one, otherwise raise pipeline.max-record-bytes"
                            .formatted(longest));
        }
    }

    private UnreadableException tooManyColumns() {
        return new UnreadableException(
                recordLine,
                "found more than %,d columns, expected no more, as in a spreadsheet; look for a line end that is missing"
                        .formatted(COLUMNS));
    }
}
