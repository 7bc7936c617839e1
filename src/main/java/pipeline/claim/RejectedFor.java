package pipeline.claim;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * For which reasons rows of a file were rejected, and how many for each. Bounded, however many reasons there are: those
 * beyond the commonest, and beyond what is kept in memory, are counted together.
 */
final class RejectedFor {
    /** So many reasons stand by themselves. */
    static final int REASONS = 20;

    /** What stands for all other reasons. */
    static final String OTHER = "other";

    /** No reason is longer. */
    static final int CHARACTERS = 200;

    private static final int KEPT = 1_000;

    private final Map<String, Long> rows = new HashMap<>();

    /** Counts one row, once for each of its reasons. */
    void add(Collection<String> reasons) {
        reasons.stream().map(RejectedFor::bounded).distinct().forEach(reason -> {
            String kept = rows.containsKey(reason) || rows.size() < KEPT ? reason : OTHER;
            rows.merge(kept, 1L, Long::sum);
        });
    }

    private static String bounded(String reason) {
        if (reason.codePointCount(0, reason.length()) <= CHARACTERS) {
            return reason;
        }
        return reason.substring(0, reason.offsetByCodePoints(0, CHARACTERS - 1)) + "…";
    }

    /** The commonest reasons with their rows, the commonest first; all others under {@link #OTHER}, last. */
    Map<String, Long> commonest() {
        List<Map.Entry<String, Long>> byRows = rows.entrySet().stream()
                .filter(reason -> !reason.getKey().equals(OTHER))
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        Map<String, Long> commonest = new LinkedHashMap<>();
        long others = rows.getOrDefault(OTHER, 0L);
        for (Map.Entry<String, Long> reason : byRows) {
            if (commonest.size() < REASONS) {
                commonest.put(reason.getKey(), reason.getValue());
            } else {
                others += reason.getValue();
            }
        }
        if (others > 0) {
            commonest.put(OTHER, others);
        }
        return commonest;
    }
}
