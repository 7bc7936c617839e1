package pipeline.specs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What there is after a run, or what is expected to be: by the name of the file of a spec folder that says so, one line
 * for each item, key or field. Both sides are written down in the same words, so that they can be compared as text.
 *
 * @param parts name of the part to its lines; a part without lines is the same as none
 */
record Outcome(SortedMap<String, List<String>> parts) {
    private static final Pattern RUN = Pattern.compile("(.)\\1{99,}", Pattern.DOTALL);

    Outcome {
        parts = new TreeMap<>(parts);
        parts.values().removeIf(List::isEmpty);
    }

    /** A text as it stands in a line: control characters visible, long runs of one character counted. */
    static String shown(String text) {
        String visible =
                counted(text).replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n");
        return visible.replace("\t", "\\t").replace("\uFEFF", "\\uFEFF");
    }

    /** A hundred or more of the same character are {@code [x 100 times]}. */
    static String counted(String text) {
        return RUN.matcher(text)
                .replaceAll(run -> Matcher.quoteReplacement(
                        "[%s %d times]".formatted(run.group(1), run.group().length())));
    }

    /** The lines of a file, with what ends each of them but a plain LF. */
    static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("(?<=\n)")) {
            if (!line.isEmpty()) {
                lines.add(
                        line.endsWith("\n")
                                ? shown(line.substring(0, line.length() - 1))
                                : shown(line) + " (no line end)");
            }
        }
        return lines;
    }

    /** What differs, line by line: {@code -} was expected, {@code +} was found. Empty where nothing does. */
    String differenceTo(Outcome expected) {
        StringBuilder all = new StringBuilder();
        var names = new TreeMap<String, Object>(parts);
        names.putAll(expected.parts);
        for (String name : names.keySet()) {
            List<String> wanted = expected.parts.getOrDefault(name, List.of());
            List<String> found = parts.getOrDefault(name, List.of());
            if (!wanted.equals(found)) {
                all.append('\n').append(name).append(" (- expected, + found)\n");
                diff(wanted, found).forEach(line -> all.append(line).append('\n'));
            }
        }
        return all.toString();
    }

    /** By the longest common subsequence; the parts are small. */
    private static List<String> diff(List<String> wanted, List<String> found) {
        int[][] common = new int[wanted.size() + 1][found.size() + 1];
        for (int i = wanted.size() - 1; i >= 0; i--) {
            for (int j = found.size() - 1; j >= 0; j--) {
                common[i][j] = wanted.get(i).equals(found.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<String> lines = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < wanted.size() || j < found.size()) {
            if (i < wanted.size() && j < found.size() && wanted.get(i).equals(found.get(j))) {
                lines.add("  " + wanted.get(i++));
                j++;
            } else if (i < wanted.size() && (j == found.size() || common[i + 1][j] >= common[i][j + 1])) {
                lines.add("- " + wanted.get(i++));
            } else {
                lines.add("+ " + found.get(j++));
            }
        }
        return lines;
    }

    /** One line for each field of each entry: {@code orders.csv status: completed}. */
    static List<String> fields(Map<String, Map<String, Object>> entries) {
        List<String> lines = new ArrayList<>();
        new TreeMap<>(entries).forEach((name, fields) -> new TreeMap<>(fields)
                .forEach((field, value) -> lines.add(shown(name) + " " + field + ": " + shown(String.valueOf(value)))));
        return lines;
    }
}
