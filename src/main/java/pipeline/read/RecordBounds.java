package pipeline.read;

/**
 * Follows the records of a text on its way to the parser and stops at the first that is too long, has too many columns, or
 * holds what no text file holds. So whatever a file is, the parser is never given much more than one bounded record.
 *
 * <p>Delimiters, quotes and line ends count as in RFC 4180, section 2, a quote only where a cell begins: as the parser has
 * it. So the records can be counted, and misquoting be found, without a parser; behind the first misquoting the two may
 * differ.
 */
final class RecordBounds {
    /** As many as a worksheet of a spreadsheet has: rejected rows are mended there. */
    static final int COLUMNS = 16_384;

    private enum State {
        CELL_BEGINS,
        IN_CELL,
        IN_QUOTES,
        BEHIND_A_QUOTE,
        BEHIND_BLANKS_BEHIND_A_QUOTE
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
    private boolean blank = true;
    private long records;
    private long misquoted;

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
            if (c == delimiter && state != State.IN_QUOTES) {
                state = State.CELL_BEGINS;
                columns++;
                if (columns > COLUMNS) {
                    throw tooManyColumns();
                }
            } else if (c == quote) {
                quote();
            } else if (c < ' ' && endsLine(c)) {
                lineEnd(c, position + i - from);
            } else {
                blank = blank && Character.isWhitespace(c);
                if (state == State.CELL_BEGINS) {
                    state = State.IN_CELL;
                } else if (state.compareTo(State.BEHIND_A_QUOTE) >= 0) {
                    behindQuote(c);
                }
            }
            previous = c;
        }
        position += to - from;
        checkLength(position);
    }

    private void quote() {
        switch (state) {
            case CELL_BEGINS -> state = State.IN_QUOTES;
            case IN_QUOTES -> state = State.BEHIND_A_QUOTE;
            case BEHIND_A_QUOTE -> {
                state = State.IN_QUOTES;
                blank = false;
            }
            case BEHIND_BLANKS_BEHIND_A_QUOTE -> {
                state = State.IN_QUOTES;
                misquote();
            }
            case IN_CELL -> blank = false;
        }
    }

    private void behindQuote(char c) {
        if (Character.isWhitespace(c)) {
            state = State.BEHIND_BLANKS_BEHIND_A_QUOTE;
        } else {
            misquote();
        }
    }

    private void misquote() {
        if (misquoted == 0) {
            misquoted = recordLine;
        }
    }

    /** @throws UnreadableException when text was found behind a closing quote */
    void checkQuoting() throws UnreadableException {
        if (misquoted > 0) {
            throw UnreadableException.misquoted(misquoted);
        }
    }

    /**
     * The text is at its end.
     *
     * @return how many records it has, blank lines left out
     * @throws UnreadableException when a quote was not closed
     */
    long end() throws UnreadableException {
        if (state == State.IN_QUOTES) {
            throw UnreadableException.unclosed(recordLine);
        }
        countRecord();
        return records;
    }

    private void countRecord() {
        if (!blank || columns > 1) {
            records++;
        }
        blank = true;
        columns = 1;
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
            countRecord();
        }
        recordStart = at + 1;
        recordLine = line;
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
