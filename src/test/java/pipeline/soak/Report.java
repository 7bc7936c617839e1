package pipeline.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What a run has done and found, printed as it goes and kept in {@code target/soak-report.md}. */
final class Report {
    private static final Path FILE = Path.of("target", "soak-report.md");

    private final List<String> lines = new ArrayList<>();

    Report(String title) {
        write("\n## " + title + "\n");
    }

    /** A figure. */
    synchronized void tell(String what, Object value) {
        lines.add(what + ": " + value);
        write("- " + what + ": " + value);
    }

    private static void write(String line) {
        System.out.println(line);
        System.out.flush();
        try {
            Files.writeString(
                    FILE, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized String toString() {
        return String.join("\n", lines);
    }
}
