package pipeline.reject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import pipeline.claim.Entry;
import pipeline.dataset.Dataset;
import pipeline.dataset.HeaderMatch;
import pipeline.dataset.Reserved;
import pipeline.dataset.SpreadsheetGuard;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The first lines of a rejects file, for a person who wants to see what is wrong; however large it is, little is read. */
public final class FirstRejects {
    /** The header and five more. */
    private static final int LINES = 6;

    private static final int BYTES = 16 * 1024;

    /** So many rows, of so many bytes at most, are shown as a table. */
    private static final int ROWS = 20;

    private static final int TABLE_BYTES = 64 * 1024;

    private final S3Client s3;
    private final String bucket;

    public FirstRejects(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /**
     * The first lines as they stand in the file.
     *
     * @param more whether there is more than these
     */
    public record Lines(List<String> lines, boolean more) {
        public Lines {
            lines = List.copyOf(lines);
        }
    }

    /**
     * Reads the first lines of an entry's rejects file.
     *
     * @param charset of the file's dataset; what it cannot decode is read byte by byte
     * @throws software.amazon.awssdk.core.exception.SdkException when S3 does not answer, or the file is not there any more
     */
    public Lines of(Entry entry, Charset charset) {
        Start start = start(entry, BYTES);
        List<String> lines = new ArrayList<>(
                decoded(start.bytes(), charset, start.whole()).lines().toList());
        boolean more = lines.size() > LINES || !start.whole();
        return new Lines(lines.subList(0, Math.min(LINES, lines.size())), more);
    }

    /**
     * The first rejected rows, cell by cell.
     *
     * @param columns the file's own
     * @param more whether there are more than these
     */
    public record Table(List<String> columns, List<Rejected> rows, boolean more) {
        public Table {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }
    }

    /**
     * A row as it was handed back.
     *
     * @param line on which it starts in the file that it came with
     * @param errors all reasons in one line
     * @param wrong indexes of the cells to blame; none where the row as a whole is
     */
    public record Rejected(long line, List<String> cells, String errors, List<Integer> wrong) {
        public Rejected {
            cells = List.copyOf(cells);
            wrong = List.copyOf(wrong);
        }
    }

    /**
     * Reads the first rows of an entry's rejects file, by its dataset.
     *
     * @throws software.amazon.awssdk.core.exception.SdkException when S3 does not answer, or the file is not there any more
     */
    public Table table(Entry entry, Dataset dataset) {
        Start start = start(entry, TABLE_BYTES);
        List<List<String>> records = records(decoded(start.bytes(), dataset.charset(), start.whole()), dataset);
        if (!start.whole() && records.size() > 1) {
            // Where the bytes end, a record may be cut.
            records = records.subList(0, records.size() - 1);
        }
        boolean more = !start.whole() || records.size() > ROWS + 1;
        List<String> header = records.stream().findFirst().orElse(List.of()).stream()
                .map(SpreadsheetGuard::unguard)
                .toList();
        List<String> own =
                header.stream().filter(name -> !Reserved.REPAIR.contains(name)).toList();
        List<String> names = dataset.match(own) instanceof HeaderMatch.Fits fits
                ? fits.columns().names()
                : own;
        List<Rejected> rows = records.stream()
                .skip(1)
                .limit(ROWS)
                .map(record -> rejected(record, header, names))
                .toList();
        return new Table(own, rows, more);
    }

    private static List<List<String>> records(String text, Dataset dataset) {
        List<List<String>> records = new ArrayList<>();
        try (CSVParser parser = CSVParser.parse(text, dataset.csvFormat())) {
            for (CSVRecord record : parser) {
                records.add(record.toList());
                if (records.size() > ROWS + 2) {
                    break;
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // A record that the end of the bytes has cut within quotes: those before it are whole.
            return records;
        }
        return records;
    }

    private static Rejected rejected(List<String> record, List<String> header, List<String> names) {
        List<String> cells = new ArrayList<>();
        String errors = "";
        long line = 0;
        for (int i = 0; i < record.size(); i++) {
            String name = i < header.size() ? header.get(i) : "";
            String cell = SpreadsheetGuard.unguard(record.get(i));
            switch (name) {
                case Reserved.SOURCE -> {}
                case Reserved.LINE -> line = cell.matches("[0-9]{1,18}") ? Long.parseLong(cell) : 0;
                case Reserved.ERRORS -> errors = cell;
                default -> cells.add(cell);
            }
        }
        String reasons = "; " + errors;
        List<Integer> wrong = IntStream.range(0, Math.min(names.size(), cells.size()))
                .filter(i -> !names.get(i).isEmpty() && reasons.contains("; " + names.get(i) + ": "))
                .boxed()
                .toList();
        return new Rejected(line, cells, errors, wrong);
    }

    private record Start(byte[] bytes, boolean whole) {}

    private Start start(Entry entry, int most) {
        ResponseBytes<GetObjectResponse> start = s3.getObjectAsBytes(request ->
                request.bucket(bucket).key(entry.rejects().orElseThrow()).range("bytes=0-" + (most - 1)));
        byte[] bytes = start.asByteArray();
        String range = start.response().contentRange();
        return new Start(bytes, range == null || range.endsWith("/" + bytes.length));
    }

    /** The bytes may end in the middle of a character: that one is left out. */
    private static String decoded(byte[] bytes, Charset charset, boolean whole) {
        var decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        java.nio.CharBuffer text =
                java.nio.CharBuffer.allocate((int) Math.ceil(bytes.length * (double) decoder.maxCharsPerByte()) + 1);
        try {
            var result = decoder.decode(ByteBuffer.wrap(bytes), text, whole);
            if (result.isError()) {
                result.throwException();
            }
            return text.flip().toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
