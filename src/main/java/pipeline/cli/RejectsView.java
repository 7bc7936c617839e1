package pipeline.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pipeline.dataset.Shown;
import pipeline.reject.FirstRejects;

/**
 * The beginning of a rejects file as people and programs read it.
 *
 * @param lines the first ones
 * @param more whether there are more
 * @param trouble why there are none to be seen
 */
record RejectsView(List<String> lines, boolean more, Optional<String> trouble) {
    /** A line of a terminal or two. */
    private static final int WIDTH = 240;

    static RejectsView of(FirstRejects.Lines first) {
        return new RejectsView(first.lines(), first.more(), Optional.empty());
    }

    static RejectsView unreadable(String reason) {
        return new RejectsView(List.of(), false, Optional.of(reason));
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        trouble.ifPresentOrElse(reason -> json.put("rejects_unreadable", reason), () -> {
            json.put("rejects_first_lines", lines);
            json.put("rejects_has_more", more);
        });
        return json;
    }

    List<String> shown() {
        if (trouble.isPresent()) {
            return List.of("(cannot be read: " + Shown.line(trouble.get()) + ")");
        }
        List<String> shown = new ArrayList<>();
        for (String line : lines) {
            String whole = Shown.line(line);
            shown.add("  " + (whole.length() <= WIDTH ? whole : whole.substring(0, WIDTH) + "…"));
        }
        if (more) {
            shown.add("  …");
        }
        return shown;
    }
}
