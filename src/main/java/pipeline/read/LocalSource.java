package pipeline.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file on this machine, under the name that it would have in the bucket. */
public final class LocalSource implements Source {
    private final Path path;
    private final String file;

    /** @param file the key, without {@code raw-data/}, under which it would be dropped */
    public LocalSource(Path path, String file) {
        this.path = path;
        this.file = file;
    }

    @Override
    public String file() {
        return file;
    }

    @Override
    public long bytes() {
        return path.toFile().length();
    }

    @Override
    public InputStream open() throws IOException {
        return Files.newInputStream(path);
    }
}
