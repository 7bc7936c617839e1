package pipeline.rubbish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.apache.commons.csv.CSVParser;
import pipeline.check.RejectedRow;
import pipeline.check.Row;
import pipeline.dataset.Columns;
import pipeline.dataset.Dataset;
import pipeline.dataset.Datasets;
import pipeline.dataset.Reserved;
import pipeline.dataset.SpreadsheetGuard;
import pipeline.reject.RejectsSheet;
import pipeline.repair.FileOrigins;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Any bytes at all end in an outcome: the file is refused for a reason, or every row of it is accepted or rejected for a
 * reason. What is accepted or rejected says the same when it is written down and read again.
 */
class AnyBytesTest {
    private static final String FILE = "rubbish.csv";
    private static final Datasets DATASETS = datasets();

    /** The shipped datasets and one of another dialect. */
    private static Datasets datasets() {
        try {
            Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "datasets");
            try (Stream<Path> shipped = Files.list(Path.of("config", "datasets"))) {
                for (Path dataset : shipped.toList()) {
                    Files.copy(dataset, folder.resolve(dataset.getFileName()));
                }
            }
            Files.writeString(folder.resolve("legacy.yaml"), NearlyCsv.LEGACY);
            return Datasets.load(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Provide
    Arbitrary<byte[]> anyBytes() {
        return NearlyCsv.anyBytes();
    }

    @Provide
    Arbitrary<byte[]> nearlyCsv() {
        return NearlyCsv.files();
    }

    @Property
    void anyBytesEndInAnOutcome(@ForAll("anyBytes") byte[] file) {
        String outcome = outcome(file);
        Statistics.collect(outcome);
        Statistics.coverage(coverage -> {
            coverage.check("refused").percentage(share -> share > 20);
            coverage.check("all rejected").percentage(share -> share > 5);
        });
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void nearlyRightFilesEndInAnOutcome(@ForAll("nearlyCsv") byte[] file) {
        String outcome = outcome(file);
        Statistics.collect(outcome);
        Statistics.coverage(coverage -> {
            coverage.check("refused").percentage(share -> share > 5);
            coverage.check("no rows").percentage(share -> share > 1);
            coverage.check("all accepted").percentage(share -> share > 5);
            coverage.check("some rejected").percentage(share -> share > 15);
            coverage.check("all rejected").percentage(share -> share > 5);
        });
    }

    /** Reads a file, asserts what holds of every file, and says in a word what became of it. */
    private static String outcome(byte[] file) {
        return assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            Reading reading = Reading.of(DATASETS, new Bytes(FILE, file), NearlyCsv.MAX_RECORD);
            if (reading.refused()) {
                assertSentence(reading.reason());
                assertTrue(reading.reason().startsWith(FILE), reading.reason());
                return "refused";
            }
            assertCounts(reading);
            assertAcceptedReadsAgain(reading);
            assertRejectedReadsAgain(reading);
            if (reading.rows().isEmpty()) {
                return "no rows";
            }
            return reading.rejected().isEmpty()
                    ? "all accepted"
                    : reading.accepted().isEmpty() ? "all rejected" : "some rejected";
        });
    }

    private static void assertSentence(String text) {
        assertTrue(text.contains("found ") && text.contains(", expected "), text);
        assertTrue(text.length() < 2000, () -> text.length() + " characters: " + text);
        assertFalse(text.codePoints().anyMatch(c -> Character.isISOControl(c) || c == 0xFFFE || c == 0xFFFF), text);
    }

    private static void assertCounts(Reading reading) {
        assertEquals(reading.readable().rows(), reading.rows().size(), "rows seen by the look and by the reading");
        assertEquals(
                reading.rows().size(),
                reading.accepted().size() + reading.rejected().size(),
                "rows parted");
        long line = 1;
        for (Row row : reading.rows()) {
            assertTrue(row.line() > line, () -> "line " + row.line() + " behind another of at least that number");
            line = row.line();
        }
        for (RejectedRow rejected : reading.rejected()) {
            assertFalse(rejected.problems().isEmpty(), "a row without a reason");
            rejected.problems().forEach(problem -> assertSentence(problem.sentence()));
        }
    }

    /** Quoted and read again, accepted rows are the same items. */
    private static void assertAcceptedReadsAgain(Reading reading) throws IOException {
        Columns columns = reading.readable().columns();
        List<List<String>> records = new ArrayList<>();
        records.add(columns.header());
        reading.accepted().forEach(row -> records.add(row.cells()));
        if (columns.isRepair()) {
            records.replaceAll(
                    record -> record.stream().map(SpreadsheetGuard::guard).toList());
        }
        byte[] again = NearlyCsv.quoted(reading.readable().dataset().dialect(), records);
        Reading second = Reading.of(DATASETS, new Bytes(FILE, again), 3 * NearlyCsv.MAX_RECORD);
        assertFalse(second.refused(), () -> second.reason());
        assertEquals(reading.readable().dataset(), second.readable().dataset());
        assertEquals(
                List.of(), second.rejected().stream().map(RejectedRow::reasons).toList());
        assertEquals(
                reading.accepted().stream().map(AnyBytesTest::values).toList(),
                second.accepted().stream().map(AnyBytesTest::values).toList());
        assertEquals(
                reading.accepted().stream().map(Row::cells).toList(),
                second.accepted().stream().map(Row::cells).toList());
    }

    private static Map<String, AttributeValue> values(Row row) {
        Map<String, AttributeValue> values = new HashMap<>(row.item());
        values.remove(Reserved.SOURCE_LINE);
        return values;
    }

    /** Written into a rejects file, which is dropped again as it is, rejected rows are the same cells and are rejected. */
    private static void assertRejectedReadsAgain(Reading reading) throws IOException {
        Columns columns = reading.readable().columns();
        Dataset dataset = reading.readable().dataset();
        StringBuilder sheet = new StringBuilder();
        RejectsSheet rejects = new RejectsSheet(
                sheet, dataset, columns, row -> new FileOrigins.Place(" =file\n" + row.line() + "@v", row.line()));
        for (RejectedRow rejected : reading.rejected()) {
            rejects.add(rejected);
        }
        Reading again = Reading.of(DATASETS, new Bytes(FILE, sheet.toString().getBytes(dataset.charset())), 1 << 20);
        assertFalse(again.refused(), () -> again.reason() + "\n" + sheet);
        assertEquals(dataset, again.readable().dataset());
        Columns returned = again.readable().columns();
        List<String> header = new ArrayList<>();
        columns.ownIndexes().forEach(index -> header.add(columns.header().get(index)));
        int own = header.size();
        header.addAll(Reserved.REPAIR);
        assertEquals(header, returned.header());
        assertEquals(reading.rejected().size(), again.rows().size());
        for (int i = 0; i < again.rows().size(); i++) {
            Row before = reading.rejected().get(i).row();
            List<String> after = again.rows().get(i).cells();
            assertEquals(own(before, columns), after.subList(0, own));
            assertEquals(" =file\n" + before.line() + "@v", after.get(own));
            assertEquals(Long.toString(before.line()), after.get(own + 1));
            assertEquals(in(dataset, reading.rejected().get(i).reasons()), after.get(own + 2));
            assertEquals(
                    before.cells()
                            .subList(
                                    Math.min(
                                            columns.header().size(),
                                            before.cells().size()),
                                    before.cells().size()),
                    after.subList(own + 3, after.size()));
        }
        if (reading.rejected().stream()
                .allMatch(row -> row.row().cells().size() == columns.header().size())) {
            assertEquals(List.of(), again.accepted(), "rows that are as wrong as they were");
        }
        assertNothingRuns(sheet.toString(), dataset);
    }

    /** What an encoding leaves of a text. */
    private static String in(Dataset dataset, String text) {
        return new String(text.getBytes(dataset.charset()), dataset.charset());
    }

    private static List<String> own(Row row, Columns columns) {
        return columns.ownIndexes().stream()
                .map(index -> index < row.cells().size() ? row.cells().get(index) : "")
                .toList();
    }

    /** No cell of a rejects file is a formula. */
    private static void assertNothingRuns(String sheet, Dataset dataset) throws IOException {
        try (CSVParser cells = CSVParser.parse(sheet, dataset.csvFormat())) {
            cells.stream().flatMap(record -> record.stream()).forEach(cell -> {
                boolean number = cell.matches("[+-]\\d*[.,]?\\d*") && cell.length() > 1;
                assertFalse(!cell.isEmpty() && "=+-@\t\r".indexOf(cell.charAt(0)) >= 0 && !number, sheet);
            });
        }
    }
}
