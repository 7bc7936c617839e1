package pipeline.jar;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged jar in a folder of its own, which holds {@code routes/} and {@code config/} and nothing else. */
public final class PackagedJar implements AutoCloseable {
    /** Longer than any one thing takes on a slow machine. */
    public static final Duration PATIENCE = Duration.ofSeconds(90);

    /** The access key id by which the calls of tests, and of a jar that is given no other, are known. */
    public static final String CALLER = "test";

    private static final Path JAR = Path.of("target", "camel-data-pipeline.jar").toAbsolutePath();

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final List<Run> runs = new ArrayList<>();

    /** What a process that has ended has said. */
    public record Ended(int status, String out, String err) {
        public String said() {
            return "status %d%n--- out%n%s%n--- err%n%s".formatted(status, out, err);
        }
    }

    /** A process of the jar. */
    public final class Run {
        private final Process process;
        private final Path out;
        private final Path err;

        private Run(Process process, Path out, Path err) {
            this.process = process;
            this.out = out;
            this.err = err;
        }

        /** What it has said until now, on both streams. */
        public String said() {
            return read(out) + read(err);
        }

        public boolean alive() {
            return process.isAlive();
        }

        /** SIGTERM. */
        public void tellToStop() {
            process.destroy();
        }

        /** SIGTERM, and its end. */
        public Ended terminate(Duration within) {
            tellToStop();
            return end(within);
        }

        /** SIGSTOP: it does nothing at all until {@link #resume()}. */
        public void pause() {
            signal("STOP");
        }

        /** SIGCONT. */
        public void resume() {
            signal("CONT");
        }

        private void signal(String name) {
            try {
                int status = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                        .inheritIO()
                        .start()
                        .waitFor();
                assertTrue(status == 0 || !process.isAlive(), () -> "SIG" + name + " could not be sent");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        /** SIGKILL. */
        public void kill() {
            process.destroyForcibly();
            end(PATIENCE);
        }

        public Ended end(Duration within) {
            try {
                assertTrue(process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS), () -> "it goes on: " + said());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
            return new Ended(process.exitValue(), read(out), read(err));
        }
    }

    /** @param folder an empty folder */
    public PackagedJar(Path folder, URI endpoint) {
        this(folder, endpoint, List.of("routes", "config"));
    }

    /** @param copied what of the project is put into the folder; what else it needs is there */
    PackagedJar(Path folder, URI endpoint, List<String> copied) {
        this.folder = folder;
        copied.forEach(this::copy);
        set("AWS_ENDPOINT_URL", endpoint.toString());
        set("AWS_REGION", "us-east-1");
        set("AWS_ACCESS_KEY_ID", CALLER);
        set("AWS_SECRET_ACCESS_KEY", "test");
        set("PIPELINE_REDELIVERY_DELAY_MILLIS", "50");
        set("PIPELINE_HTTP_ENABLED", "false");
    }

    private void copy(String name) {
        try (Stream<Path> files = Files.walk(Path.of(name))) {
            for (Path file : files.toList()) {
                Path copy = folder.resolve(file.toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets an environment variable for the processes to come. */
    public PackagedJar set(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** The folder that a user would stand in. */
    Path folder() {
        return folder;
    }

    /** Changes a file of the folder. */
    void edit(String file, String text, String edited) throws IOException {
        Path path = folder.resolve(file);
        String before = Files.readString(path);
        assertTrue(before.contains(text), () -> file + " has no " + text);
        Files.writeString(path, before.replace(text, edited));
    }

    /** Starts {@code java -jar} and goes on. */
    public Run start(String... arguments) {
        return start(folder, arguments);
    }

    private Run start(Path directory, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m"));
        // Two flags that let two dozen starts on two cores fit into a build; nothing of what is tested depends on them.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar"));
        command.add(JAR.toString());
        command.addAll(List.of(arguments));
        try {
            Path out = Files.createTempFile(folder, "out", ".log");
            Path err = Files.createTempFile(folder, "err", ".log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment()
                    .keySet()
                    .removeIf(name -> name.startsWith("AWS_")
                            || name.startsWith("PIPELINE_")
                            || name.startsWith("CAMEL_")
                            || name.startsWith("OTEL_")
                            || name.equals("JAVA_TOOL_OPTIONS"));
            builder.environment().putAll(environment);
            Run run = new Run(builder.start(), out, err);
            runs.add(run);
            return run;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs {@code java -jar} to its end. */
    public Ended run(String... arguments) {
        return start(arguments).end(PATIENCE);
    }

    /** Runs {@code java -jar} in another folder. */
    Ended runIn(Path directory, String... arguments) {
        return start(directory, arguments).end(PATIENCE);
    }

    /** Waits until a process has said something. */
    public static void awaitSaid(Run run, String text) {
        await(text).atMost(PATIENCE).until(() -> {
            assertTrue(run.alive() || run.said().contains(text), () -> "it has ended: " + run.said());
            return run.said().contains(text);
        });
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends what is still running. */
    @Override
    public void close() {
        runs.stream().filter(Run::alive).forEach(Run::kill);
    }
}
