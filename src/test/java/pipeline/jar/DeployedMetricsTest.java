package pipeline.jar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * Every metric, label and dimension that a dashboard or an alarm names exists. The table of metrics in the documentation is
 * held against a running process by {@link PackagedJarIT}, that of CloudWatch's lines against the code.
 */
class DeployedMetricsTest {
    private static final Path OPERATIONS = Path.of("docs", "operations.md");
    private static final Path GRAFANA = Path.of("deploy", "dashboards", "grafana.json");
    private static final Path CLOUDWATCH = Path.of("deploy", "dashboards", "cloudwatch.json");
    private static final Path CLOUDWATCH_ALARMS = Path.of("deploy", "alarms", "cloudwatch.yaml");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What Prometheus adds to each sample, and to the buckets of a histogram. */
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance", "le");

    /** Not the pipeline's: Prometheus's own "up", and those of Micrometer's JvmMemoryMetrics. */
    private static final Map<String, Set<String>> OF_OTHERS = Map.of(
            "up", Set.of(),
            "jvm_memory_used_bytes", Set.of("area", "id"),
            "jvm_memory_max_bytes", Set.of("area", "id"));

    /**
     * AWS's own, with their dimension: "Available CloudWatch metrics for Amazon SQS" (SQS developer guide), "DynamoDB metrics
     * and dimensions" (DynamoDB developer guide). WriteThrottleEvents counts by table, ThrottledRequests by operation too.
     */
    private static final Map<String, Map<String, String>> OF_AWS = Map.of(
            "AWS/SQS",
            Map.of(
                    "ApproximateAgeOfOldestMessage", "QueueName",
                    "ApproximateNumberOfMessagesDelayed", "QueueName",
                    "ApproximateNumberOfMessagesNotVisible", "QueueName",
                    "ApproximateNumberOfMessagesVisible", "QueueName",
                    "NumberOfMessagesDeleted", "QueueName",
                    "NumberOfMessagesReceived", "QueueName",
                    "NumberOfMessagesSent", "QueueName"),
            "AWS/DynamoDB",
            Map.of(
                    "ConsumedReadCapacityUnits", "TableName",
                    "ConsumedWriteCapacityUnits", "TableName",
                    "ReadThrottleEvents", "TableName",
                    "WriteThrottleEvents", "TableName"));

