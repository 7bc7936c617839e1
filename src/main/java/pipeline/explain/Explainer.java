package pipeline.explain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.commons.csv.CSVParser;
import pipeline.check.Batch;
import pipeline.check.Checked;
import pipeline.check.Origin;
import pipeline.check.RejectedRow;
import pipeline.check.Row;
import pipeline.check.RowChecker;
import pipeline.check.Timestamps;
import pipeline.claim.Entry;
import pipeline.dataset.Dataset;
import pipeline.dataset.Datasets;
import pipeline.intake.StoredObject;
import pipeline.read.ArchivedSource;
import pipeline.read.CsvText;
import pipeline.read.Inspection;
import pipeline.read.Inspector;
import pipeline.read.Rows;
import pipeline.read.Source;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Says what became of a row, from what is there: the archived copy is read again as the pipeline reads it, and the table is
 * asked for the item. Writes nothing; memory does not grow with the file.
 */
public final class Explainer {
    private final S3Client s3;
    private final DynamoDbClient dynamoDb;
    private final String bucket;
    private final Datasets datasets;
    private final int maxRecord;

    /** @param maxRecord the most characters that one record may have */
    public Explainer(S3Client s3, DynamoDbClient dynamoDb, String bucket, Datasets datasets, int maxRecord) {
        this.s3 = s3;
        this.dynamoDb = dynamoDb;
        this.bucket = bucket;
        this.datasets = datasets;
        this.maxRecord = maxRecord;
    }

    /** True when the file's dataset was edited since the file was worked on: rows are explained by what it says today. */
    public boolean edited(Entry entry) {
        return entry.datasetHash()
                .filter(hash -> datasets.all().stream().map(Dataset::hash).noneMatch(hash::equals))
                .isPresent();
    }

    /**
     * Explains the row that starts on a line, or else the last one that starts before it.
     *
     * @param line a physical line of the file, the header being line 1
     * @throws IOException when the archived copy cannot be read
     */
    public Explanation explain(Entry entry, long line) throws IOException {
        Optional<Source> source = archived(entry);
        if (source.isEmpty()) {
            return new Explanation.None("its archived copy is not there (any more)");
        }
        Inspection inspection = new Inspector(datasets, maxRecord).inspect(source.get());
        if (inspection instanceof Inspection.Unreadable unreadable) {
            return new Explanation.None("it has no rows to tell of: " + unreadable.reason());
        }
        Inspection.Readable readable = (Inspection.Readable) inspection;
        Optional<Row> row = row(entry, source.get(), readable, line);
        if (row.isEmpty()) {
            return new Explanation.None("no row starts on line " + line + " or before it; the header comes first");
        }
        return explain(readable, row.get());
    }

    private Optional<Source> archived(Entry entry) {
        if (entry.archive().isEmpty()) {
            return Optional.empty();
        }
        String key = entry.archive().get();
        try {
            HeadObjectResponse copy =
                    s3.headObject(request -> request.bucket(bucket).key(key));
            return Optional.of(new ArchivedSource(
                    s3,
                    bucket,
                    entry.file(),
                    new StoredObject(key, copy.eTag().replace("\"", ""), copy.contentLength())));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    private Optional<Row> row(Entry entry, Source source, Inspection.Readable readable, long line) throws IOException {
        Dataset dataset = readable.dataset();
        RowChecker checker = new RowChecker(
                dataset,
                readable.columns(),
                row -> new Origin.Known(entry.file(), row.line(), Timestamps.of(entry.firstClaim(), row.line())));
        Optional<Row> found = Optional.empty();
        try (CsvText text = new CsvText(source.open(), dataset.dialect(), maxRecord)) {
            Rows batches = new Rows(CSVParser.parse(text, dataset.csvFormat()).iterator(), text, checker);
            while (batches.hasNext()) {
                Batch batch = batches.next();
                for (Row row : batch.rows()) {
                    if (row.line() > line) {
                        return found;
                    }
                    found = Optional.of(row);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return found;
    }

    private Explanation explain(Inspection.Readable readable, Row row) {
        Optional<String> source = cell(row, readable.columns().sourceIndex());
        if (readable.columns().isRepair() && source.isPresent()) {
            return new Explanation.Corrects(
                    row.line(),
                    source.get(),
                    cell(row, readable.columns().lineIndex()).orElse(""));
        }
        if (row.checked() instanceof Checked.Rejected rejected) {
            return new Explanation.Rejected(row.line(), new RejectedRow(row, rejected.problems()).reasons());
        }
        Dataset dataset = readable.dataset();
        Map<String, AttributeValue> key = dataset.tableKeyOf(row.item());
        Map<String, AttributeValue> item = dynamoDb.getItem(
                        request -> request.tableName(dataset.table()).key(key).consistentRead(true))
                .item();
        if (item.isEmpty()) {
            return new Explanation.Absent(row.line(), dataset.table(), key);
        }
        Map<String, AttributeValue> ordered = new LinkedHashMap<>();
        dataset.keyAttributes().forEach(attribute -> ordered.put(attribute.name(), item.get(attribute.name())));
        new TreeMap<>(item).forEach(ordered::putIfAbsent);
        return new Explanation.Stored(row.line(), dataset.table(), ordered);
    }

    private static Optional<String> cell(Row row, OptionalInt index) {
        return index.stream()
                .filter(at -> at < row.cells().size())
                .mapToObj(at -> row.cells().get(at).strip())
                .filter(text -> !text.isEmpty())
                .findFirst();
    }
}
