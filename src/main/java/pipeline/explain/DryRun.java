package pipeline.explain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVParser;
import pipeline.check.Batch;
import pipeline.check.Checked;
import pipeline.check.Origin;
import pipeline.check.RejectedRow;
import pipeline.check.Row;
import pipeline.check.RowChecker;
import pipeline.cost.Estimate;
import pipeline.cost.ItemSize;
import pipeline.cost.Prices;
import pipeline.dataset.Dataset;
import pipeline.dataset.Datasets;
import pipeline.read.CsvText;
import pipeline.read.Inspection;
import pipeline.read.Inspector;
import pipeline.read.Rows;
import pipeline.read.Source;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads a file exactly as the pipeline would, row for row, and tells a {@link Report} what would become of it. Stores
 * nothing and asks nobody; memory does not grow with the file.
 */
public final class DryRun {
    /**
     * Stands for {@code processed_timestamp}, which only the first claim of the dropped file decides. As long as the
     * real one, so that the size of an item is the real one too.
     */
    public static final String TIMESTAMP = "(time of first claim and line)";

    private final Datasets datasets;
    private final int maxRecord;

    /** @param maxRecord the most characters that one record may have */
    public DryRun(Datasets datasets, int maxRecord) {
        this.datasets = datasets;
        this.maxRecord = maxRecord;
    }

    /** Hears what would become of one file: either {@link #refused} alone, or the others in order. */
    public interface Report {
        /** The file is not what it says; one sentence that begins with its name. */
        void refused(String sentence);

        /** The file was looked through and can be read. */
        void readable(Inspection.Readable file);

        /** A row would be handed back; in the order of the file. */
        void rejected(RejectedRow row);

        /** All rows were read. */
        void end(Totals totals);
    }

    /**
     * What would become of the rows of a file.
     *
     * @param writeUnits that the table would charge for those stored
     * @param firstItem the first item that would be stored, attributes in order
     */
    public record Totals(long stored, long rejected, long writeUnits, Optional<Map<String, AttributeValue>> firstItem) {
        /** True when a file with these rows is refused as a whole: rows, and none that could be stored. */
        public boolean refused() {
            return stored == 0 && rejected > 0;
        }

        /** What storing them would take. */
        public Estimate estimate(Prices prices) {
            return Estimate.of(stored + rejected, writeUnits, prices);
        }
    }

    /**
     * Reads the whole file.
     *
     * @return true when every row would be stored
     * @throws IOException when the file cannot be read
     */
    public boolean read(Source source, Report report) throws IOException {
        Inspection inspection = new Inspector(datasets, maxRecord).inspect(source);
        if (inspection instanceof Inspection.Unreadable unreadable) {
            report.refused(unreadable.reason());
            return false;
        }
        Inspection.Readable readable = (Inspection.Readable) inspection;
        report.readable(readable);
        try {
            Totals totals = rows(source, readable, report);
            report.end(totals);
            return totals.rejected() == 0;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Totals rows(Source source, Inspection.Readable readable, Report report) throws IOException {
        Dataset dataset = readable.dataset();
        RowChecker checker = new RowChecker(
                dataset, readable.columns(), row -> new Origin.Known(source.file(), row.line(), TIMESTAMP));
        long stored = 0;
        long rejected = 0;
        long writeUnits = 0;
        Optional<Map<String, AttributeValue>> first = Optional.empty();
        try (CsvText text = new CsvText(source.open(), dataset.dialect(), maxRecord)) {
            Rows batches = new Rows(CSVParser.parse(text, dataset.csvFormat()).iterator(), text, checker);
            while (batches.hasNext()) {
                Batch batch = batches.next();
                for (Row row : batch.rows()) {
                    if (row.checked() instanceof Checked.Rejected wrong) {
                        rejected++;
                        report.rejected(new RejectedRow(row, wrong.problems()));
                    } else {
                        stored++;
                        writeUnits += ItemSize.writeUnits(row.item());
                        first = first.or(() -> Optional.of(row.item()));
                    }
                }
            }
        }
        return new Totals(stored, rejected, writeUnits, first);
    }
}
