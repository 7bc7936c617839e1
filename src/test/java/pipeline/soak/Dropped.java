package pipeline.soak;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The model: every version that was dropped, and which of a file's versions came last. */
final class Dropped {
    private final Map<String, Version> versions = new LinkedHashMap<>();
    private final Map<String, Version> last = new LinkedHashMap<>();
    private int drops;

    /** Notes that this content is put under that name now. */
    synchronized Version note(String file, Content content, byte[] bytes) {
        Version version = new Version(file, md5(bytes), content);
        versions.putIfAbsent(version.toString(), version);
        last.put(file, versions.get(version.toString()));
        drops++;
        return versions.get(version.toString());
    }

    synchronized Optional<Version> find(String file, String eTag) {
        return Optional.ofNullable(versions.get(file + "@" + eTag));
    }

    /** True for a version that nothing has replaced: it must have been brought to its end. */
    synchronized boolean isLast(Version version) {
        return last.get(version.file()) == version;
    }

    synchronized List<Version> all() {
        return new ArrayList<>(versions.values());
    }

    synchronized int drops() {
        return drops;
    }

    static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
