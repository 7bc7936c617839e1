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
import pipeline.dataset.Dialect;

/**
 * The text of a CSV file on its way to the parser: decoded strictly, without a byte order mark, and no further than its
 * records keep within {@link RecordBounds}, so that neither an unclosed quote nor a line of nothing but delimiters costs
 * memory.
 */
public final class CsvText extends Reader {
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final int BUFFER = 16 * 1024;

    private final InputStream in;
    private final Charset charset;
    private final CharsetDecoder decoder;
    private final RecordBounds bounds;
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).limit(0);
    private final CharBuffer chars = CharBuffer.allocate(BUFFER).limit(0);
    private long bytesDecoded;
    private boolean inputEnded;
    private boolean ended;
    private boolean begun;

    /** @param maxRecord the most characters that one record may have, quotes and delimiters included */
    public CsvText(InputStream in, Dialect dialect, int maxRecord) {
        this.in = in;
        this.charset = dialect.charset();
        this.bounds = new RecordBounds(dialect.delimiter(), dialect.quote(), maxRecord);
        this.decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!chars.hasRemaining()) {
            if (ended) {
                return -1;
            }
            decode();
        }
        int given = Math.min(length, chars.remaining());
        chars.get(target, offset, given);
        return given;
    }

    /**
     * Reads all that is left, without a parser.
     *
     * @return how many records the whole text has, header included, blank lines left out: as many as the parser finds
     * @throws UnreadableException when the parser could not read it
     */
    long countRecords() throws IOException {
        while (!ended) {
            decode();
            bounds.checkQuoting();
        }
        return bounds.end();
    }

    private void decode() throws IOException {
        chars.clear();
        int before = bytes.position();
        CoderResult result = decoder.decode(bytes, chars, inputEnded);
        bytesDecoded += bytes.position() - before;
        if (inputEnded && result.isUnderflow()) {
            ended = decoder.flush(chars).isUnderflow();
        }
        chars.flip();
        if (!begun && chars.hasRemaining()) {
            begun = true;
            if (chars.get(0) == BYTE_ORDER_MARK) {
                chars.get();
            }
        }
        bounds.pass(chars.array(), chars.position(), chars.limit());
        if (result.isError()) {
            throw new UnreadableException(
                    bounds.line(),
                    "found the byte 0x%02X (byte %,d of the file), which is not %s, expected %s text; save the file in that encoding or set the dataset's encoding"
                            .formatted(bytes.get(bytes.position()), bytesDecoded + 1, charset, charset));
        }
        if (!inputEnded && result.isUnderflow()) {
            fill();
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

    @Override
    public void close() throws IOException {
        in.close();
    }
}
