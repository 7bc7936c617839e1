package pipeline.read;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of one file version, to be read from the start as often as needed: always the same bytes. */
public interface Source {
    /** The file's key without {@code raw-data/}, as sentences name it. */
    String file();

    /** The length of the file. */
    long bytes();

    /** @throws IOException when the bytes cannot be had at the moment; trying again may help */
    InputStream open() throws IOException;
}
