package pipeline.bench;

import java.util.List;

/**
 * What contestants are given to do.
 *
 * @param files how many files, all alike but for their orders
 * @param rows in each file
 * @param badPercent of a hundred rows
 * @param latencyMillis of each answer
 * @param units write units a second that the table allows; 0 = as many as come
 * @param heap of the pipeline and of peers in Java, as -Xmx has it; empty = the JVM's default
 */
record Scenario(
        String name,
        int files,
        long rows,
        int badPercent,
        int columns,
        int latencyMillis,
        int units,
        String heap,
        List<String> contestants) {
    private static final List<String> LOOPS = List.of("pipeline", "sdk-1", "sdk-8", "sdk-32");

    static final List<Scenario> ALL = List.of(
            oneFile("1k", 1_000),
            oneFile("10k", 10_000),
            oneFile("100k", 100_000),
            oneFile("1m", 1_000_000).with("256m", "pipeline", "sdk-1", "sdk-8", "sdk-32", "boto3-batch-writer"),
            oneFile("10m", 10_000_000).with("256m", "pipeline"),
            oneFile("per-row", 100_000).with("", "pipeline", "camel-per-row"),
            new Scenario("bad-1", 1, 1_000_000, 1, 9, 0, 0, "256m", List.of("pipeline")),
            new Scenario("bad-50", 1, 1_000_000, 50, 9, 0, 0, "256m", List.of("pipeline")),
            new Scenario("latency-5", 1, 250_000, 0, 9, 5, 0, "256m", List.of("pipeline", "sdk-8", "sdk-32")),
            new Scenario("latency-20", 1, 250_000, 0, 9, 20, 0, "256m", List.of("pipeline", "sdk-8", "sdk-32")),
            new Scenario("limited", 1, 60_000, 0, 9, 5, 1_000, "256m", List.of("pipeline")),
            new Scenario("wide", 1, 100_000, 0, 100, 0, 0, "256m", LOOPS),
            new Scenario("files-100", 100, 20, 0, 9, 0, 0, "256m", List.of("pipeline", "requests-8")),
            new Scenario("files-1000", 1_000, 20, 0, 9, 0, 0, "256m", List.of("pipeline", "requests-8")),
            new Scenario("files-1000-latency-5", 1_000, 20, 0, 9, 5, 0, "256m", List.of("pipeline", "requests-8")),
            new Scenario("files-10000", 10_000, 20, 0, 9, 0, 0, "256m", List.of("pipeline", "requests-8")),
            new Scenario("start", 1, 20, 0, 9, 0, 0, "", List.of("pipeline", "pipeline-cds", "empty-camel")));

    /** How cost grows with the rows of a file. */
    static final List<String> BY_ROWS = List.of("1k", "10k", "100k", "1m", "10m");

    /** How cost grows with the number of files. */
    static final List<String> BY_FILES = List.of("files-100", "files-1000", "files-10000");

    private static Scenario oneFile(String name, long rows) {
        return new Scenario(name, 1, rows, 0, 9, 0, 0, "256m", LOOPS);
    }

    private Scenario with(String otherHeap, String... others) {
        return new Scenario(name, files, rows, badPercent, columns, latencyMillis, units, otherHeap, List.of(others));
    }

    static Scenario named(String name) {
        return ALL.stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("found the scenario " + name + ", expected one of "
                        + String.join(", ", ALL.stream().map(Scenario::name).toList())));
    }

    long totalRows() {
        return files * rows;
    }
}
