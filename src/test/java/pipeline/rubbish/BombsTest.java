package pipeline.rubbish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pipeline.Main;
import pipeline.dataset.Datasets;
import pipeline.run.Pipeline;

/** Files made to exhaust whoever reads them end in one sentence, early, and in little memory. */
@Timeout(value = 360, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BombsTest {
    private static final String HEADER = "order_id,customer_name,product_name,quantity,unit_price";
    private static final String ROW = "A1,Nora Vance,Mug,1,2.50\n";

    /** The default of {@code pipeline.max-record-bytes}. */
    private static final int MAX_RECORD = 1 << 20;

    private static final Datasets DATASETS = Datasets.load(Pipeline.DATASETS);

    @TempDir
    private Path folder;

    private static Reading read(Flood flood) throws IOException {
        return Reading.of(DATASETS, flood, MAX_RECORD);
    }

    /** Refused with these words, without reading further than some tens of thousand characters behind the limit. */
    private static void assertRefused(String reason, long within, Flood flood) throws IOException {
        assertEquals(Flood.FILE + reason, read(flood).reason());
        assertTrue(
                flood.mostRead() < within + 100_000, () -> "read " + flood.mostRead() + " bytes of " + flood.bytes());
    }

    @Test
    void tenMillionColumnsInTheHeader() throws IOException {
        String tooMany =
                ": found more than 16,384 columns, expected no more, as in a spreadsheet; look for a line end that is missing";
        assertRefused(" line 1" + tooMany, 16_384, new Flood("", ",", 10_000_000));
        assertRefused(" line 1" + tooMany, 16_384, new Flood(HEADER, ",", 10_000_000));
        assertRefused(" line 1" + tooMany, 5 * 16_384, new Flood(HEADER, ",\"\n\"", 10_000_000));
    }

    @Test
    void tenMillionColumnsInARow() throws IOException {
        String tooMany =
                ": found more than 16,384 columns, expected no more, as in a spreadsheet; look for a line end that is missing";
        assertRefused(" line 3" + tooMany, 16_384, new Flood(HEADER + "\n" + ROW, ",", 10_000_000));
        assertRefused(" line 2" + tooMany, 3 * 16_384, new Flood(HEADER + "\n", "\"\",", 10_000_000));
    }

    /** As many as a spreadsheet has are read, and every row comes back with its reasons. */
    @Test
    void asManyColumnsAsThereMayBe() throws IOException {
        int unnamed = 16_384 - 5;
        String row = "A1,Nora Vance,Mug,1,2.50" + ",x".repeat(unnamed) + "\n";
        Reading reading = read(new Flood(HEADER + ",".repeat(unnamed) + "\n" + ROW, row, 8));
        assertFalse(reading.refused(), () -> reading.reason());
        assertEquals(9, reading.rejected().size());
        assertEquals(unnamed, reading.rejected().get(8).problems().size());
        assertEquals(
                "column 16384: found 'x', expected nothing, since the column has no name",
                reading.rejected().get(8).problems().get(unnamed - 1).sentence());
    }

    @Test
    void aHeaderCellOfAMillionCharacters() throws IOException {
        String x = "x".repeat(60) + "…";
        assertRefused(
                ": found column " + x + ", expected those of orders, sales or sensors",
                1_000_001,
                new Flood("", "x", 1_000_000));
        assertRefused(
                ": found a column name of more than 65535 bytes, '" + x + "', expected names that a table can hold",
                1_000_100,
                new Flood(HEADER + ",", "x", 1_000_000));
    }

    @Test
    void oneEnormousCell() throws IOException {
        String tooLong =
                ": found a record of more than 1,048,576 characters, expected none so long; look for an opening quote without a closing one, otherwise raise pipeline.max-record-bytes";
        assertRefused(" line 1" + tooLong, MAX_RECORD, new Flood("", "x", 500_000_000));
        assertRefused(" line 3" + tooLong, MAX_RECORD, new Flood(HEADER + "\n" + ROW + "A2,", "x", 500_000_000));
        assertRefused(" line 2" + tooLong, 2 * MAX_RECORD, new Flood(HEADER + "\nA2,", "é", 500_000_000));
    }

    /** The line named is the one on which the quote was opened, however far away the limit is met. */
    @Test
    void aQuoteThatIsNeverClosed() throws IOException {
        assertRefused(
                " line 2: found a record of more than 1,048,576 characters, expected none so long; look for an opening quote without a closing one, otherwise raise pipeline.max-record-bytes",
                MAX_RECORD,
                new Flood(HEADER + "\nA1,\"Nora Vance,Mug,1,2.50\n", "A2,Nora Vance,Mug,1,2.50\n", 20_000_000));
    }

    @Test
    void quotesAndNothingElse() throws IOException {
        assertRefused(
                " line 2: found a record of more than 1,048,576 characters, expected none so long; look for an opening quote without a closing one, otherwise raise pipeline.max-record-bytes",
                MAX_RECORD,
                new Flood(HEADER + "\n", "\"", 500_000_000));
        // An even number within the limit is one cell of quotes, an odd one is open at the end.
        Reading cell = read(new Flood(HEADER + "\nA1,Nora Vance,", "\"", 1_000_000));
        assertEquals("found 3 fields, expected 5", cell.rejected().get(0).reasons());
        assertEquals(499_999, cell.rows().get(0).cells().get(2).length());
        assertEquals(
                Flood.FILE + " line 2: found an opening quote that is never closed, expected a closing one",
                read(new Flood(HEADER + "\nA1,\"", "\"\"", 400_000)).reason());
    }

    @Test
    void quotesThatOpenAndCloseInEveryCell() throws IOException {
        Reading reading = read(new Flood(HEADER + "\n", "\"\"\"\"\"\",\"a\"\"\"\"b\",\"\",\"1\",\"2\"\n", 1_000));
        assertEquals(1_000, reading.rejected().size());
        assertEquals("\"\"", reading.rows().get(999).cells().get(0));
        assertEquals(
                "product_name: found nothing, expected a value",
                reading.rejected().get(999).reasons());
    }

    @Test
    void anArchiveByAnotherName() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write((HEADER + "\n" + ROW).getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(
                "orders.csv: found a gzip file, expected CSV text",
                Reading.of(DATASETS, new Bytes("orders.csv", packed.toByteArray()), MAX_RECORD)
                        .reason());
    }

    /**
     * The command itself, in a process that has 64 MB: what its memory held for is what it took.
     */
    @Test
    void eachOfThemFitsIn64Megabytes() throws IOException, InterruptedException {
        int unnamed = 16_384 - 5;
        List<Flood> floods = List.of(
                new Flood(HEADER, ",", 10_000_000),
                new Flood(HEADER + "\n", ",", 10_000_000),
                new Flood("", "\r\n", 50_000_000),
                new Flood(HEADER + "\n" + ROW + "\"", "x\n", 10_000_000),
                new Flood(HEADER + "\n" + ROW, "x", 20_000_000),
                new Flood(HEADER + ",", "x", 1_000_000),
                new Flood(HEADER + ",".repeat(unnamed) + "\n", ",".repeat(unnamed) + "\n", 1024),
                new Flood(HEADER + "\n", "\"" + "y".repeat(1_000_000) + "\",,,,\n", 32));
        List<String> arguments = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "check",
                "--json"));
        for (int i = 0; i < floods.size(); i++) {
            Path file = folder.resolve(i + ".csv");
            try (InputStream in = floods.get(i).open()) {
                Files.copy(in, file);
            }
            arguments.add(file.toString());
        }
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process check = new ProcessBuilder(arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertTrue(check.waitFor(5, TimeUnit.MINUTES), "it goes on");
        } finally {
            check.destroyForcibly();
        }
        assertEquals(3, check.exitValue(), () -> text(err));
        List<String> said = new ArrayList<>();
        for (JsonNode file : new ObjectMapper().readTree(out.toFile())) {
            said.add(
                    file.path("rows_read").asLong() + " " + file.path("refused").asText());
        }
        String tooMany =
                " line %d: found more than 16,384 columns, expected no more, as in a spreadsheet; look for a line end that is missing";
        String tooLong =
                " line %d: found a record of more than 1,048,576 characters, expected none so long; look for an opening quote without a closing one, otherwise raise pipeline.max-record-bytes";
        assertEquals(
                List.of(
                        "0 0.csv" + tooMany.formatted(1),
                        "0 1.csv" + tooMany.formatted(2),
                        "0 2.csv: found an empty file, expected a header with the names of the columns",
                        "0 3.csv" + tooLong.formatted(3),
                        "0 4.csv" + tooLong.formatted(3),
                        "0 5.csv: found a column name of more than 65535 bytes, '" + "x".repeat(60)
                                + "…', expected names that a table can hold",
                        "1024 6.csv: no row could be stored, 1,024 of 1,024 were rejected",
                        "32 7.csv: no row could be stored, 32 of 32 were rejected"),
                said);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
