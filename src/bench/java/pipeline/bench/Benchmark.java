package pipeline.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Has the packaged jar and its peers do the same work, in turn, against a {@link Sink} in a process of its own, and tells
 * what each took.
 */
@Command(name = "benchmark", mixinStandardHelpOptions = true, description = "Measures the pipeline beside its peers.")
public final class Benchmark implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path WORK = Path.of("target", "bench").toAbsolutePath();

    @Option(names = "--scenario", description = "Which to run; all, if none is named.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--contestant", description = "Which to run; all of a scenario, if none is named.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--runs", defaultValue = "5", description = "How often each runs (default: ${DEFAULT-VALUE}).")
    private int runs;

    private final HttpClient http = HttpClient.newHttpClient();
    private String endpoint = "";

    /** Ends with status 1 if a contestant did not do its work. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Benchmark()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        List<Scenario> scenarios = names.isEmpty()
                ? Scenario.ALL
                : names.stream().map(Scenario::named).toList();
        Process sink = startSink();
        List<Run> all = new ArrayList<>();
        try {
            // All scenarios in each round, so that a machine that grows slower slows all of them, and each can be
            // compared.
            for (int round = 0; round < runs; round++) {
                for (Scenario scenario : scenarios) {
                    run(scenario, all);
                }
                new Report(all).write(WORK);
            }
        } finally {
            sink.destroy();
            sink.waitFor(5, TimeUnit.SECONDS);
        }
        System.out.println(new Report(all).table());
        return all.stream().allMatch(Run::complete) ? 0 : 1;
    }

    private Process startSink() throws IOException {
        Process sink = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sink.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(sink.getInputStream(), StandardCharsets.US_ASCII));
        endpoint = "http://127.0.0.1:" + out.readLine();
        return sink;
    }

    private void run(Scenario scenario, List<Run> done) throws Exception {
        List<Path> files = input(scenario);
        for (String name : scenario.contestants()) {
            if ((!only.isEmpty() && !only.contains(name)) || !canRun(name)) {
                continue;
            }
            Contestant contestant = new Contestant(name, WORK.resolve("work-" + name));
            if (contestant.isArchived()) {
                place(scenario, files);
                Measured.run(contestant.archiver(endpoint));
            }
            place(scenario, files);
            Measured measured = Measured.run(contestant.process(scenario, endpoint));
            Run run = new Run(
                    scenario,
                    name,
                    measured,
                    Measured.pauses(contestant.gcLog()),
                    ask("GET", "/-/figures"),
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

    private static List<Path> input(Scenario scenario) throws IOException {
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

    private void place(Scenario scenario, List<Path> files) throws Exception {
        ask("POST", "/-/reset?latency=%d&units=%d".formatted(scenario.latencyMillis(), scenario.units()));
        for (Path file : files) {
            ask("PUT", "/-/objects/raw-data/" + file.getFileName() + "?file=" + file);
        }
    }

    private JsonNode ask(String method, String what) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create(endpoint + what))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(response.body());
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
