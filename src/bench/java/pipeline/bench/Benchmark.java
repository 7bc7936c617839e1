package pipeline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Has the packaged jar and its peers do the same work, in turn, against a {@link Sink} in a process of its own, and tells
 * what each took.
 */
@Command(name = "benchmark", mixinStandardHelpOptions = true, description = "Measures the pipeline beside its peers.")
public final class Benchmark implements Callable<Integer> {
    static final Path WORK = Path.of("target", "bench").toAbsolutePath();

    @Option(names = "--scenario", description = "Which to run; all, if none is named.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--contestant", description = "Which to run; all of a scenario, if none is named.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--runs", defaultValue = "5", description = "How often each runs (default: ${DEFAULT-VALUE}).")
    private int runs;

    /** Ends with status 1 if a contestant did not do its work. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Benchmark()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        List<Scenario> scenarios = names.isEmpty()
                ? Scenario.ALL
                : names.stream().map(Scenario::named).toList();
        List<Run> all = new ArrayList<>();
        try (SinkProcess sink = new SinkProcess()) {
            // All scenarios in each round, so that a machine that grows slower slows all of them, and each can be
            // compared.
            for (int round = 0; round < runs; round++) {
                for (Scenario scenario : scenarios) {
                    run(sink, scenario, all);
                }
                new Report(all).write(WORK);
            }
        }
        System.out.println(new Report(all).table());
        return all.stream().allMatch(Run::complete) ? 0 : 1;
    }

    private void run(SinkProcess sink, Scenario scenario, List<Run> done) throws Exception {
        List<Path> files = input(scenario);
        for (String name : scenario.contestants()) {
            if ((!only.isEmpty() && !only.contains(name)) || !canRun(name)) {
                continue;
            }
            Contestant contestant = new Contestant(name, WORK.resolve("work-" + name));
            if (contestant.isArchived()) {
                place(sink, scenario, files);
                Measured.run(contestant.archiver(sink.endpoint()));
            }
            place(sink, scenario, files);
            Measured measured = Measured.run(contestant.process(scenario, sink.endpoint()));
            Run run = new Run(
                    scenario,
                    name,
                    measured,
                    Measured.pauses(contestant.gcLog()),
                    sink.ask("GET", "/-/figures"),
                    files.stream().mapToLong(Benchmark::size).sum(),
                    startedAt(WORK.resolve("work-" + name).resolve("output.txt")));
            System.err.println(run);
            done.add(run);
        }
    }

    private static boolean canRun(String contestant) {
        if (!contestant.startsWith("boto3")) {
            return true;
        }
        try {
            boolean there =
                    new ProcessBuilder("python3", "-c", "import boto3").start().waitFor() == 0;
            if (!there) {
                System.err.println(contestant + " is left out: Python has no module boto3");
            }
            return there;
        } catch (IOException | InterruptedException e) {
            System.err.println(contestant + " is left out: there is no python3");
            return false;
        }
    }

    /** A scenario's files, which are made unless they are there. */
    static List<Path> input(Scenario scenario) throws IOException {
        List<Path> files = new ArrayList<>();
        Path folder = WORK.resolve("input")
                .resolve("%d-rows-%d-bad-%d-columns"
                        .formatted(scenario.rows(), scenario.badPercent(), scenario.columns()));
        for (int i = 0; i < scenario.files(); i++) {
            Path file = folder.resolve("file-" + i + ".csv");
            Orders.write(file, i * scenario.rows(), scenario.rows(), scenario.badPercent(), scenario.columns());
            files.add(file);
        }
        return files;
    }

    private static void place(SinkProcess sink, Scenario scenario, List<Path> files) throws Exception {
        sink.reset(scenario);
        sink.place(files);
    }

    /** When a contestant that stores nothing says that it has started. */
    private static Optional<Long> startedAt(Path output) throws IOException {
        return Files.readAllLines(output).stream()
                .filter(line -> line.startsWith("started at "))
                .map(line -> Long.parseLong(line.substring("started at ".length())))
                .findFirst();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
