package pipeline.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Medians and spread of all runs, as a table, as JSON and as pictures. */
final class Report {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Run> runs;

    Report(List<Run> runs) {
        this.runs = runs;
    }

    /** Writes {@code runs.json} and {@code table.md} into a folder. */
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
                    .put("rowsPerSecond", run.rowsReadPerSecond())
                    .put("filesPerSecond", run.filesPerSecond())
                    .put("megabytesPerSecond", run.megabytesPerSecond())
                    .put("cpuSecondsPer100kRows", run.cpuSecondsPer100kRows())
                    .put("peakMegabytes", run.peakMegabytes())
                    .put("gcMillis", run.gcPauses().toMillis())
                    .put("seconds", run.measured().elapsed().toMillis() / 1000.0)
                    .put("secondsToFirstRow", run.secondsToFirstRow())
                    .put("complete", run.complete());
            json.set("sink", run.figures());
        }
        JSON.writerWithDefaultPrettyPrinter().writeValue(folder.resolve("runs.json").toFile(), all);
    }

    /** A line for each contestant of each scenario: the median, and behind it the least and the most. */
    String table() {
        Map<String, List<Run>> lines = new LinkedHashMap<>();
        runs.forEach(run -> lines.computeIfAbsent(
                        run.scenario().name() + " | " + run.contestant(), key -> new java.util.ArrayList<>())
                .add(run));
        StringBuilder table = new StringBuilder(
                "| scenario | contestant | rows/s | MB/s | files/s | CPU-s per 100,000 rows | peak MB | GC ms | s in all | s to first row | requests | sent again % |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        lines.forEach((name, of) -> table.append("| ")
                .append(name)
                .append(cell(of, Run::rowsReadPerSecond, "%,.0f"))
                .append(cell(of, Run::megabytesPerSecond, "%.1f"))
                .append(of.get(0).scenario().files() == 1 ? " | " : cell(of, Run::filesPerSecond, "%,.0f"))
                .append(cell(of, Run::cpuSecondsPer100kRows, "%.2f"))
                .append(cell(of, Run::peakMegabytes, "%.0f"))
                .append(cell(of, run -> run.gcPauses().toMillis(), "%.0f"))
                .append(cell(of, run -> run.measured().elapsed().toMillis() / 1000.0, "%.1f"))
                .append(cell(of, Run::secondsToFirstRow, "%.2f"))
                .append(cell(of, Run::requests, "%,.0f"))
                .append(cell(of, Run::percentSentAgain, "%.1f"))
                .append(" |\n"));
        return table.toString();
    }

    private static String cell(List<Run> of, ToDoubleFunction<Run> figure, String format) {
        double[] sorted = of.stream().mapToDouble(figure).sorted().toArray();
        double median = sorted.length % 2 == 1
                ? sorted[sorted.length / 2]
                : (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
        String least = format.formatted(sorted[0]);
        String most = format.formatted(Arrays.stream(sorted).max().orElseThrow());
        return " | " + format.formatted(median) + (least.equals(most) ? "" : " (" + least + "-" + most + ")");
    }
}
