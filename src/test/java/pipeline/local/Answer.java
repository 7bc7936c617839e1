package pipeline.local;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An HTTP response on its way back.
 *
 * @param length of the body in bytes, -1 if not announced
 */
record Answer(int status, List<Field> headers, InputStream body, long length) implements Closeable {

    /** One header line. */
    record Field(String name, String value) {}

    static Answer of(int status, String contentType, String text, Field... more) {
        List<Field> headers = new ArrayList<>(List.of(more));
        headers.add(new Field("Content-Type", contentType));
        return new Answer(status, headers, new byte[0]).withBody(text.getBytes(StandardCharsets.UTF_8));
    }

    Answer(int status, List<Field> headers, byte[] content) {
        this(status, headers, new ByteArrayInputStream(content), content.length);
    }

    Answer withBody(byte[] content) {
        return new Answer(status, headers, content);
    }

    Answer without(String name) {
        List<Field> fewer =
                headers.stream().filter(f -> !f.name().equalsIgnoreCase(name)).toList();
        return new Answer(status, fewer, body, length);
    }

    String header(String name) {
        return headers.stream()
                .filter(f -> f.name().equalsIgnoreCase(name))
                .map(Field::value)
                .findFirst()
                .orElse("");
    }

    /** Reads the answer to its end, so that the service is known to have finished. For small ones only. */
    Answer complete() throws IOException {
        try (this) {
            return withBody(body.readAllBytes());
        }
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
