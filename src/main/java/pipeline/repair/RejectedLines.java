package pipeline.repair;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import pipeline.claim.Entry;
import pipeline.claim.Ledger;
import pipeline.dataset.Dataset;
import pipeline.dataset.Datasets;
import pipeline.dataset.SpreadsheetGuard;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Which lines of an earlier file were rejected: read from its rejects file, which is the record of them. */
public final class RejectedLines {
    private final Ledger ledger;
    private final S3Client s3;
    private final String bucket;
    private final Datasets datasets;

    public RejectedLines(Ledger ledger, S3Client s3, String bucket, Datasets datasets) {
        this.ledger = ledger;
        this.s3 = s3;
        this.bucket = bucket;
        this.datasets = datasets;
    }

    /** The ledger entry of a file version that a sheet names; empty when the ledger does not know it. */
    Optional<Entry> entry(String file, String version) {
        return ledger.find(file, version);
    }

    /** Its rejected lines; empty when its rejects file, or its dataset, is not there any more. */
    Optional<BitSet> of(Entry entry) {
        Optional<Dataset> dataset = entry.dataset().flatMap(datasets::named);
        if (entry.rejects().isEmpty() || dataset.isEmpty()) {
            return Optional.empty();
        }
        try (CSVParser rows = CSVParser.parse(
                new InputStreamReader(
                        s3.getObject(request ->
                                request.bucket(bucket).key(entry.rejects().get())),
                        dataset.get().charset()),
                dataset.get().csvFormat())) {
            BitSet lines = new BitSet();
            List<String> header = List.of();
            for (CSVRecord row : rows) {
                if (header.isEmpty()) {
                    header = List.of(row.values());
                } else if (SpreadsheetGuard.unguard(row.get(header.lastIndexOf("_source")))
                        .equals(entry.toString())) {
                    int line = Integer.parseInt(row.get(header.lastIndexOf("_line")));
                    // A file has no more lines than bytes: an edited number must not cost memory.
                    if (line <= entry.bytes() + 1) {
                        lines.set(line);
                    }
                }
            }
            return Optional.of(lines);
        } catch (NoSuchKeyException | IndexOutOfBoundsException | NumberFormatException e) {
            // Deleted, or edited where it lies: it is no record any more.
            return Optional.empty();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CSVException) {
                // Edited, too: a quote is where none may be.
                return Optional.empty();
            }
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
