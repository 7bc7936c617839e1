package pipeline.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Has one, two and four processes of the packaged jar take the same files from one queue, as replicas do, and prints the
 * table of {@code docs/scale.md}. Each answer of the {@link Sink} takes so long that processes wait most of the time, so
 * that what is measured is how they share the work and not how many processors this machine has.
 *
 * <p>Files are dropped once every process waits at the queue. From then on, until the last message is deleted, requests and
 * CPU time are counted; files a second are those from the ledger's first claim to its last conclusion.
 */
@Command(name = "replicas", mixinStandardHelpOptions = true, description = "Measures processes that share a queue.")
public final class Replicas implements Callable<Integer> {
    private static final int FILES_AT_ONCE = 8;
    private static final long LONGEST_MILLIS = TimeUnit.MINUTES.toMillis(20);

    @Option(names = "--processes", split = ",", defaultValue = "1,2,4", description = "Default: ${DEFAULT-VALUE}.")
    private List<Integer> processes;

    @Option(names = "--files", defaultValue = "600", description = "Default: ${DEFAULT-VALUE}.")
    private int files;

    @Option(names = "--rows", defaultValue = "20", description = "In each file (default: ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--latency",
            defaultValue = "50",
            description = "Of each answer, in ms (default: ${DEFAULT-VALUE}).")
    private int latencyMillis;

    @Option(names = "--runs", defaultValue = "1", description = "How often each runs (default: ${DEFAULT-VALUE}).")
    private int runs;

    /** What so many processes did. */
    private record Shared(
            int processes, double filesPerSecond, long requests, long empty, Duration cpu, double seconds) {
        String line(int files, double ofOne) {
            return "| %d | %.1f | %.2f | %.1f | %d | %.1f | %.2f |"
                    .formatted(
                            processes,
                            filesPerSecond,
                            filesPerSecond / ofOne,
                            (double) requests / files,
                            empty,
                            cpu.toMillis() / 1000.0,
                            seconds);
        }
    }

    /** Ends with status 1 if a file was not concluded exactly once. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Replicas()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Scenario scenario = new Scenario("replicas", files, rows, 0, 9, latencyMillis, 0, "256m", List.of("pipeline"));
        List<Path> input = Benchmark.input(scenario);
        System.out.println(
                "| processes | files/s | to the first line | requests a file | empty receives | CPU-s | median s of a file |");
        System.out.println("|--:|--:|--:|--:|--:|--:|--:|");
        try (SinkProcess sink = new SinkProcess()) {
            for (int round = 0; round < runs; round++) {
                double first = 0;
                for (int number : processes) {
                    Shared shared = share(sink, scenario, input, number);
                    first = first == 0 ? shared.filesPerSecond() : first;
                    System.out.println(shared.line(files, first));
                }
            }
        }
        return 0;
    }

    private Shared share(SinkProcess sink, Scenario scenario, List<Path> input, int number) throws Exception {
        sink.reset(scenario);
        List<Process> replicas = new ArrayList<>();
        try {
            for (int i = 0; i < number; i++) {
                replicas.add(start(sink, scenario, i));
            }
            await(
                    sink,
                    "every process waits at the queue",
                    figures -> figures.path("receiving").asInt() == number * FILES_AT_ONCE);
            sink.place(input);
            JsonNode before = sink.ask("GET", "/-/figures");
            Duration cpuBefore = cpu(replicas);
            sink.ask("POST", "/-/events");
            JsonNode after = await(
                    sink,
                    "every message is deleted",
                    figures -> figures.at("/requests/sqs:DeleteMessage").asInt() >= files);
            Duration cpu = cpu(replicas).minus(cpuBefore);
            List<JsonNode> entries = concludedOnce(sink);
            return new Shared(
                    number,
                    files / seconds(entries),
                    requests(after) - requests(before),
                    after.path("emptyReceives").asLong()
                            - before.path("emptyReceives").asLong(),
                    cpu,
                    entries.stream()
                                    .mapToLong(entry ->
                                            entry.at("/duration_millis/N").asLong())
                                    .sorted()
                                    .skip(files / 2)
                                    .findFirst()
                                    .orElseThrow()
                            / 1000.0);
        } finally {
            stop(replicas);
        }
    }

    private static Process start(SinkProcess sink, Scenario scenario, int number) throws IOException {
        ProcessBuilder replica = new Contestant("pipeline", Benchmark.WORK.resolve("work-replica-" + number))
                .process(scenario, sink.endpoint());
        List<String> command = replica.command();
        command.set(command.size() - 1, "run");
        // What docs/performance.md has for many small files: four compilers on two processors would be measured else.
        command.addAll(1, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        replica.environment().put("PIPELINE_INTAKE", "events");
        replica.environment().put("PIPELINE_FILES_AT_ONCE", Integer.toString(FILES_AT_ONCE));
        replica.environment().put("PIPELINE_HTTP_PORT", "0");
        return replica.start();
    }

    private static JsonNode await(SinkProcess sink, String what, Predicate<JsonNode> reached) throws Exception {
        long deadline = System.currentTimeMillis() + LONGEST_MILLIS;
        while (true) {
            JsonNode figures = sink.ask("GET", "/-/figures");
            if (!figures.path("spoiltBy").asText().isEmpty() || System.currentTimeMillis() > deadline) {
                throw new IllegalStateException("found " + figures + ", expected that " + what);
            }
            if (reached.test(figures)) {
                return figures;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** The ledger's entries: one for each file, all its rows stored in one attempt, whichever process had it. */
    private List<JsonNode> concludedOnce(SinkProcess sink) throws Exception {
        List<JsonNode> entries = StreamSupport.stream(
                        sink.ask("GET", "/-/ledger").spliterator(), false)
                .toList();
        List<JsonNode> others = entries.stream()
                .filter(entry -> !entry.at("/status/S").asText().equals("completed")
                        || entry.at("/attempts/N").asInt() != 1
                        || entry.at("/rows_stored/N").asInt() != rows)
                .toList();
        long stored = sink.ask("GET", "/-/figures").path("rows").asLong();
        if (entries.size() != files || !others.isEmpty() || stored != (long) files * rows) {
            throw new IllegalStateException("found %d entries, %d rows and %s, expected %d files, each completed once"
                    .formatted(entries.size(), stored, others, files));
        }
        return entries;
    }

    private static double seconds(List<JsonNode> entries) {
        long first = instants(entries, "first_claim")
                .min(Instant::compareTo)
                .orElseThrow()
                .toEpochMilli();
        long last = instants(entries, "concluded_at")
                .max(Instant::compareTo)
                .orElseThrow()
                .toEpochMilli();
        return (last - first) / 1000.0;
    }

    private static Stream<Instant> instants(List<JsonNode> entries, String name) {
        return entries.stream()
                .map(entry -> Instant.parse(entry.at("/" + name + "/S").asText()));
    }

    private static long requests(JsonNode figures) {
        return StreamSupport.stream(figures.path("requests").spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .sum();
    }

    private static Duration cpu(List<Process> processes) {
        return processes.stream()
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static void stop(List<Process> processes) throws InterruptedException {
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }
}
