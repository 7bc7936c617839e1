package pipeline.jar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a dashboard must know of one metric.
 *
 * @param name as Prometheus shows it
 * @param type counter, gauge, summary or histogram
 * @param tags their names, that of a histogram's buckets left out
 */
record Metric(String name, String type, Set<String> tags) {
    private static final Pattern ROW = Pattern.compile("\\| `(pipeline_\\w+)` \\| (\\w+) \\|[^|]*\\|([^|]*)\\|");
    private static final Pattern TAG_IN_ROW = Pattern.compile("`(\\w+)`(?! where)");
    private static final Pattern TYPE = Pattern.compile("# TYPE (pipeline_\\w+) (\\w+)");
    private static final Pattern TAG = Pattern.compile("[{,](\\w+)=\"");

    /** Those of the table in a document, by name. */
    static List<Metric> documented(Path document) throws IOException {
        Matcher rows = ROW.matcher(Files.readString(document));
        return rows.results()
                .map(row -> new Metric(row.group(1), row.group(2), names(TAG_IN_ROW, row.group(3))))
                .sorted(Comparator.comparing(Metric::name))
                .toList();
    }

    /** Those of the pipeline in what Prometheus is given, by name. */
    static List<Metric> exposed(String exposition) {
        return TYPE.matcher(exposition)
                .results()
                .map(type -> new Metric(type.group(1), type.group(2), tags(exposition, type)))
                .sorted(Comparator.comparing(Metric::name))
                .toList();
    }

    private static Set<String> tags(String exposition, MatchResult type) {
        Set<String> tags = names(TAG, samples(exposition, type));
        if (type.group(2).equals("histogram")) {
            tags.remove("le");
        }
        return tags;
    }

    /** The lines after a type, up to those of the next metric. */
    private static String samples(String exposition, MatchResult type) {
        return exposition
                .substring(type.end())
                .lines()
                .skip(1)
                .takeWhile(line -> !line.startsWith("#"))
                .collect(Collectors.joining("\n"));
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(name -> name.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
