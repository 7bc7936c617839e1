package pipeline.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import software.amazon.awssdk.core.util.VersionInfo;

/** Medians and spread of all runs, as a table, as JSON and as pictures. */
final class Report {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Run> runs;
    private final List<Median> medians;

    Report(List<Run> runs) {
        this.runs = runs;
        this.medians = Median.of(runs);
    }

    /** Writes {@code table.md}, {@code runs.json}, {@code rows.png} and {@code files.png} into a folder. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("table.md"), table());
        ArrayNode all = JSON.createArrayNode();
        for (Run run : runs) {
            ObjectNode json = all.addObject();
            json.put("scenario", run.scenario().name())
                    .put("contestant", run.contestant())
                    .put("rows", run.scenario().totalRows())
                    .put("files", run.scenario().files())
                    .put("rowsPerSecond", run.rowsPerSecond())
                    .put("filesPerSecond", run.filesPerSecond())
                    .put("megabytesPerSecond", run.megabytesPerSecond())
                    .put("cpuSecondsPer100kRows", run.cpuSecondsPer100kRows())
                    .put("peakMegabytes", run.peakMegabytes())
                    .put("gcMillis", run.gcPauses().toMillis())
                    .put("seconds", run.seconds())
                    .put("secondsToFirstRow", run.secondsToFirstRow())
                    .put("complete", run.complete());
            json.set("sink", run.figures());
        }
        JSON.writerWithDefaultPrettyPrinter()
                .writeValue(folder.resolve("runs.json").toFile(), all);
        draw(
                folder.resolve("rows.png"),
                Scenario.BY_ROWS,
                "rows in a file",
                Scenario::rows,
                "rows/s",
                Run::rowsPerSecond);
        draw(
                folder.resolve("files.png"),
                Scenario.BY_FILES,
                "files of 20 rows",
                Scenario::files,
                "files/s",
                Run::filesPerSecond);
    }

    private void draw(
            Path file,
            List<String> scenarios,
            String amount,
            ToDoubleFunction<Scenario> work,
            String rate,
            ToDoubleFunction<Run> perSecond)
            throws IOException {
        List<Median> growing = growing(scenarios);
        new Picture(amount, median -> work.applyAsDouble(median.scenario()))
                .with(rate, growing, median -> median.median(perSecond))
                .withLogarithm("s in all", growing, median -> median.median(Run::seconds))
                .with("peak MB", growing, median -> median.median(Run::peakMegabytes))
                .write(file);
    }

    private List<Median> growing(List<String> scenarios) {
        return medians.stream()
                .filter(median -> scenarios.contains(median.scenario().name()))
                .toList();
    }

    /** Where and with what was measured; then a line for each contestant of each scenario. */
    String table() throws IOException {
        StringBuilder table = new StringBuilder(machine());
        table.append("""


                | scenario | contestant | rows/s | MB/s | files/s | CPU-s per 100,000 rows | peak MB | GC ms | s in all | s to first row | requests | sent again % |
                |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
                """);
        for (Median line : medians) {
            String files = line.scenario().files() == 1 ? "" : line.cell(Run::filesPerSecond, "%,.0f");
            table.append("| ")
                    .append(String.join(
                            " | ",
                            line.scenario().name(),
                            line.contestant(),
                            line.cell(Run::rowsPerSecond, "%,.0f"),
                            line.cell(Run::megabytesPerSecond, "%.1f"),
                            files,
                            line.cell(Run::cpuSecondsPer100kRows, "%.2f"),
                            line.cell(Run::peakMegabytes, "%.0f"),
                            line.cell(run -> run.gcPauses().toMillis(), "%.0f"),
                            line.cell(Run::seconds, "%.1f"),
                            line.cell(Run::secondsToFirstRow, "%.2f"),
                            line.cell(Run::requests, "%,.0f"),
                            line.cell(Run::percentSentAgain, "%.1f")))
                    .append(" |\n");
        }
        return table.toString();
    }

    private String machine() throws IOException {
        return "%s, %d processors (%s), %s %s, Java %s, AWS SDK %s, Camel %s; each figure is the median of %d runs (least-most)."
                .formatted(
                        LocalDate.now(),
                        Runtime.getRuntime().availableProcessors(),
                        processor(),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        Runtime.version(),
                        VersionInfo.SDK_VERSION,
                        new DefaultCamelContext().getVersion(),
                        medians.stream()
                                .mapToInt(median -> median.runs().size())
                                .max()
                                .orElse(0));
    }

    private static String processor() throws IOException {
        Path cpuInfo = Path.of("/proc/cpuinfo");
        if (!Files.exists(cpuInfo)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(cpuInfo)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }
    }
}
