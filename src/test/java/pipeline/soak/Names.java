package pipeline.soak;

import java.util.List;

/** The names that a file version may have in a folder: its own, or one that tells it from another that has that. */
final class Names {
    private Names() {}

    /** @param folder with the slash at its end */
    static List<String> of(String folder, String file, String eTag) {
        return of(folder, file.substring(0, file.length() - ".csv".length()), ".csv", eTag);
    }

    static List<String> rejects(String file, String eTag) {
        return of("failed-data/", file.substring(0, file.length() - ".csv".length()), ".rejects.csv", eTag);
    }

    private static List<String> of(String folder, String stem, String end, String eTag) {
        String tag = eTag.length() < 8 ? eTag : eTag.substring(0, 8);
        return List.of(folder + stem + end, folder + stem + "-" + tag + end, folder + stem + "-" + eTag + end);
    }
}
