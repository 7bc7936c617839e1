package pipeline.claim;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes by which a file version is known outside the ledger. */
public final class FileVersion {
    private FileVersion() {}

    /**
     * The value of {@code x-amz-meta-source-version} on every copy of ours: SHA-256, in hex, of file, NUL, version.
     * Object metadata is ASCII, file names are not.
     */
    public static String sourceVersion(String file, String version) {
        return HexFormat.of().formatHex(sha256(file + "\0" + version));
    }

    /** The id that dead-letter message and alert of one failure share. */
    public static String failureId(String file, String version, long failure) {
        return HexFormat.of().formatHex(sha256(file + "\0" + version + "\0" + failure));
    }

    /** A number from 0 to 999 by which the timestamps of two files claimed in the same microsecond mostly differ. */
    static int nanos(String file, String version) {
        return new BigInteger(1, sha256(file + "\0" + version))
                .mod(BigInteger.valueOf(1000))
                .intValue();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
