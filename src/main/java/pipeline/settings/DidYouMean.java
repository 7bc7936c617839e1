package pipeline.settings;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the word that a misspelt one was probably meant to be. */
public final class DidYouMean {
    private DidYouMean() {}

    /** The known word that is fewest edits away, if that is about a third of the letters at most; case, - and _ do not count. */
    public static Optional<String> among(Collection<String> known, String word) {
        String best = "";
        int fewest = Integer.MAX_VALUE;
        for (String candidate : known) {
            int edits = edits(bare(word), bare(candidate));
            if (edits < fewest) {
                fewest = edits;
                best = candidate;
            }
        }
        return fewest <= Math.max(1, (bare(best).length() + 1) / 3) ? Optional.of(best) : Optional.empty();
    }

    /** {@code ; did you mean x?}, to end a sentence, where a known word other than this one is near enough; else nothing. */
    public static String question(Collection<String> known, String word) {
        Set<String> others = new TreeSet<>(known);
        others.remove(word);
        return among(others, word).map(near -> "; did you mean " + near + "?").orElse("");
    }

    private static String bare(String word) {
        return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    // Levenshtein's distance, one row of the table at a time.
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
