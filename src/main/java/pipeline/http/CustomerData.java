package pipeline.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import pipeline.settings.Settings;

/** What rows of customers hold is answered only where the operator has said so. */
final class CustomerData {
    private CustomerData() {}

    /** Refuses what cannot be answered without showing rows. */
    static void require(Settings settings) {
        if (!settings.httpShowRows()) {
            throw new Refusal(
                    403,
                    "found pipeline.http-show-rows=false, so no rows are shown here; failures show and explain do");
        }
    }

    /** The facts about an entry; where rows are not to be seen, its reasons without what was found in the file. */
    static Map<String, Object> hidden(Map<String, Object> facts, Settings settings) {
        if (settings.httpShowRows()) {
            return facts;
        }
        Map<String, Object> hidden = new LinkedHashMap<>(facts);
        hidden.computeIfPresent("reason", (name, reason) -> withoutFindings(reason));
        hidden.computeIfPresent("history", (name, history) -> {
            List<Object> lines = new ArrayList<>();
            for (Object line : (List<?>) history) {
                Map<Object, Object> copy = new LinkedHashMap<>((Map<?, ?>) line);
                copy.computeIfPresent("reason", (key, reason) -> withoutFindings(reason));
                lines.add(copy);
            }
            return lines;
        });
        return hidden;
    }

    /** What was found stands behind that word, or between quotes; and may hold either itself. */
    private static String withoutFindings(Object reason) {
        return reason.toString()
                .replaceAll("(?s)found .*, expected ", "found …, expected ")
                .replaceAll("(?s)'.*'", "'…'");
    }
}
