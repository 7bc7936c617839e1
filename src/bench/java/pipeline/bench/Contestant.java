package pipeline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One program that does a scenario's work, as a process of its own. */
final class Contestant {
    private static final Path JAR = Path.of("target", "camel-data-pipeline.jar").toAbsolutePath();

    private final String name;
    private final Path work;

    /** @param work a folder for what it needs and leaves behind */
    Contestant(String name, Path work) {
        this.name = name;
        this.work = work;
    }

    /** Its process, not started yet. */
    ProcessBuilder process(Scenario scenario, String endpoint) throws IOException {
        List<String> command = new ArrayList<>();
        if (name.equals("boto3-batch-writer")) {
            command.addAll(List.of(
                    "python3",
                    Path.of("src/bench/python/batch_writer.py").toAbsolutePath().toString()));
        } else {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.add("-Xlog:gc:file=" + gcLog());
            if (!scenario.heap().isEmpty()) {
                command.add("-Xmx" + scenario.heap());
            }
            command.addAll(main());
        }
        ProcessBuilder process =
                new ProcessBuilder(command).directory(workingDirectory().toFile());
        process.redirectErrorStream(true);
        process.redirectOutput(work.resolve("output.txt").toFile());
        process.environment()
                .putAll(Map.of(
                        "AWS_ENDPOINT_URL", endpoint,
                        "AWS_REGION", "us-east-1",
                        "AWS_DEFAULT_REGION", "us-east-1",
                        "AWS_ACCESS_KEY_ID", "benchmark",
                        "AWS_SECRET_ACCESS_KEY", "benchmark",
                        "PIPELINE_BUCKET", "bench",
                        "PIPELINE_CONDITIONAL_WRITES", "true"));
        return process;
    }

    private List<String> main() {
        if (name.startsWith("pipeline")) {
            List<String> main = new ArrayList<>();
            if (name.equals("pipeline-cds")) {
                main.add("-XX:SharedArchiveFile=" + archive());
            }
            main.addAll(List.of("-jar", JAR.toString(), "once"));
            return main;
        }
        if (name.equals("empty-camel")) {
            // The class path of the packaged jar, with one class more.
            return List.of("-cp", JAR + java.io.File.pathSeparator + benchClasses(), EmptyCamel.class.getName());
        }
        String[] words = name.split("-");
        String type = name.equals("camel-per-row") ? CamelPerRow.class.getName() : SdkLoop.class.getName();
        return List.of("-cp", System.getProperty("java.class.path"), type, words[0], words[words.length - 1]);
    }

    private static String benchClasses() {
        return Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(entry -> entry.endsWith("test-classes"))
                .findFirst()
                .orElseThrow();
    }

    Path gcLog() {
        return work.resolve("gc.txt");
    }

    private Path archive() {
        return work.resolveSibling("classes.jsa");
    }

    /** The command of {@code docs/performance.md} that makes the archive of classes. */
    ProcessBuilder archiver(String endpoint) throws IOException {
        ProcessBuilder process = new Contestant("pipeline", work).process(Scenario.named("start"), endpoint);
        process.command().add(1, "-XX:ArchiveClassesAtExit=" + archive());
        return process;
    }

    /** The pipeline is run as its users run it: with {@code routes} and {@code config} in the working directory. */
    private Path workingDirectory() throws IOException {
        Files.createDirectories(work);
        for (String folder : List.of("routes", "config", "config/datasets")) {
            Files.createDirectories(work.resolve(folder));
            try (Stream<Path> files = Files.list(Path.of(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(
                            file,
                            work.resolve(folder).resolve(file.getFileName()),
                            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        return work;
    }

    boolean isArchived() {
        return name.equals("pipeline-cds");
    }
}
