package pipeline.read;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import pipeline.dataset.Dialect;

/**
 * The records of a file, header included, blank lines left out, each with the physical line on which it starts. The
 * parser's exceptions are turned into sentences.
 */
public final class Records implements Closeable {
    /** @param line the physical line on which the record starts, from 1 */
    public record Numbered(long line, List<String> cells) {}

    private final Iterator<CSVRecord> parsed;
    private final CsvText text;
    private long nextLine = 1;
    private Optional<Numbered> ahead = Optional.empty();

    /**
     * @param parsed as a parser of {@code text} yields them, by whoever made it
     * @param text what the parser reads
     */
    Records(Iterator<CSVRecord> parsed, CsvText text) {
        this.parsed = parsed;
        this.text = text;
    }

    /**
     * Opens a file at its first record.
     *
     * @param maxRecord the most characters that one record may have
     */
    public static Records open(Source source, Dialect dialect, int maxRecord) throws IOException {
        CsvText text = new CsvText(source.open(), dialect, maxRecord);
        return new Records(CSVParser.parse(text, dialect.csvFormat()).iterator(), text);
    }

    /** @throws UnreadableException when the file cannot be read on from here, now or ever */
    public boolean hasNext() throws IOException {
        while (ahead.isEmpty() && parsedHasNext()) {
            CSVRecord record = parsed.next();
            long line = nextLine;
            // The parser has read up to the end of this record's last line and no further.
            nextLine = record.getParser().getCurrentLineNumber() + 1;
            if (record.size() > 1 || !record.get(0).isBlank()) {
                ahead = Optional.of(new Numbered(line, Arrays.asList(record.values())));
            }
        }
        return ahead.isPresent();
    }

    public Numbered next() throws IOException {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Numbered next = ahead.orElseThrow();
        ahead = Optional.empty();
        return next;
    }

    private boolean parsedHasNext() throws IOException {
        try {
            return parsed.hasNext();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CSVException misquoted) {
                throw misquoted.getMessage().contains("EOF reached")
                        ? UnreadableException.unclosed(nextLine)
                        : UnreadableException.misquoted(nextLine);
            }
            throw e.getCause();
        }
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
