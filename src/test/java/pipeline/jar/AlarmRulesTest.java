package pipeline.jar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlarmRulesTest {
    @TempDir
    Path folder;

    @Test
    void prometheusItselfFindsThemRight() throws Exception {
        AlarmRules.assume("promtool");
        promtool("check", "rules", AlarmRules.FILE.toString());
    }

    @Test
    void eachFiresAtWhatItIsForAndClears() throws Exception {
        AlarmRules.assume("promtool");
        promtool("test", "rules", AlarmRules.TESTS.toString());
    }

    private void promtool(String... arguments) throws Exception {
        Path said = folder.resolve("promtool.log");
        List<String> command = new java.util.ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertTrue(ended, () -> "promtool goes on: " + text(said));
        assertEquals(0, process.exitValue(), () -> text(said));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void eachIsShownFiring() throws IOException {
        String tests = Files.readString(AlarmRules.TESTS);
        Set<String> fired = Pattern.compile("labels: '\\{alertname=\"(\\w+)\"")
                .matcher(tests)
                .results()
                .map(firing -> firing.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(names(), fired);
    }

    @Test
    void eachTellsAPersonWhatToDo() throws IOException {
        for (AlarmRules.Rule rule : AlarmRules.all()) {
            assertTrue(List.of("critical", "warning").contains(rule.severity()), rule::toString);
            assertTrue(!rule.summary().isBlank() && rule.summary().length() <= 100, rule::toString);
            assertTrue(rule.description().length() > 100, rule::toString);
        }
    }

    @Test
    void eachIsInTheDocumentation() throws IOException {
        Set<String> documented = Pattern.compile("(?m)^\\| (Pipeline\\w+) \\|")
                .matcher(Files.readString(Path.of("docs", "operations.md")))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(names(), documented);
    }

    private static Set<String> names() throws IOException {
        return AlarmRules.all().stream().map(AlarmRules.Rule::alert).collect(Collectors.toCollection(TreeSet::new));
    }
}
