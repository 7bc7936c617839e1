package pipeline.read;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Recognises by their first bytes the files that people drop by mistake. */
final class Signatures {
    private static final Map<String, String> KNOWN = new LinkedHashMap<>();

    static {
        KNOWN.put("\u0089PNG\r\n", "a PNG image");
        KNOWN.put("GIF8", "a GIF image");
        KNOWN.put("\u00FF\u00D8\u00FF", "a JPEG image");
        KNOWN.put("%PDF-", "a PDF document");
        KNOWN.put("PK\u0003\u0004", "a ZIP archive or an Excel workbook");
        KNOWN.put("\u00D0\u00CF\u0011\u00E0", "an old Excel workbook");
        KNOWN.put("\u001F\u008B", "a gzip file");
        KNOWN.put("(\u00B5/\u00FD", "a Zstandard file");
        KNOWN.put("PAR1", "a Parquet file");
        KNOWN.put("SQLite format 3\0", "an SQLite database");
    }

    /** The longest signature. */
    static final int LENGTH = 16;

    private Signatures() {}

    /** What the first bytes of a file show it to be, other than text. */
    static Optional<String> name(byte[] start) {
        String latin1 = new String(start, StandardCharsets.ISO_8859_1);
        return KNOWN.entrySet().stream()
                .filter(known -> latin1.startsWith(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** The encoding that a byte order mark announces, where it is not UTF-8's. */
    static Optional<Charset> announced(byte[] start) {
        String latin1 = new String(start, StandardCharsets.ISO_8859_1);
        if (latin1.startsWith("\u00FF\u00FE")) {
            return Optional.of(StandardCharsets.UTF_16LE);
        }
        if (latin1.startsWith("\u00FE\u00FF")) {
            return Optional.of(StandardCharsets.UTF_16BE);
        }
        return Optional.empty();
    }
}
