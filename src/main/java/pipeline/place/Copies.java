package pipeline.place;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pipeline.claim.FileVersion;
import pipeline.intake.ObjectVersion;
import pipeline.intake.StoredObject;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Copies of file versions inside the bucket. Every copy says in its metadata which version it is, is made only from the
 * bytes that are meant, and never replaces what is there; so copying again, by whoever, does no harm.
 */
public final class Copies {
    /** User metadata of every copy, see {@link FileVersion#sourceVersion}. S3 sends it as x-amz-meta-source-version. */
    public static final String SOURCE_VERSION = "source-version";

    /** CopyObject ends at 5 GB; parts keep each call well within its time-out. S3 allows 10,000 of them. */
    private static final long LARGEST_PART = 128L * 1024 * 1024;

    /** So much S3 copies in a second at the least, by experience many times that. */
    private static final long BYTES_A_SECOND = 16L * 1024 * 1024;

    private static final int PARTS = 10_000;

    /** The bytes to be copied are not there, or no longer: the object is gone or was replaced. */
    public static final class SourceGoneException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final S3Client s3;
    private final String bucket;
    private final boolean conditions;
    private final long part;

    /**
     * @param call the longest that one call may take: a part is small enough for that
     * @param conditions whether the store knows conditions on copies and deletes, as S3 does; one that does not is asked
     *     just before
     */
    public Copies(S3Client s3, String bucket, Duration call, boolean conditions) {
        this.part = Math.min(LARGEST_PART, Math.max(1, call.toSeconds()) * BYTES_A_SECOND);
        this.s3 = s3;
        this.bucket = bucket;
        this.conditions = conditions;
    }

    /**
     * The copy of a version in a folder, made now if it is not there.
     *
     * @param source the key and ETag to copy from
     * @param names the keys to try, in order; the first that is free or holds this version is used
     * @param mayWrite asked before each call that writes, as there may be many and a pause before any: what it throws ends
     *     the copying
     * @throws SourceGoneException when the source is not there with that ETag
     */
    public StoredObject ensure(StoredObject source, List<String> names, String sourceVersion, Runnable mayWrite)
            throws SourceGoneException {
        for (String name : names) {
            // What is made by one conditional call need not be looked for: mostly it is not there.
            Optional<HeadObjectResponse> there = conditions && !inParts(source) ? Optional.empty() : head(name);
            if (there.isEmpty()) {
                try {
                    return copy(source, name, sourceVersion, mayWrite);
                } catch (S3Exception e) {
                    if (e.statusCode() != 404 && e.statusCode() != 412) {
                        throw e;
                    }
                    there = head(name);
                } catch (SourceGoneException e) {
                    // Copied before, as it is with a replay and with what was cleared just before its worker died.
                    there = head(name);
                }
                if (there.isEmpty()) {
                    throw new SourceGoneException();
                }
            }
            if (isOf(sourceVersion, there.get())) {
                return copyAt(name, there.get());
            }
        }
        throw new IllegalStateException("all names for " + names.get(0) + " are taken by other versions");
    }

    /** Whether the source is so large that it is copied in parts, one call each. */
    public boolean inParts(StoredObject source) {
        return source.bytes() > part;
    }

    /** The copy of a version at one of these keys, if there is one. */
    public Optional<StoredObject> find(List<String> names, String sourceVersion) {
        for (String name : names) {
            Optional<HeadObjectResponse> there = head(name);
            if (there.filter(found -> isOf(sourceVersion, found)).isPresent()) {
                return Optional.of(copyAt(name, there.get()));
            }
        }
        return Optional.empty();
    }

    /** The first of these keys that is free or holds this version, with the copy that is there. */
    public Target target(List<String> names, String sourceVersion) {
        for (String name : names) {
            Optional<HeadObjectResponse> there = head(name);
            if (there.isEmpty() || isOf(sourceVersion, there.get())) {
                return new Target(name, there.map(found -> copyAt(name, found)));
            }
        }
        throw new IllegalStateException("all names for " + names.get(0) + " are taken by other versions");
    }

    /** A key to write to, and what is to be replaced there. */
    public record Target(String key, Optional<StoredObject> existing) {}

