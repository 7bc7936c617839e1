package pipeline.rubbish;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import pipeline.read.Source;

/** A file in memory. */
record Bytes(String file, byte[] content) implements Source {
    @Override
    public long bytes() {
        return content.length;
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(content);
    }
}
