package pipeline.reject;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import pipeline.check.RejectedRow;
import pipeline.claim.Attempt;
import pipeline.claim.FileVersion;
import pipeline.dataset.Columns;
import pipeline.dataset.Dataset;
import pipeline.place.Copies;
import pipeline.place.Places;
import pipeline.repair.FileOrigins;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The rejected rows of one attempt, on their way to {@code failed-data/<name>.rejects.csv}: a {@link RejectsSheet} in the
 * file's own encoding, so that a person can correct it in a spreadsheet and drop it again. At most one upload part is in
 * memory.
 */
final class RejectsFile {
    /** S3 takes parts of at least 5 MiB, 10,000 of them at most. */
    private static final int PART = 8 * 1024 * 1024;

    /** User metadata of what was uploaded in parts: by which upload. S3 sends it as x-amz-meta-upload. */
    private static final String MARK = "upload";

    private final S3Client s3;
    private final String bucket;
    private final Copies copies;
    private final Attempt attempt;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    private final RejectsSheet sheet;
    private final String mark = UUID.randomUUID().toString();
    private final List<CompletedPart> parts = new ArrayList<>();
    private Optional<Copies.Target> target = Optional.empty();
    private Optional<String> upload = Optional.empty();
    private Optional<String> finished = Optional.empty();
    private long lastLine;

    RejectsFile(
            S3Client s3,
            String bucket,
            Copies copies,
            Attempt attempt,
            Dataset dataset,
            Columns columns,
            FileOrigins origins) {
        this.s3 = s3;
        this.bucket = bucket;
        this.copies = copies;
        this.attempt = attempt;
        try {
            sheet = new RejectsSheet(
                    new OutputStreamWriter(buffer, dataset.charset()), dataset, columns, origins::placeOf);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds rows, in the order of the file. Rows that were added before are not added again, so a retry does no harm. */
    void add(List<RejectedRow> rows) {
        try {
            for (RejectedRow rejected : rows) {
                if (rejected.row().line() > lastLine) {
                    sheet.add(rejected);
                    lastLine = rejected.row().line();
                }
            }
            sheet.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (buffer.size() >= PART) {
            uploadPart();
        }
    }

    private void uploadPart() {
        attempt.lease().check();
        if (upload.isEmpty()) {
            Copies.Target free = target();
            target = Optional.of(free);
            Map<String, String> marked = new HashMap<>(metadata());
            marked.put(MARK, mark);
            upload = Optional.of(s3.createMultipartUpload(request -> request.bucket(bucket)
                            .key(free.key())
                            .contentType("text/csv")
                            .metadata(marked))
                    .uploadId());
        }
        int number = parts.size() + 1;
        String eTag = s3.uploadPart(
                        request -> request.bucket(bucket)
                                .key(target.orElseThrow().key())
                                .uploadId(upload.orElseThrow())
                                .partNumber(number),
                        RequestBody.fromBytes(buffer.toByteArray()))
                .eTag();
        parts.add(CompletedPart.builder().partNumber(number).eTag(eTag).build());
        buffer.reset();
    }

    /**
     * Puts the file in its place, over an earlier one of the same version.
     *
     * @return its key
     */
    String finish() {
        if (finished.isEmpty()) {
            finished = Optional.of(put());
        }
        return finished.get();
    }

    private String put() {
        if (upload.isPresent()) {
            if (buffer.size() > 0) {
                uploadPart();
            }
            Copies.Target place = target.orElseThrow();
            attempt.lease().checkHeld();
            completeUpload(place);
            upload = Optional.empty();
            return place.key();
        }
        Copies.Target place = target();
        attempt.lease().checkHeld();
        s3.putObject(
                request -> {
                    request.bucket(bucket)
                            .key(place.key())
                            .contentType("text/csv")
                            .metadata(metadata());
                    place.existing()
                            .ifPresentOrElse(
                                    old -> request.ifMatch('"' + old.eTag() + '"'), () -> request.ifNoneMatch("*"));
                },
                RequestBody.fromBytes(buffer.toByteArray()));
        return place.key();
    }

    private void completeUpload(Copies.Target place) {
        try {
            s3.completeMultipartUpload(request -> {
                request.bucket(bucket)
                        .key(place.key())
                        .uploadId(upload.orElseThrow())
                        .multipartUpload(completed -> completed.parts(parts));
                place.existing()
                        .ifPresentOrElse(
                                old -> request.ifMatch('"' + old.eTag() + '"'), () -> request.ifNoneMatch("*"));
            });
        } catch (S3Exception e) {
            // Completed before, though the answer was lost: the upload is gone, and what was to be replaced as well.
            boolean mayBeThere = e.statusCode() == 404 || e.statusCode() == 412;
            if (!mayBeThere || !isOfThisUpload(place.key())) {
                throw e;
            }
        }
    }

    private boolean isOfThisUpload(String key) {
        try {
            return mark.equals(s3.headObject(request -> request.bucket(bucket).key(key))
                    .metadata()
                    .get(MARK));
        } catch (NoSuchKeyException e) {
            return false;
        }
    }

    /** Gives up an upload that was begun. */
    void abandon() {
        upload.ifPresent(id -> s3.abortMultipartUpload(request ->
                request.bucket(bucket).key(target.orElseThrow().key()).uploadId(id)));
        upload = Optional.empty();
    }

    private Copies.Target target() {
        return copies.target(
                Places.rejects(attempt.file(), attempt.version()),
                FileVersion.sourceVersion(attempt.file(), attempt.version()));
    }

    private Map<String, String> metadata() {
        return Map.of(Copies.SOURCE_VERSION, FileVersion.sourceVersion(attempt.file(), attempt.version()));
    }
}