    /** Deletes the object, provided that it still is what is meant. What has taken its place stays. */
    public void delete(String key, String eTag) {
        if (!conditions
                && head(key)
                        .filter(found -> ObjectVersion.unquoted(found.eTag()).equals(eTag))
                        .isEmpty()) {
            return;
        }
        try {
            s3.deleteObject(request -> request.bucket(bucket).key(key).ifMatch(quoted(eTag)));
        } catch (NoSuchKeyException e) {
            return;
        } catch (S3Exception e) {
            if (e.statusCode() != 412 && e.statusCode() != 404) {
                throw e;
            }
        }
    }

    private StoredObject copy(StoredObject source, String name, String sourceVersion, Runnable mayWrite)
            throws SourceGoneException {
        CopyObjectRequest.Builder request = CopyObjectRequest.builder()
                .sourceBucket(bucket)
                .sourceKey(source.key())
                .copySourceIfMatch(quoted(source.eTag()))
                .destinationBucket(bucket)
                .destinationKey(name)
                .ifNoneMatch("*");
        if (inParts(source) || !source.key().startsWith(Places.ARCHIVE)) {
            HeadObjectResponse original = head(source.key())
                    .filter(found -> ObjectVersion.unquoted(found.eTag()).equals(source.eTag()))
                    .orElseThrow(SourceGoneException::new);
            Map<String, String> metadata = new HashMap<>(original.metadata());
            metadata.put(SOURCE_VERSION, sourceVersion);
            if (inParts(source)) {
                mayWrite.run();
                return copyInParts(source, name, original.contentType(), metadata, mayWrite);
            }
            request.contentType(original.contentType()).metadata(metadata).metadataDirective(MetadataDirective.REPLACE);
        }
        // Otherwise it is a copy already, and says of which version.
        mayWrite.run();
        String eTag = s3.copyObject(request.build()).copyObjectResult().eTag();
        return new StoredObject(name, ObjectVersion.unquoted(eTag), source.bytes());
    }

    private StoredObject copyInParts(
            StoredObject source, String name, String contentType, Map<String, String> metadata, Runnable mayWrite) {
        String upload = s3.createMultipartUpload(request -> request.bucket(bucket)
                        .key(name)
                        .contentType(contentType)
                        .metadata(metadata))
                .uploadId();
        try {
            long size = Math.max(part, (source.bytes() + PARTS - 1) / PARTS);
            List<CompletedPart> parts = new ArrayList<>();
            for (long from = 0; from < source.bytes(); from += size) {
                String range = "bytes=%d-%d".formatted(from, Math.min(from + size, source.bytes()) - 1);
                int number = parts.size() + 1;
                mayWrite.run();
                String eTag = s3.uploadPartCopy(request -> request.sourceBucket(bucket)
                                .sourceKey(source.key())
                                .copySourceIfMatch(quoted(source.eTag()))
                                .copySourceRange(range)
                                .destinationBucket(bucket)
                                .destinationKey(name)
                                .uploadId(upload)
                                .partNumber(number))
                        .copyPartResult()
                        .eTag();
                parts.add(CompletedPart.builder().partNumber(number).eTag(eTag).build());
            }
            mayWrite.run();
            String eTag = s3.completeMultipartUpload(request -> request.bucket(bucket)
                            .key(name)
                            .uploadId(upload)
                            .ifNoneMatch("*")
                            .multipartUpload(completed -> completed.parts(parts)))
                    .eTag();
            return new StoredObject(name, ObjectVersion.unquoted(eTag), source.bytes());
        } catch (RuntimeException e) {
            abort(name, upload, e);
            throw e;
        }
    }

    private void abort(String name, String upload, RuntimeException cause) {
        try {
            s3.abortMultipartUpload(request -> request.bucket(bucket).key(name).uploadId(upload));
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private Optional<HeadObjectResponse> head(String key) {
        try {
            return Optional.of(s3.headObject(request -> request.bucket(bucket).key(key)));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    private static boolean isOf(String sourceVersion, HeadObjectResponse found) {
        return sourceVersion.equals(found.metadata().get(SOURCE_VERSION));
    }

    private static StoredObject copyAt(String key, HeadObjectResponse found) {
        return new StoredObject(key, ObjectVersion.unquoted(found.eTag()), found.contentLength());
    }

    private static String quoted(String eTag) {
        return '"' + eTag + '"';
    }
}