    private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");
    private static final Pattern SELECTOR =
            Pattern.compile("\\b([a-z]+(?:_[a-z0-9]+)+|up)\\b(?!\\s*\\()(\\{[^}]*\\})?");
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on|without|ignoring)\\s*\\(([^)]*)\\)");

    private static Map<String, Set<String>> known() throws IOException {
        Map<String, Set<String>> known = new HashMap<>(OF_OTHERS);
        for (Metric metric : Metric.documented(OPERATIONS)) {
            known.put(metric.name(), metric.tags());
            if (metric.type().equals("histogram")) {
                List.of("_bucket", "_count", "_sum").forEach(end -> known.put(metric.name() + end, metric.tags()));
            }
        }
        return known;
    }

    /** What an expression asks for that there is not. */
    private static List<String> unknown(String expression, Map<String, Set<String>> known) {
        List<String> unknown = new ArrayList<>();
        Set<String> tags = new HashSet<>(OF_PROMETHEUS);
        String names = STRING.matcher(expression).replaceAll("\"\"");
        for (MatchResult selector : SELECTOR.matcher(names).results().toList()) {
            Set<String> of = known.get(selector.group(1));
            if (of == null) {
                unknown.add(selector.group(1));
                continue;
            }
            tags.addAll(of);
            if (selector.group(2) != null) {
                LABEL.matcher(selector.group(2))
                        .results()
                        .map(label -> label.group(1))
                        .filter(label -> !of.contains(label) && !OF_PROMETHEUS.contains(label))
                        .forEach(label -> unknown.add(selector.group(1) + " with " + label));
            }
        }
        GROUPING.matcher(names)
                .results()
                .flatMap(grouping -> List.of(grouping.group(1).split("\\s*,\\s*")).stream())
                .filter(label -> !tags.contains(label))
                .forEach(label -> unknown.add("grouping by " + label));
        return unknown;
    }

    @Test
    void whatIsNotThereIsFound() throws IOException {
        Map<String, Set<String>> known = known();
        assertEquals(
                List.of("pipeline_file_total"), unknown("sum(rate(pipeline_file_total{job=\"a\"}[5m])) > 1", known));
        assertEquals(List.of("pipeline_outage with status"), unknown("max(pipeline_outage{status=\"on\"}) > 0", known));
        assertEquals(
                List.of("grouping by state"), unknown("sum by (state) (pipeline_open_files{status=\"x\"})", known));
        assertEquals(List.of("pipeline_batches_total_bucket"), unknown("pipeline_batches_total_bucket", known));
    }

    @Test
    void alarmsOfPrometheus() throws IOException {
        for (AlarmRules.Rule rule : AlarmRules.all()) {
            assertEquals(List.of(), unknown(rule.expression(), known()), rule.alert());
        }
    }

    @Test
    void theAlarmsThatTheTableNamesAreThoseThatUseTheMetric() throws IOException {
        Map<String, Set<String>> documented = new HashMap<>();
        Pattern.compile("(?m)^\\| `(pipeline_\\w+)` \\|.*\\|([^|]*)\\|$")
                .matcher(Files.readString(OPERATIONS))
                .results()
                .forEach(row -> documented.put(
                        row.group(1),
                        Pattern.compile("\\w+")
                                .matcher(row.group(2))
                                .results()
                                .map(alarm -> "Pipeline" + alarm.group())
                                .collect(Collectors.toCollection(TreeSet::new))));
        Map<String, Set<String>> used = new HashMap<>();
        documented.keySet().forEach(metric -> used.put(metric, new TreeSet<>()));
        for (AlarmRules.Rule rule : AlarmRules.all()) {
            SELECTOR.matcher(rule.expression())
                    .results()
                    .map(selector -> selector.group(1))
                    .filter(documented::containsKey)
                    .forEach(metric -> used.get(metric).add(rule.alert()));
        }
        // To be in no outage is part of these alarms, and not what they are about.
        used.get("pipeline_outage").removeAll(Set.of("PipelineStandsStill", "PipelineFiguresMissing"));
        assertEquals(documented, used);
    }

    @Test
    void grafana() throws IOException {
        JsonNode dashboard = JSON.readTree(GRAFANA.toFile());
        Map<String, Set<String>> known = known();
        Set<String> ids = new HashSet<>();
        Set<String> shown = new TreeSet<>();
        for (JsonNode panel : dashboard.path("panels")) {
            String title = panel.path("title").asText();
            assertTrue(ids.add(panel.path("id").asText()), () -> "two panels with the id of " + title);
            assertTrue(panel.path("targets").size() > 0, title);
            assertFalse(panel.path("description").asText().isBlank(), title);
            for (JsonNode target : panel.path("targets")) {
                String expression = target.path("expr").asText();
                assertEquals(List.of(), unknown(expression, known), title);
                assertEquals(
                        "${datasource}", target.path("datasource").path("uid").asText(), title);
                SELECTOR.matcher(expression).results().forEach(selector -> shown.add(selector.group(1)));
            }
        }
        Set<String> unseen = new TreeSet<>();
        for (Metric metric : Metric.documented(OPERATIONS)) {
            if (shown.stream().noneMatch(name -> name.startsWith(metric.name()))) {
                unseen.add(metric.name());
            }
        }
        // Requests, where they are counted, are in what they cost.
        unseen.removeAll(Set.of("pipeline_requests_total", "pipeline_batches_total"));
        assertEquals(Set.of(), unseen, "metrics that no panel shows");
        assertEquals(
                List.of("datasource", "job"),
                StreamSupport.stream(dashboard.path("templating").path("list").spliterator(), false)
                        .map(variable -> variable.path("name").asText())
                        .toList());
    }

    @Test
    void noTwoPanelsOfGrafanaOverlap() throws IOException {
        Set<String> taken = new HashSet<>();
        for (JsonNode panel : JSON.readTree(GRAFANA.toFile()).path("panels")) {
            JsonNode at = panel.path("gridPos");
            assertTrue(at.path("x").asInt() + at.path("w").asInt() <= 24, panel.path("title")::asText);
            for (int x = 0; x < at.path("w").asInt(); x++) {
                for (int y = 0; y < at.path("h").asInt(); y++) {
                    String cell =
                            (at.path("x").asInt() + x) + "," + (at.path("y").asInt() + y);
                    assertTrue(taken.add(cell), panel.path("title")::asText);
                }
            }
        }
    }

    @Test
    void theDashboardOfCloudWatch() throws IOException {
        Set<String> titles = new TreeSet<>();
        for (JsonNode widget : JSON.readTree(CLOUDWATCH.toFile()).path("widgets")) {
            JsonNode properties = widget.path("properties");
            titles.add(properties.path("title").asText());
            Set<String> ids = new HashSet<>();
            List<String> expressions = new ArrayList<>();
            for (JsonNode metric : properties.path("metrics")) {
                JsonNode last = metric.path(metric.size() - 1);
                if (last.isObject()) {
                    ids.add(last.path("id").asText());
                }
                if (metric.path(0).isObject()) {
                    expressions.add(last.path("expression").asText());
                } else {
                    List<String> dimensions = new ArrayList<>();
                    for (int i = 2; i + 1 < metric.size() && metric.path(i).isTextual(); i += 2) {
                        dimensions.add(metric.path(i).asText());
                    }
                    assertIsOfCloudWatch(metric.path(0).asText(), metric.path(1).asText(), dimensions);
                }
            }
            expressions.forEach(expression -> assertUses(ids, expression));
        }
        // The tiles of the system that this one re-creates.
        assertTrue(
                titles.containsAll(List.of(
                        "Files processed",
                        "Success rate",
                        "Total errors",
                        "Average processing time",
                        "Rows stored and rejected",
                        "Consumed write units",
                        "Queue: messages",
                        "Cost")),
                titles::toString);
    }

    @Test
    void theAlarmsOfCloudWatch() throws IOException {
        JsonNode template = new YAMLMapper().readTree(CLOUDWATCH_ALARMS.toFile());
        Set<String> parameters = new TreeSet<>();
        template.path("Parameters").fieldNames().forEachRemaining(parameters::add);
        Set<String> used = template.findValuesAsText("Ref").stream().collect(Collectors.toCollection(TreeSet::new));
        assertEquals(parameters, used, "parameters, and what refers to them");
        Set<String> alarms = new TreeSet<>();
        template.path("Resources").properties().forEach(resource -> {
            alarms.add(resource.getKey());
            JsonNode alarm = resource.getValue().path("Properties");
            assertTrue(alarm.path("AlarmDescription").asText().length() > 80, resource.getKey());
            assertTrue(alarm.path("AlarmDescription").asText().length() <= 1024, resource.getKey());
            assertFalse(alarm.path("TreatMissingData").asText().isEmpty(), resource.getKey());
            Set<String> ids = new HashSet<>();
            List<String> expressions = new ArrayList<>();
            if (alarm.has("MetricName")) {
                assertIsOfCloudWatch(alarm);
            }
            for (JsonNode metric : alarm.path("Metrics")) {
                ids.add(metric.path("Id").asText());
                if (metric.has("Expression")) {
                    expressions.add(metric.path("Expression").asText());
                } else {
                    assertIsOfCloudWatch(metric.path("MetricStat").path("Metric"));
                }
            }
            expressions.forEach(expression -> assertUses(ids, expression));
        });
        assertEquals(
                Set.of(
                        "Absent",
                        "Outage",
                        "StandsStill",
                        "FileUnfinished",
                        "OldestMessage",
                        "DeadLetters",
                        "SuccessRateLow",
                        "Throttled",
                        "CostHigh"),
                alarms);
    }

    private static void assertIsOfCloudWatch(JsonNode metric) {
        List<String> dimensions = metric.path("Dimensions").findValuesAsText("Name");
        try {
            assertIsOfCloudWatch(
                    metric.path("Namespace").asText(), metric.path("MetricName").asText(), dimensions);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void assertIsOfCloudWatch(String namespace, String name, List<String> dimensions)
            throws IOException {
        if (namespace.equals("camel-data-pipeline")) {
            Set<String> ours = Pattern.compile("(?m)^\\| `([A-Z]\\w+)` \\| \\w+ \\|")
                    .matcher(Files.readString(OPERATIONS))
                    .results()
                    .map(row -> row.group(1))
                    .collect(Collectors.toSet());
            assertTrue(ours.contains(name), () -> name + " is none of " + ours);
            assertEquals(List.of("Bucket"), dimensions, name);
            return;
        }
        assertTrue(OF_AWS.containsKey(namespace), namespace);
        assertTrue(OF_AWS.get(namespace).containsKey(name), () -> namespace + " " + name);
        assertEquals(List.of(OF_AWS.get(namespace).get(name)), dimensions, name);
    }

    /** The names in an expression of metric math are ids of the same widget or alarm. */
    private static void assertUses(Set<String> ids, String expression) {
        Pattern.compile("\\b[a-z]\\w*\\b")
                .matcher(expression)
                .results()
                .forEach(name -> assertTrue(ids.contains(name.group()), () -> name.group() + " in " + expression));
    }
}
