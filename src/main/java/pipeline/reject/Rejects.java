package pipeline.reject;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.check.RejectedRow;
import pipeline.claim.Attempt;
import pipeline.claim.FileVersion;
import pipeline.dataset.Columns;
import pipeline.dataset.Dataset;
import pipeline.intake.StoredObject;
import pipeline.place.Copies;
import pipeline.place.Places;
import pipeline.repair.FileOrigins;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** Gives rejected rows back to whoever dropped the file: one rejects file per file version that has any. */
public final class Rejects {
    private static final Logger LOG = LoggerFactory.getLogger(Rejects.class);

    private final S3Client s3;
    private final String bucket;
    private final Copies copies;
    private final Map<Attempt, RejectsFile> open = new ConcurrentHashMap<>();

    public Rejects(S3Client s3, String bucket, Copies copies) {
        this.s3 = s3;
        this.bucket = bucket;
        this.copies = copies;
    }

    /** The attempt's file is read from its first row, for the first time or again; nothing is in S3 yet. */
    public void begin(Attempt attempt, Dataset dataset, Columns columns, FileOrigins origins) {
        end(attempt);
        open.put(attempt, new RejectsFile(s3, bucket, copies, attempt, dataset, columns, origins));
    }

    /** Adds rejected rows, in the order of the file. Rows added before are not added again. */
    public void add(Attempt attempt, List<RejectedRow> rows) {
        if (!rows.isEmpty()) {
            open.get(attempt).add(rows);
        }
    }

    /**
     * Puts the rejects file in its place, over that of an earlier attempt; where no row was rejected, takes an earlier
     * attempt's away.
     *
     * @return its key; empty when no row was rejected
     */
    public Optional<String> finish(Attempt attempt) {
        attempt.lease().checkHeld();
        if (attempt.rowsRejected() > 0) {
            return Optional.of(open.get(attempt).finish());
        }
        takeAway(attempt);
        return Optional.empty();
    }

    /** Deletes the rejects file of an earlier attempt, if there is one. A first attempt has none. */
    public void takeAway(Attempt attempt) {
        if (!attempt.first()) {
            Optional<StoredObject> old = copies.find(
                    Places.rejects(attempt.file(), attempt.version()),
                    FileVersion.sourceVersion(attempt.file(), attempt.version()));
            old.ifPresent(file -> {
                attempt.lease().checkHeld();
                copies.delete(file.key(), file.eTag());
            });
        }
    }

    /** The attempt has ended, however it did: an upload that was not finished is given up. */
    public void end(Attempt attempt) {
        RejectsFile file = open.remove(attempt);
        if (file != null) {
            try {
                file.abandon();
            } catch (SdkException e) {
                LOG.debug("an unfinished upload stays behind until the bucket's lifecycle removes it", e);
            }
        }
    }
}
