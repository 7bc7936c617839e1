package pipeline.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pipeline.dataset.Dialect;

class RecordsTest {
    private static final Dialect COMMA = new Dialect(StandardCharsets.UTF_8, ',', '"');

    private static List<String> read(byte[] file, Dialect dialect, int maxRecord) throws IOException {
        return read(new ByteArrayInputStream(file), dialect, maxRecord);
    }

    private static List<String> read(InputStream file, Dialect dialect, int maxRecord) throws IOException {
        CsvText text = new CsvText(file, dialect, maxRecord);
        List<String> lines = new ArrayList<>();
        try (Records records =
                new Records(CSVParser.parse(text, dialect.csvFormat()).iterator(), text)) {
            while (records.hasNext()) {
                Records.Numbered record = records.next();
                lines.add(record.line() + ":" + String.join("|", record.cells()));
            }
        }
        return lines;
    }

    private static List<String> read(String file) throws IOException {
        return read(file.getBytes(StandardCharsets.UTF_8), COMMA, 1024);
    }

    private static String refusal(byte[] file) {
        return assertThrows(UnreadableException.class, () -> read(file, COMMA, 1024))
                .sentence("x.csv");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void linesAreCountedAsAnEditorDoes(String end) throws IOException {
        String file = String.join(end, "a,b", "", "1,\"two", "lines\"", "  ", "3,4", "", "");
        assertEquals(List.of("1:a|b", "3:1|two" + end + "lines", "6:3|4"), read(file));
    }

    @Test
    void aFileNeedsNoFinalLineEnd() throws IOException {
        assertEquals(List.of("1:a|b", "2:1|"), read("a,b\n1,"));
    }

    @Test
    void aByteOrderMarkIsNoText() throws IOException {
        assertEquals(List.of("1:a|b"), read("\uFEFFa,b\n"));
        assertEquals(List.of(), read("\uFEFF"));
    }

    @Test
    void anEncodingOtherThanUtf8IsRead() throws IOException {
        Charset utf16 = StandardCharsets.UTF_16LE;
        assertEquals(
                List.of("1:ä|b", "2:1|2"), read("\uFEFFä;b\n1;2".getBytes(utf16), new Dialect(utf16, ';', '"'), 1024));
    }

    @Test
    void aMalformedByteIsNamedWithItsPlace() {
        assertEquals(
                "x.csv line 2: found the byte 0xE9 (byte 6 of the file), which is not UTF-8, expected UTF-8 text; save the file in that encoding or set the dataset's encoding",
                refusal("a,b\n1é,2\n".getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void aNulIsNoText() {
        assertEquals(
                "x.csv line 2: found a NUL character, expected text",
                refusal("a,b\n1\0,2\n".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void anUnclosedQuoteIsNamedWithTheLineOfItsRecord() {
        assertEquals(
                "x.csv line 3: found an opening quote that is never closed, expected a closing one",
                refusal("a,b\n1,2\n3,\"4\n5,6\n".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void textBehindAClosingQuoteIsRefused() {
        assertEquals(
                "x.csv line 2: found text behind a closing quote, expected a delimiter or the end of the line; a quote inside a quoted cell is written twice",
                refusal("a,b\n\"1\"x,2\n".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aRecordMayHaveAsManyCharactersAsTheBoundAndNoMore() throws IOException {
        String fits = "x".repeat(1022);
        assertEquals(List.of("1:a", "2:" + fits, "3:b"), read("a\n" + fits + "\nb\n"));
        assertTrue(refusal(("a\n" + "x".repeat(1025) + "\nb\n").getBytes(StandardCharsets.UTF_8))
                .contains("found a record of more than 1,024 characters"));
        assertTrue(refusal(("a\n" + "x".repeat(1025)).getBytes(StandardCharsets.UTF_8))
                .contains("found a record of more than 1,024 characters"));
    }

    @Test
    void aRecordThatIsTooLongIsNamedByTheLineOnWhichItBegins() {
        String tooLong =
                "found a record of more than 1,024 characters, expected none so long; look for an opening quote without a closing one, otherwise raise pipeline.max-record-bytes";
        assertEquals(
                "x.csv line 3: " + tooLong,
                refusal(("a,b\r\n1,2\r\n3,\"4\r\n" + "5,6\r\n".repeat(1000)).getBytes(StandardCharsets.UTF_8)));
        assertEquals(
                "x.csv line 2: " + tooLong,
                refusal(("a\n\"" + "x\n".repeat(600) + "\"\nb\n").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aRecordMayHaveAsManyColumnsAsASpreadsheetAndNoMore() throws IOException {
        byte[] most = ("a" + ",".repeat(RecordBounds.COLUMNS - 1) + "\n1\n").getBytes(StandardCharsets.UTF_8);
        byte[] more = ("1\n\"a,,\n,\"" + ",".repeat(RecordBounds.COLUMNS)).getBytes(StandardCharsets.UTF_8);
        assertEquals(2, read(most, COMMA, 1 << 20).size());
        UnreadableException refused = assertThrows(UnreadableException.class, () -> read(more, COMMA, 1 << 20));
        assertEquals(
                "x.csv line 2: found more than 16,384 columns, expected no more, as in a spreadsheet; look for a line end that is missing",
                refused.sentence("x.csv"));
    }

    /** Delimiters and line ends in quotes count for nothing, and a quote inside a cell opens none. */
    @Test
    void whatIsQuotedEndsNoRecord() throws IOException {
        String commas = ",".repeat(RecordBounds.COLUMNS);
        assertEquals(
                List.of("1:a|b", "2:" + commas + "|x\"", "3:" + commas + "\n|y"),
                read(
                        ("a,b\n\"" + commas + "\",x\"\n\"" + commas + "\n\",y").getBytes(StandardCharsets.UTF_8),
                        COMMA,
                        1 << 20));
    }

    @Test
    void oneCharacterAtATimeIsReadToo() throws IOException {
        String text = "a,😀\r\n\"é\"";
        CsvText reader =
                new CsvText(new ByteArrayInputStream(("\uFEFF" + text).getBytes(StandardCharsets.UTF_8)), COMMA, 1024);
        StringBuilder read = new StringBuilder();
        for (int c = reader.read(); c >= 0; c = reader.read()) {
            read.append((char) c);
        }
        assertEquals(text, read.toString());
    }

    @Test
    void anEndlessRecordCostsNoMemory() {
        InputStream endless = new InputStream() {
            private long given;

            @Override
            public int read() {
                given++;
                if (given > 1_000_000) {
                    throw new AssertionError("a bounded reader does not ask for a million bytes of one record");
                }
                return given == 1 ? '"' : 'x';
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                target[offset] = (byte) read();
                return 1;
            }
        };
        assertThrows(UnreadableException.class, () -> read(endless, COMMA, 1024));
    }
}
