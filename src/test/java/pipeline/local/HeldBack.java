package pipeline.local;

import java.io.IOException;
import java.io.InputStream;

/**
 * An upload whose last bytes are handed on only when a gate has been passed: until then the reader cannot finish, so what
 * the gate decides holds at the moment the object comes into being, however slowly the body arrives.
 *
 * <p>The part held back is larger than the last frame of an aws-chunked body (last chunk, checksum and signature), without
 * which a reader might already think itself done.
 */
final class HeldBack extends InputStream {
    private static final int HELD = 8 * 1024;

    /** Waits for leave to finish. An exception ends the upload unfinished. */
    @FunctionalInterface
    interface Gate {
        void pass() throws IOException;
    }

    private final InputStream body;
    private final Gate gate;
    private final byte[] buffer = new byte[8 * HELD];
    private int start;
    private int end;
    private boolean complete;

    HeldBack(InputStream body, Gate gate) {
        this.body = body;
        this.gate = gate;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!complete && end - start <= HELD) {
            fill();
        }
        int free = complete ? end - start : end - start - HELD;
        if (free == 0) {
            return -1;
        }
        int count = Math.min(free, length);
        System.arraycopy(buffer, start, into, offset, count);
        start += count;
        return count;
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        int count = body.read(buffer, end, buffer.length - end);
        if (count >= 0) {
            end += count;
        } else {
            gate.pass();
            complete = true;
        }
    }
}
