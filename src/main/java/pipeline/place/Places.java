package pipeline.place;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * Where copies of a file lie in the bucket. A name that another version has taken is followed by a part of this
 * version's ETag, so that no version ever replaces another.
 */
public final class Places {
    public static final String PROCESSED = "processed-data/";
    public static final String FAILED = "failed-data/";
    public static final String ARCHIVE = "archive/";

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy/MM/dd/", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Places() {}

    /** The archive's folder for a version first claimed at that instant: {@code archive/YYYY/MM/DD/}, in UTC. */
    public static String archive(Instant firstClaim) {
        return ARCHIVE + DAY.format(firstClaim);
    }

    /** The keys to try in a folder for a file version, in order. */
    public static List<String> names(String folder, String file, String version) {
        int dot = file.lastIndexOf('.');
        boolean extension = dot > file.lastIndexOf('/') + 1;
        String stem = folder + (extension ? file.substring(0, dot) : file);
        return tagged(stem, extension ? file.substring(dot) : "", version);
    }

    /** The keys to try for the rejects of a file version, in order. */
    public static List<String> rejects(String file, String version) {
        boolean csv = file.toLowerCase(Locale.ROOT).endsWith(".csv");
        return tagged(FAILED + (csv ? file.substring(0, file.length() - 4) : file), ".rejects.csv", version);
    }

    private static List<String> tagged(String stem, String extension, String version) {
        String eight = version.substring(0, Math.min(8, version.length()));
        return List.of(stem + extension, stem + "-" + eight + extension, stem + "-" + version + extension);
    }
}
