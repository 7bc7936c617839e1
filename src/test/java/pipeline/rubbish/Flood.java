package pipeline.rubbish;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import pipeline.read.Source;

/** A file that is too large to keep: a beginning, and then the same again and again. Counts what is read of it. */
final class Flood implements Source {
    static final String FILE = "flood.csv";

    private final byte[] beginning;
    private final byte[] unit;
    private final long times;
    private long mostRead;

    Flood(String beginning, String unit, long times) {
        this.beginning = beginning.getBytes(StandardCharsets.UTF_8);
        byte[] once = unit.getBytes(StandardCharsets.UTF_8);
        int together = 1;
        while (once.length * together < 4096 && times % (2L * together) == 0) {
            together *= 2;
        }
        this.unit = unit.repeat(together).getBytes(StandardCharsets.UTF_8);
        this.times = times / together;
    }

    @Override
    public String file() {
        return FILE;
    }

    @Override
    public long bytes() {
        return beginning.length + times * unit.length;
    }

    /** The most that was read of it by one that opened it. */
    long mostRead() {
        return mostRead;
    }

    @Override
    public InputStream open() {
        return new Counted(new SequenceInputStream(new ByteArrayInputStream(beginning), new Repeated()));
    }

    private final class Repeated extends InputStream {
        private long at;
        private final long end = times * unit.length;

        @Override
        public int read() {
            return at < end ? unit[(int) (at++ % unit.length)] & 0xFF : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (at == end) {
                return -1;
            }
            int from = (int) (at % unit.length);
            int given = (int) Math.min(Math.min(length, unit.length - from), end - at);
            System.arraycopy(unit, from, target, offset, given);
            at += given;
            return given;
        }
    }

    private final class Counted extends InputStream {
        private final InputStream in;
        private long read;

        Counted(InputStream in) {
            this.in = in;
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
            read += more;
            mostRead = Math.max(mostRead, read);
        }
    }
}
