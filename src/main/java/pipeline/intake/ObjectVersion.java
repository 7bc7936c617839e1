package pipeline.intake;

import java.time.Instant;
import java.util.Optional;

/**
 * One version of one file that may be worked on: an object under {@code raw-data/} as a listing or an event showed it,
 * or an open ledger entry whose object may be gone.
 *
 * @param file the object's key without {@code raw-data/}
 * @param version the object's ETag as it arrived, without quotes: the same bytes uploaded again are the same version
 * @param object what is known of the object itself; empty for a ledger entry
 */
public record ObjectVersion(String file, String version, Optional<S3Object> object) {
    /** The folder that people drop files into. */
    public static final String RAW_DATA = "raw-data/";

    /**
     * @param bytes the object's size
     * @param lastModified when S3 stored it; tells a duplicate from an object not yet deleted
     */
    public record S3Object(long bytes, Instant lastModified) {}

    /** A version seen in S3. */
    public static ObjectVersion of(String key, String eTag, long bytes, Instant lastModified) {
        return new ObjectVersion(
                key.substring(RAW_DATA.length()), unquoted(eTag), Optional.of(new S3Object(bytes, lastModified)));
    }

    /** A version known from the ledger. */
    public static ObjectVersion open(String file, String version) {
        return new ObjectVersion(file, version, Optional.empty());
    }

    /** An ETag without the quotes that HTTP puts around it. */
    public static String unquoted(String eTag) {
        return eTag.replace("\"", "");
    }

    /** How people and rejects files name it: {@code file@version}. */
    @Override
    public String toString() {
        return file + "@" + version;
    }
}
