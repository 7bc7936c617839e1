package pipeline.intake;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.dataset.Shown;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What lies under {@code raw-data/}. */
public final class RawData {
    private static final Logger LOG = LoggerFactory.getLogger(RawData.class);

    /** Less than the 15 minutes without a conclusion that an alarm asks for: so what was listed was not concluded before. */
    private static final Duration FRESH = Duration.ofMinutes(10);

    private final S3Client s3;
    private final String bucket;
    private final LongSupplier nanoTime;

    /** Of the latest listing, and of the one before while the latest is under way. */
    private int listed;

    private int listedBefore;
    private OptionalLong listedAt = OptionalLong.empty();

    public RawData(S3Client s3, String bucket) {
        this(s3, bucket, System::nanoTime);
    }

    RawData(S3Client s3, String bucket, LongSupplier nanoTime) {
        this.s3 = s3;
        this.bucket = bucket;
        this.nanoTime = nanoTime;
    }

    /**
     * Asks for the page of objects behind a key; empty = the first page. Keys come encoded and are decoded by the SDK:
     * XML has no way to write a control character, and one such key would make its whole page unreadable.
     */
    public ListObjectsRequest page(String after) {
        if (after.isEmpty()) {
            beginCounting();
        }
        return ListObjectsRequest.builder()
                .bucket(bucket)
                .prefix(ObjectVersion.RAW_DATA)
                .marker(after)
                .encodingType(EncodingType.URL)
                .build();
    }

    /** The last key of a page; {@code end} when the page is empty. */
    public String last(List<S3Object> page) {
        if (page.isEmpty()) {
            endCounting();
        }
        return page.isEmpty() ? "end" : page.get(page.size() - 1).key();
    }

    /**
     * The file versions of a page, in key order. Empty "folder" objects are left out; an object without an ETag has no
     * identity and is left where it is, with a warning.
     */
    public List<ObjectVersion> versions(List<S3Object> page) {
        List<ObjectVersion> versions = page.stream()
                .filter(RawData::isFile)
                .map(object -> ObjectVersion.of(object.key(), object.eTag(), object.size(), object.lastModified()))
                .toList();
        count(versions.size());
        return versions;
    }

    private synchronized void beginCounting() {
        listedBefore = Math.max(listed, listedBefore);
        listed = 0;
    }

    private synchronized void count(int files) {
        listed += files;
        listedAt = OptionalLong.of(nanoTime.getAsLong());
    }

    private synchronized void endCounting() {
        listedBefore = 0;
        listedAt = OptionalLong.of(nanoTime.getAsLong());
    }

    /**
     * How many files the latest listing has found. While one is under way, no fewer than the one before: its pages are
     * worked on one after the other. Empty where nothing was listed for ten minutes, since files may have gone meanwhile.
     */
    public synchronized OptionalInt listed() {
        return listedAt.isPresent() && nanoTime.getAsLong() - listedAt.getAsLong() <= FRESH.toNanos()
                ? OptionalInt.of(Math.max(listed, listedBefore))
                : OptionalInt.empty();
    }

    /** Whether no file lies there any more. */
    public boolean isEmpty() {
        return s3
                .listObjectsV2Paginator(request ->
                        request.bucket(bucket).prefix(ObjectVersion.RAW_DATA).encodingType(EncodingType.URL))
                .contents()
                .stream()
                .noneMatch(RawData::isFile);
    }

    private static boolean isFile(S3Object object) {
        if (isFolder(object.key(), object.size())) {
            return false;
        }
        if (object.eTag() == null) {
            LOG.warn(
                    "{}: found an object without an ETag, expected one; put it through the S3 interface",
                    Shown.line(object.key()));
            return false;
        }
        return true;
    }

    private static boolean isFolder(String key, long bytes) {
        return key.equals(ObjectVersion.RAW_DATA) || key.endsWith("/") && bytes == 0;
    }

    /** The version that lies under a key now; empty when there is none, or an empty "folder". */
    public Optional<ObjectVersion> find(String key) {
        try {
            HeadObjectResponse head =
                    s3.headObject(request -> request.bucket(bucket).key(key));
            return Optional.of(head)
                    .filter(found -> !isFolder(key, found.contentLength()))
                    .map(found -> ObjectVersion.of(key, found.eTag(), found.contentLength(), found.lastModified()));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }
}
