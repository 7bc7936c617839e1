package pipeline.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** All runs of one contestant in one scenario, for the median of any figure and its spread. */
record Median(Scenario scenario, String contestant, List<Run> runs) {
    static List<Median> of(List<Run> runs) {
        Map<List<String>, List<Run>> lines = new LinkedHashMap<>();
        runs.forEach(
                run -> lines.computeIfAbsent(List.of(run.scenario().name(), run.contestant()), key -> new ArrayList<>())
                        .add(run));
        return lines.values().stream()
                .map(of -> new Median(of.get(0).scenario(), of.get(0).contestant(), of))
                .toList();
    }

    double median(ToDoubleFunction<Run> figure) {
        double[] sorted = sorted(figure);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The median, and behind it the least and the most where they differ. */
    String cell(ToDoubleFunction<Run> figure, String format) {
        double[] sorted = sorted(figure);
        String least = format.formatted(sorted[0]);
        String most = format.formatted(sorted[sorted.length - 1]);
        return format.formatted(median(figure)) + (least.equals(most) ? "" : " (" + least + "-" + most + ")");
    }

    private double[] sorted(ToDoubleFunction<Run> figure) {
        return runs.stream().mapToDouble(figure).sorted().toArray();
    }
}
