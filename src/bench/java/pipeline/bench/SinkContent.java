package pipeline.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What an object consists of: bytes, or parts of files that stay where they are. */
record SinkContent(List<Part> parts) {
    /** Either bytes or a file, and which of its bytes. */
    record Part(byte[] bytes, Path file, long from, long length) {}

    static SinkContent of(byte[] bytes) {
        return new SinkContent(bytes.length == 0 ? List.of() : List.of(new Part(bytes, null, 0, bytes.length)));
    }

    static SinkContent of(Path file) throws IOException {
        return new SinkContent(List.of(new Part(null, file, 0, Files.size(file))));
    }

    static SinkContent of(List<SinkContent> contents) {
        return new SinkContent(
                contents.stream().flatMap(content -> content.parts().stream()).toList());
    }

    long length() {
        return parts.stream().mapToLong(Part::length).sum();
    }

    /** Some of it, from a byte to before another one. */
    SinkContent slice(long from, long to) {
        List<Part> slices = new ArrayList<>();
        long at = 0;
        for (Part part : parts) {
            long start = Math.max(from, at);
            long end = Math.min(to, at + part.length());
            if (start < end) {
                slices.add(new Part(part.bytes(), part.file(), part.from() + start - at, end - start));
            }
            at += part.length();
        }
        return new SinkContent(slices);
    }

    /** MD5, as S3 has it for an object that was put in one piece; for others any tag will do. */
    String eTag() {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            for (Part part : parts) {
                if (part.file() == null) {
                    md5.update(part.bytes(), (int) part.from(), (int) part.length());
                } else {
                    md5.update((part.file() + "@" + part.from() + "+" + part.length()).getBytes());
                }
            }
            return HexFormat.of().formatHex(md5.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All of it, which must fit into memory. */
    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Part part : parts) {
            if (part.file() == null) {
                out.write(part.bytes(), (int) part.from(), (int) part.length());
            } else {
                try (InputStream in = Files.newInputStream(part.file())) {
                    in.skipNBytes(part.from());
                    out.write(in.readNBytes((int) part.length()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return out.toByteArray();
    }
}
