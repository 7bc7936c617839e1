package pipeline.jar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The zip as somebody who downloads it uses it: unpacked, with nothing but a Java. */
@EnabledIfSystemProperty(
        named = "release.zip",
        matches = ".+",
        disabledReason = "no zip is made; mvn -Prelease verify makes it")
final class ReleaseIT {
    private static final String TRIED =
            "$ java -jar target/camel-data-pipeline.jar check sample-data/orders-some-bad.csv";

    @TempDir
    Path unpacked;

    private Path folder;

    @BeforeEach
    void unpack() throws IOException {
        Path zip = Path.of(System.getProperty("release.zip"));
        try (InputStream in = Files.newInputStream(zip);
                ZipInputStream entries = new ZipInputStream(in)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path file = unpacked.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(entries, file);
                }
            }
        }
        folder = unpacked.resolve(zip.getFileName().toString().replaceFirst("\\.zip$", ""));
    }

    @Test
    void itHoldsTheJarOfThisBuildAndWhatBelongsToIt() throws IOException {
        assertEquals(
                -1,
                Files.mismatch(
                        Path.of("target", "camel-data-pipeline.jar"), folder.resolve("camel-data-pipeline.jar")));
        Set<String> there;
        try (Stream<Path> files = Files.list(folder)) {
            there = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
        assertTrue(
                there.containsAll(List.of(
                        "README.md",
                        "LICENSE",
                        "CHANGELOG.md",
                        "THIRD-PARTY.txt",
                        "bom.json",
                        "routes",
                        "config",
                        "docs",
                        "deploy",
                        "sample-data")),
                there::toString);
    }

    @Test
    void whatTheReadmeTriesDoesWhatTheReadmeSays() throws Exception {
        PackagedJar.Ended good = check("sample-data/orders.csv");
        assertEquals(0, good.status(), good::said);
        assertTrue(good.out().contains("would store 12, reject 0"), good::said);

        PackagedJar.Ended someBad = check("sample-data/orders-some-bad.csv");
        assertEquals(3, someBad.status(), someBad::said);
        List<String> shown = Files.readString(folder.resolve("README.md"))
                .lines()
                .map(String::strip)
                .dropWhile(line -> !line.equals(TRIED))
                .skip(1)
                .takeWhile(line -> !line.isEmpty())
                .filter(line -> !line.contains(" ... "))
                .toList();
        assertTrue(shown.size() >= 5, shown::toString);
        List<String> said = someBad.out().lines().map(String::strip).toList();
        assertTrue(said.containsAll(shown), () -> shown + " in " + someBad.said());
    }

    private PackagedJar.Ended check(String file) throws IOException, InterruptedException {
        Path out = unpacked.resolve("out.log");
        Path err = unpacked.resolve("err.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        "camel-data-pipeline.jar",
                        "check",
                        file)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new PackagedJar.Ended(process.waitFor(), Files.readString(out), Files.readString(err));
    }
}
