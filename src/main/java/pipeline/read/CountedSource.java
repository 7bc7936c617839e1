package pipeline.read;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import pipeline.claim.Attempt;

/** A source that tells its attempt how many bytes of the file were read since it was opened last. */
final class CountedSource implements Source {
    private final Source source;
    private final Attempt attempt;

    CountedSource(Source source, Attempt attempt) {
        this.source = source;
        this.attempt = attempt;
    }

    @Override
    public String file() {
        return source.file();
    }

    @Override
    public long bytes() {
        return source.bytes();
    }

    @Override
    public InputStream open() throws IOException {
        attempt.bytesRead(0);
        return new Counted(source.open(), attempt);
    }

    private static final class Counted extends FilterInputStream {
        /** So many bytes later a process that is to stop, or has lost its lease, stops reading. */
        private static final long CHECKED_EVERY = 8L * 1024 * 1024;

        private final Attempt attempt;
        private long read;

        Counted(InputStream in, Attempt attempt) {
            super(in);
            this.attempt = attempt;
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int got = in.read(target, offset, length);
            count(Math.max(0, got));
            return got;
        }

        private void count(int more) {
            if ((read + more) / CHECKED_EVERY > read / CHECKED_EVERY) {
                attempt.lease().check();
            }
            read += more;
            attempt.bytesRead(read);
        }
    }
}
