package pipeline.read;

import java.io.IOException;
import java.util.Iterator;
import org.apache.commons.csv.CSVRecord;
import pipeline.check.Batch;
import pipeline.check.Origins;
import pipeline.check.RowChecker;
import pipeline.claim.Attempt;
import software.amazon.awssdk.services.s3.S3Client;

/** Reads archived files: looks through them, and hands out their rows in batches. */
public final class Reader {
    private final S3Client s3;
    private final String bucket;
    private final Inspector inspector;
    private final int maxRecord;

    public Reader(S3Client s3, String bucket, Inspector inspector, int maxRecord) {
        this.s3 = s3;
        this.bucket = bucket;
        this.inspector = inspector;
        this.maxRecord = maxRecord;
    }

    /** The archived copy of the attempt's file. */
    public Source source(Attempt attempt) {
        return new CountedSource(
                new ArchivedSource(
                        s3, bucket, attempt.file(), attempt.archived().orElseThrow()),
                attempt);
    }

    /** Looks the whole file through, before the first row is stored. */
    public Inspection inspect(Attempt attempt, Source source) throws IOException {
        attempt.lease().check();
        Inspection inspection = inspector.inspect(source);
        if (inspection instanceof Inspection.Readable readable) {
            attempt.rowsTotal(readable.rows());
            attempt.recognised(readable.dataset(), readable.columns().isRepair());
        }
        return inspection;
    }

    /** Opens the file at its first byte, for the CSV data format; the attempt's counts begin again. */
    public CsvText open(Attempt attempt, Source source, Inspection.Readable inspection) throws IOException {
        attempt.lease().check();
        attempt.startRows();
        return new CsvText(source.open(), inspection.dataset().dialect(), maxRecord);
    }

    /**
     * Collates the records of a file into batches, as they are asked for.
     *
     * @param records as the CSV data format yields them, header included
     * @param text what the data format reads
     * @param origins where the rows come from
     */
    public Iterator<Batch> collate(
            Iterator<CSVRecord> records, CsvText text, Inspection.Readable inspection, Origins origins) {
        return new Rows(records, text, new RowChecker(inspection.dataset(), inspection.columns(), origins));
    }
}
