package pipeline.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Optional;

/**
 * A terminal's standard output with one line at its end that is rewritten in place. Whatever else is printed takes that
 * line's place and stands alone.
 */
public final class StatusLine extends FilterOutputStream {
    // ECMA-48: do not wrap (a long line is cut at the terminal's edge), erase to the end, wrap again.
    private static final String NO_WRAP = "\u001B[?7l";
    private static final String WRAP = "\u001B[?7h";
    private static final String ERASE = "\r\u001B[K";

    private static volatile Optional<StatusLine> installed = Optional.empty();

    private final Charset charset;
    private boolean shown;

    /** @param charset the terminal's */
    StatusLine(OutputStream terminal, Charset charset) {
        super(terminal);
        this.charset = charset;
    }

    /** Puts itself in the place of standard output. To be called before anything keeps a reference to that. */
    public static void install() {
        StatusLine line = new StatusLine(System.out, Terminal.charset());
        System.setOut(new PrintStream(line, true, line.charset));
        installed = Optional.of(line);
    }

    /** The one in the place of standard output; empty where that is no terminal. */
    static Optional<StatusLine> installed() {
        return installed;
    }

    /** Shows this text, in place of the one before. */
    synchronized void show(String text) {
        raw(ERASE + NO_WRAP + text + WRAP);
        shown = true;
    }

    /** Shows nothing. */
    synchronized void clear() {
        if (shown) {
            raw(ERASE);
            shown = false;
        }
    }

    private void raw(String text) {
        try {
            out.write(text.getBytes(charset));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void write(int b) throws IOException {
        clear();
        out.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        clear();
        out.write(bytes, offset, length);
    }

    @Override
    public synchronized void flush() throws IOException {
        out.flush();
    }
}
