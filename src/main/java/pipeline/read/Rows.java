package pipeline.read;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.commons.csv.CSVRecord;
import pipeline.check.Batch;
import pipeline.check.Row;
import pipeline.check.RowChecker;

/**
 * The rows of a file in batches, read as they are asked for: at most {@link #ROWS} rows or about {@link #CHARACTERS}
 * characters are in memory at a time, whatever the size of the file.
 */
public final class Rows implements Iterator<Batch> {
    /** So many that what a route costs for each batch is little beside what its rows cost. */
    static final int ROWS = 500;

    /**
     * Where rows are wide, a batch ends earlier. Even if each character must be escaped, its rows then fit into one
     * BatchWriteItem, which may have 16 MB.
     */
    static final int CHARACTERS = 1024 * 1024;

    private final Records records;
    private final RowChecker checker;

    /**
     * @param parsed the records of the whole file, header included, as the CSV data format yields them
     * @param text what the data format reads
     * @param checker makes the rows
     */
    public Rows(Iterator<CSVRecord> parsed, CsvText text, RowChecker checker) {
        this.records = new Records(parsed, text);
        this.checker = checker;
        try {
            records.next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean hasNext() {
        try {
            return records.hasNext();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        try {
            List<Row> rows = new ArrayList<>(ROWS);
            long characters = 0;
            while (rows.size() < ROWS && characters < CHARACTERS && records.hasNext()) {
                Records.Numbered record = records.next();
                Row row = checker.row(record.line(), record.cells());
                rows.add(row);
                characters += row.characters();
            }
            return new Batch(rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
