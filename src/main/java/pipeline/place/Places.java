package pipeline.place;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import pipeline.claim.FileVersion;

/**
 * Where copies of a file lie in the bucket. A name that another version has taken is followed by a part of this
 * version's ETag, so that no version ever replaces another. A name that would be longer than S3's keys may be is cut, and
 * followed by a hash of file and version.
 */
public final class Places {
    public static final String PROCESSED = "processed-data/";
    public static final String FAILED = "failed-data/";
    public static final String ARCHIVE = "archive/";

    /** In UTF-8. Source: Amazon S3 User Guide, "Naming Amazon S3 objects". */
    private static final int LONGEST_KEY = 1024;

    /** What follows a dot further from the end is no extension. */
    private static final int LONGEST_EXTENSION = 64;

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
        boolean extension = dot > file.lastIndexOf('/') + 1 && bytes(file.substring(dot)) <= LONGEST_EXTENSION;
        String stem = folder + (extension ? file.substring(0, dot) : file);
        return tagged(stem, extension ? file.substring(dot) : "", file, version);
    }

    /** The keys to try for the rejects of a file version, in order. */
    public static List<String> rejects(String file, String version) {
        boolean csv = file.toLowerCase(Locale.ROOT).endsWith(".csv");
        String stem = FAILED + (csv ? file.substring(0, file.length() - 4) : file);
        return tagged(stem, ".rejects.csv", file, version);
    }

    private static List<String> tagged(String stem, String extension, String file, String version) {
        String eight = version.substring(0, Math.min(8, version.length()));
        List<String> names = new ArrayList<>();
        for (String tag : List.of("", "-" + eight, "-" + version)) {
            if (bytes(stem + tag + extension) <= LONGEST_KEY) {
                names.add(stem + tag + extension);
            }
        }
        if (names.size() < 3) {
            String hash = "-" + FileVersion.sourceVersion(file, version).substring(0, 32);
            names.add(cut(stem, LONGEST_KEY - bytes(hash + extension)) + hash + extension);
        }
        return List.copyOf(names);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** As many of the text's first characters as there is room for, none of them broken. */
    private static String cut(String text, int room) {
        int end = 0;
        int used = 0;
        while (end < text.length()) {
            String next = Character.toString(text.codePointAt(end));
            used += bytes(next);
            if (used > room) {
                break;
            }
            end += next.length();
        }
        return text.substring(0, end);
    }
}
