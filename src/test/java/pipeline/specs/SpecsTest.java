package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every folder of {@code src/test/resources/specs} is a behaviour: its name the sentence, in it what is dropped and the
 * whole outcome. The README.md there says how to write one. {@code -Dspecs.only=quote} plays those whose name holds that
 * word, {@code -Dspecs.draft=true} writes the outcome of those that expect nothing yet, for its author to read.
 */
class SpecsTest {
    private static final Path SPECS = Path.of("src", "test", "resources", "specs");

    @TestFactory
    Stream<DynamicTest> specs() throws IOException {
        String only = System.getProperty("specs.only", "");
        List<Spec> specs;
        try (Stream<Path> folders = Files.list(SPECS)) {
            specs = folders.filter(Files::isDirectory)
                    .sorted()
                    .map(Spec::new)
                    .filter(spec -> spec.folder().getFileName().toString().contains(only))
                    .toList();
        }
        return specs.stream()
                .map(spec -> DynamicTest.dynamicTest(spec.name(), spec.folder().toUri(), () -> play(spec)));
    }

    private static void play(Spec spec) throws IOException {
        Sandbox sandbox = Sandbox.shared();
        Running pipeline = sandbox.pipeline();
        sandbox.clean();
        spec.play(sandbox, pipeline);
        Found found = Found.in(sandbox, pipeline).except(spec.folders());
        if (Boolean.getBoolean("specs.draft") && !Expected.any(spec.folder())) {
            Draft.write(spec.folder(), sandbox, found);
        }
        assertAll(
                spec.name(),
                () -> assertEquals(
                        "",
                        found.outcome(Expected.emails(spec.folder()))
                                .differenceTo(Expected.in(spec.folder(), found.today(), found.rejectsFile()))),
                found::assertPromises,
                found::assertCounts,
                () -> assertEquals(List.of(), found.outageAlerts(), "alerts of an outage"));
    }
}
