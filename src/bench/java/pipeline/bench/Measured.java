package pipeline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a process has used, as the kernel tells until shortly before it ends.
 *
 * @param startedAt milliseconds since 1970
 * @param peakBytes of resident memory; empty where the system has no /proc
 */
record Measured(long startedAt, Duration elapsed, Duration cpu, Optional<Long> peakBytes, int exit) {
    private static final int TICKS_PER_SECOND = 100;
    private static final int EVERY_MILLIS = 10;
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Pattern PAUSE = Pattern.compile("Pause .* ([0-9.]+)ms$");

    /** Runs a process to its end. */
    static Measured run(ProcessBuilder builder) throws IOException, InterruptedException {
        long startedAt = System.currentTimeMillis();
        long began = System.nanoTime();
        Process process = builder.start();
        Duration cpu = Duration.ZERO;
        Optional<Long> peak = Optional.empty();
        try {
            do {
                cpu = cpu(process).orElse(cpu);
                Optional<Long> before = peak;
                peak = peak(process).or(() -> before);
            } while (!process.waitFor(EVERY_MILLIS, TimeUnit.MILLISECONDS));
        } finally {
            process.destroyForcibly();
        }
        return new Measured(startedAt, Duration.ofNanos(System.nanoTime() - began), cpu, peak, process.exitValue());
    }

    private static Optional<Duration> cpu(Process process) {
        return proc(process, "stat")
                .filter(stat -> stat.indexOf(')') >= 0)
                .map(stat -> stat.substring(stat.lastIndexOf(')') + 2).split(" "))
                .map(fields -> Duration.ofMillis(
                        (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 1000 / TICKS_PER_SECOND))
                .or(() -> process.info().totalCpuDuration());
    }

    private static Optional<Long> peak(Process process) {
        return proc(process, "status")
                .map(PEAK::matcher)
                .filter(Matcher::find)
                .map(found -> Long.parseLong(found.group(1)) * 1024);
    }

    private static Optional<String> proc(Process process, String file) {
        try {
            return Optional.of(Files.readString(Path.of("/proc", Long.toString(process.pid()), file)));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** How long the garbage collector stopped the program, by its log; zero where it wrote none. */
    static Duration pauses(Path gcLog) throws IOException {
        if (!Files.exists(gcLog)) {
            return Duration.ZERO;
        }
        try (Stream<String> lines = Files.lines(gcLog)) {
            double millis = lines.map(PAUSE::matcher)
                    .filter(Matcher::find)
                    .mapToDouble(found -> Double.parseDouble(found.group(1)))
                    .sum();
            return Duration.ofNanos((long) (millis * 1e6));
        }
    }
}
