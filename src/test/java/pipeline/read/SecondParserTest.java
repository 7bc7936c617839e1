package pipeline.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.apache.commons.csv.CSVParser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pipeline.dataset.Dialect;
import pipeline.dataset.Shown;
import pipeline.read.Records.Numbered;

/**
 * What is read here is what another parser (FastCSV) reads: the same records, the same cells, on the same lines. They
 * differ in four things, all of them wanted here:
 *
 * <ul>
 *   <li>A record of one cell that is empty or blank, quoted or not, is a blank line here, and no record. FastCSV leaves out
 *       only what is not even a blank.
 *   <li>A quote that is never closed is refused here. FastCSV takes the rest of the file for the cell.
 *   <li>Blanks between a closing quote and the delimiter are left out here. FastCSV refuses them.
 *   <li>A bare CR in a quoted cell is a line end of its own here. FastCSV 4 takes it and the next LF, wherever that is, for a
 *       CRLF: it counts a line less, and where that LF ends the record, it loses the cell.
 * </ul>
 */
class SecondParserTest {
    private static final Dialect COMMA = new Dialect(StandardCharsets.UTF_8, ',', '"');

    private static final Pattern CR_BEFORE_LF = Pattern.compile("\r[^\r\n]+\n");

    /** Here: the records, or nothing where the file is refused. */
    private static Optional<List<Numbered>> here(String file) {
        try {
            return Optional.of(read(file, COMMA));
        } catch (UnreadableException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Numbered> read(String file, Dialect dialect) throws IOException {
        CsvText text = text(file, dialect);
        List<Numbered> all = new ArrayList<>();
        try (Records records =
                new Records(CSVParser.parse(text, dialect.csvFormat()).iterator(), text)) {
            while (records.hasNext()) {
                all.add(records.next());
            }
        }
        return all;
    }

    private static CsvText text(String file, Dialect dialect) {
        return new CsvText(new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)), dialect, 1_000_000);
    }

