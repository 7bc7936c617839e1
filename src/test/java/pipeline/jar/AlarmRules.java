package pipeline.jar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The alarms for Prometheus as they are shipped, and the programs that read them. */
final class AlarmRules {
    static final Path FILE = Path.of("deploy", "alarms", "prometheus-rules.yaml");
    static final Path TESTS = Path.of("deploy", "alarms", "prometheus-rules.test.yaml");

    /** An alarm and its expression. */
    record Rule(String alert, String expression, String severity, String summary, String description) {}

    private AlarmRules() {}

    static List<Rule> all() throws IOException {
        List<Rule> rules = new ArrayList<>();
        for (JsonNode group : new YAMLMapper().readTree(Files.readString(FILE)).path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                rules.add(new Rule(
                        rule.path("alert").asText(),
                        rule.path("expr").asText(),
                        rule.path("labels").path("severity").asText(),
                        rule.path("annotations").path("summary").asText(),
                        rule.path("annotations").path("description").asText()));
            }
        }
        return rules;
    }

    /** Skips the test where a program is not installed. */
    static void assume(String program) {
        boolean there = List.of(System.getenv("PATH").split(java.io.File.pathSeparator)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        Assumptions.assumeTrue(
                there, () -> "skipped: no " + program + " here; it comes with Debian's package prometheus");
    }
}
