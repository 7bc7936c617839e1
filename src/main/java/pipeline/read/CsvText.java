package pipeline.read;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/**
 * The text of a CSV file on its way to the parser: decoded strictly, without a byte order mark, and never more than
 * about two records of the allowed length ahead of the last one taken, so that an unclosed quote costs no memory.
 *
 * <p>Whoever takes records from the parser reports each by {@link #taken(long)}, in order.
 */
public final class CsvText extends Reader {
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final int BUFFER = 16 * 1024;

    private final InputStream in;
    private final Charset charset;
    private final CharsetDecoder decoder;
    private final int maxRecord;
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).limit(0);
    private long bytesDecoded;
    private boolean inputEnded;
    private boolean ended;
    private boolean begun;
    private long given;
    private long lastTaken;
    private long line = 1;
    private boolean afterCr;

    /** @param maxRecord the most characters that one record may have, quotes and delimiters included */
    public CsvText(InputStream in, Charset charset, int maxRecord) {
        this.in = in;
        this.charset = charset;
        this.maxRecord = maxRecord;
        this.decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /**
     * A whole record was parsed.
     *
     * @param start the position of its first character; when all records were taken, that of the end
     * @throws UnreadableException when the record before it was too long
     */
    void taken(long start) throws UnreadableException {
        if (start - lastTaken > maxRecord) {
            throw tooLong();
        }
        lastTaken = start;
    }

    /** How many characters were given to the parser: after its last record, the position of the end. */
    long given() {
        return given;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (given - lastTaken > 2L * maxRecord + BUFFER) {
            throw tooLong();
        }
        CharBuffer out = CharBuffer.wrap(target, offset, length).slice();
        while (out.position() == 0) {
            if (ended) {
                return -1;
            }
            decode(out);
            if (!begun && out.position() > 0) {
                begun = true;
                if (out.get(0) == BYTE_ORDER_MARK) {
                    out.flip().get();
                    out.compact();
                }
            }
        }
        look(out);
        given += out.position();
        return out.position();
    }

    private void decode(CharBuffer out) throws IOException {
        int before = bytes.position();
        CoderResult result = decoder.decode(bytes, out, inputEnded);
        bytesDecoded += bytes.position() - before;
        if (result.isError()) {
            look(out);
            throw new UnreadableException(
                    line,
                    "found the byte 0x%02X (byte %,d of the file), which is not %s, expected %s text; save the file in that encoding or set the dataset's encoding"
                            .formatted(bytes.get(bytes.position()), bytesDecoded + 1, charset, charset));
        }
        if (result.isUnderflow()) {
            if (inputEnded) {
                ended = decoder.flush(out).isUnderflow();
            } else {
                fill();
            }
        }
    }

    private void fill() throws IOException {
        bytes.compact();
        int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
        if (read < 0) {
            inputEnded = true;
        } else {
            bytes.position(bytes.position() + read);
        }
        bytes.flip();
    }

    /** Counts lines as an editor does (CR, LF and CRLF each end one) and stops at what no text file holds. */
    private void look(CharBuffer out) throws UnreadableException {
        for (int i = 0; i < out.position(); i++) {
            char c = out.get(i);
            if (c < ' ') {
                if (c == 0) {
                    throw new UnreadableException(line, "found a NUL character, expected text");
                }
                if (c == '\r' || c == '\n' && !afterCr) {
                    line++;
                }
                afterCr = c == '\r';
            } else {
                afterCr = false;
            }
        }
    }

    private UnreadableException tooLong() {
        return new UnreadableException(
                line,
                "found a record of more than %,d characters that ends here or later, expected none so long; look for an opening quote without a closing one, otherwise raise pipeline.max-record-bytes"
                        .formatted(maxRecord));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