    /** By FastCSV: the same. */
    private static Optional<List<Numbered>> there(String file) {
        try (CsvReader<CsvRecord> records = CsvReader.builder()
                .allowExtraFields(true)
                .allowMissingFields(true)
                .allowExtraCharsAfterClosingQuote(false)
                .ofCsvRecord(file)) {
            return Optional.of(records.stream()
                    .map(record -> new Numbered(record.getStartingLineNumber(), List.copyOf(record.getFields())))
                    .toList());
        } catch (CsvParseException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isBlank(Numbered record) {
        return record.cells().size() == 1 && record.cells().get(0).isBlank();
    }

    private static List<Numbered> withoutBlankLines(List<Numbered> records) {
        return records.stream().filter(record -> !isBlank(record)).toList();
    }

    /** RFC 4180: cells with a delimiter, a quote or a line end are quoted, quotes in them doubled. */
    @Property
    void wellFormedFilesAreReadAlike(@ForAll("wellFormed") String file) {
        List<Numbered> found = here(file).orElseThrow(() -> new AssertionError("refused"));
        assertEquals(shown(there(file).map(SecondParserTest::withoutBlankLines)), shown(Optional.of(found)));
        Statistics.collect(found.size() > 1 ? "several records" : "few records");
        Statistics.coverage(coverage -> coverage.check("several records").percentage(share -> share > 50));
    }

    @Provide
    Arbitrary<String> wellFormed() {
        Arbitrary<String> text =
                Arbitraries.strings().withChars("ab1 ,;\"\r\n\té注\u2028\u0085").ofMaxLength(9);
        Arbitrary<String> quoted = text.map(cell -> cell.replaceAll("\r(?!\n)", "\r\n"))
                .map(cell -> '"' + cell.replace("\"", "\"\"") + '"');
        Arbitrary<String> bare = Arbitraries.strings().withChars("ab1 ;'\té注").ofMaxLength(9);
        Arbitrary<String> record = Arbitraries.oneOf(quoted, bare, Arbitraries.of("😀", "\"😀\n\""))
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(cells -> String.join(",", cells));
        Arbitrary<String> end = Arbitraries.of("\r\n", "\n");
        return Combinators.combine(
                        record.list().ofMinSize(1).ofMaxSize(12), end.list().ofSize(12), Arbitraries.of(true, false))
                .as((records, ends, last) -> {
                    StringBuilder file = new StringBuilder();
                    IntStream.range(0, records.size()).forEach(i -> file.append(records.get(i))
                            .append(last || i < records.size() - 1 ? ends.get(i) : ""));
                    return file.toString();
                });
    }

    /** Whatever the text: where both read it, they read the same; where one refuses it, it is for a known difference. */
    @Property
    void anyTextIsReadAlikeOrRefusedForAKnownReason(@ForAll("anyText") String file) {
        Assume.that(!CR_BEFORE_LF.matcher(file).find());
        Optional<List<Numbered>> here = here(file);
        Optional<List<Numbered>> there = there(file);
        if (here.isPresent() && there.isPresent()) {
            assertEquals(shown(there.map(SecondParserTest::withoutBlankLines)), shown(here));
        } else if (here.isPresent()) {
            assertTrue(file.matches("(?s).*\"\\s+[,\r\n].*|.*\"\\s+"), "blanks behind a closing quote");
        } else if (there.isPresent()) {
            assertEquals(Optional.empty(), here(file + "\n"), "closed by the end of the file");
            assertTrue(here(file + "\"").isPresent(), "an opening quote that is never closed");
        }
        Statistics.collect(here.isPresent() ? "read" : "refused", there.isPresent() ? "read" : "refused");
        Statistics.coverage(coverage -> {
            coverage.check("read", "read").percentage(share -> share > 20);
            coverage.check("refused", "read").percentage(share -> share > 1);
            coverage.check("read", "refused").count(count -> count > 0);
            coverage.check("refused", "refused").percentage(share -> share > 5);
        });
    }

    /** A file is looked through without a parser: it counts what the parser finds, and refuses what the parser refuses. */
    @Property(tries = 5000)
    void recordsAreCountedAsTheyAreRead(@ForAll("anyText") String file, @ForAll("anyDialect") Dialect dialect) {
        String read = outcome(() -> read(file, dialect).size());
        assertEquals(read, outcome(() -> text(file, dialect).countRecords()));
        Statistics.collect(
                read.contains("never closed")
                        ? "never closed"
                        : read.contains("text behind") ? "text behind" : "counted");
        Statistics.coverage(coverage -> {
            coverage.check("counted").percentage(share -> share > 20);
            coverage.check("never closed").percentage(share -> share > 5);
            coverage.check("text behind").percentage(share -> share > 5);
        });
    }

    private interface Counting {
        long count() throws IOException;
    }

    private static String outcome(Counting counting) {
        try {
            return Long.toString(counting.count());
        } catch (UnreadableException e) {
            return e.sentence("file");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Provide
    Arbitrary<Dialect> anyDialect() {
        return Arbitraries.of(
                COMMA, new Dialect(StandardCharsets.UTF_8, ' ', 'a'), new Dialect(StandardCharsets.UTF_8, 'a', ','));
    }

    @Provide
    Arbitrary<String> anyText() {
        return Arbitraries.frequency(
                        Tuple.of(6, "a"),
                        Tuple.of(4, ","),
                        Tuple.of(3, "\""),
                        Tuple.of(2, "\"\""),
                        Tuple.of(2, "\",\""),
                        Tuple.of(2, "\n"),
                        Tuple.of(1, "\r\n"),
                        Tuple.of(1, "\r"),
                        Tuple.of(2, " "))
                .list()
                .ofMaxSize(14)
                .map(parts -> String.join("", parts));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                // what is read          | here                     | by FastCSV
                "a,b~~c,d                | 1:[a, b] 3:[c, d]        | 1:[a, b] 3:[c, d]",
                "a,b~` `~c,d             | 1:[a, b] 3:[c, d]        | 1:[a, b] 2:[ ] 3:[c, d]",
                "a,b~\"\"~c,d            | 1:[a, b] 3:[c, d]        | 1:[a, b] 2:[] 3:[c, d]",
                "a^b^c                   | 1:[a] 2:[b] 3:[c]        | 1:[a] 2:[b] 3:[c]",
                "a^~^b                   | 1:[a] 3:[b]              | 1:[a] 3:[b]",
                "a\"b,\"\"\"c\"          | 1:[a\"b, \"c]            | 1:[a\"b, \"c]",
                "a,\"b                   | refused                  | 1:[a, b]",
                "a,\"b\" ,c              | 1:[a, b, c]              | refused",
                "\"^a~\"~b                | 1:[\\ra\\n] 4:[b]       | 1:[\\ra\\n] 3:[b]",
                "\"a^\"~b                 | 1:[a\\r] 3:[b]          | 1:[b]",
                "a,\"b\"c                | refused                  | refused",
            })
    void theyDifferAsIsWanted(String file, String here, String there) {
        String text = file.replace('~', '\n').replace('^', '\r').replace("`", "");
        assertEquals(here, shown(here(text)));
        assertEquals(there, shown(there(text)));
    }

    private static String shown(Optional<List<Numbered>> records) {
        return records.map(all -> String.join(
                        " ",
                        all.stream()
                                .map(record -> record.line() + ":"
                                        + Shown.line(record.cells().toString()))
                                .toList()))
                .orElse("refused");
    }
}
