package pipeline.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pipeline.Main;
import pipeline.aws.Provisioning;
import pipeline.dataset.Datasets;
import pipeline.run.Pipeline;
import pipeline.settings.Settings;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.Projection;

/**
 * The stack and that of AWS Lambda beside it hold together, and the first makes what the program looks for. Names and types of every property are checked by cfn-lint,
 * where that is installed; without it they are not checked.
 */
class PipelineTemplateTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Template TEMPLATE = Template.read(Template.PIPELINE);
    private static final Template.Stack STACK = TEMPLATE.with(Roles.PARAMETERS);
    private static final Settings DEFAULTS = Settings.load(Settings.FILE, Map.of());

    /** Each choice that makes other resources, as its parameter and a value of it. */
    private static final List<Map.Entry<String, String>> CHOICES = List.of(
            Map.entry("VpcId", "vpc-0123"),
            Map.entry("VpcEndpoints", "true"),
            Map.entry("CustomerKey", "true"),
            Map.entry("MinTasks", "1"),
            Map.entry("MaxTasks", "0"),
            Map.entry("Spot", "true"),
            Map.entry("ArchiveDays", "365"),
            Map.entry("MonthlyBudget", "0"));

    @ParameterizedTest
    @ValueSource(strings = {"pipeline", "lambda"})
    void everythingThatItNamesIsThereAndNothingIsUnused(String stack) {
        Template template = Template.read(Path.of("deploy", "aws", stack + ".yaml"));
        Set<String> referred = Template.references(template.document());
        Set<String> nameless = new TreeSet<>();
        for (String reference : referred) {
            String[] kindAndName = reference.split(" ");
            boolean there =
                    switch (kindAndName[0]) {
                        case "Ref" ->
                            kindAndName[1].startsWith("AWS::")
                                    || template.names("Parameters").contains(kindAndName[1])
                                    || template.names("Resources").contains(kindAndName[1]);
                        case "GetAtt" -> template.names("Resources").contains(kindAndName[1]);
                        default -> template.names("Conditions").contains(kindAndName[1]);
                    };
            if (!there) {
                nameless.add(reference);
            }
        }
        assertEquals(Set.of(), nameless);
        Set<String> unused = new TreeSet<>();
        template.names("Parameters").stream()
                .filter(name -> !referred.contains("Ref " + name))
                .forEach(unused::add);
        template.names("Conditions").stream()
                .filter(name -> !referred.contains("Condition " + name))
                .forEach(unused::add);
        assertEquals(Set.of(), unused);
    }

    /** A reference to what is not in a stack throws. */
    @Test
    void eachOfItsChoicesGoesWithEachOther() {
        for (int chosen = 0; chosen < 1 << CHOICES.size(); chosen++) {
            Map<String, String> parameters = new HashMap<>(Roles.PARAMETERS);
            for (int i = 0; i < CHOICES.size(); i++) {
                if ((chosen >> i & 1) == 1) {
                    parameters.put(CHOICES.get(i).getKey(), CHOICES.get(i).getValue());
                }
            }
            Template.Stack stack = TEMPLATE.with(parameters);
            Map<String, JsonNode> resources = stack.resources();
            assertEquals(Set.of(), orphans(resources), parameters::toString);
            assertTrue(stack.outputs().size() >= 11, parameters::toString);
        }
    }

    private static Set<String> orphans(Map<String, JsonNode> resources) {
        Set<String> orphans = new TreeSet<>();
        resources.forEach((name, resource) -> {
            JsonNode dependsOn = resource.path("DependsOn");
            if (dependsOn.isTextual() && !resources.containsKey(dependsOn.asText())) {
                orphans.add(name);
            }
        });
        return orphans;
    }

    /** "CloudFormation quotas": a template that is not uploaded to S3 first. */
    @Test
    void itIsDeployedWithoutABucketForIt() throws IOException {
        assertTrue(
                Files.size(Template.PIPELINE) <= 51_200,
                () -> "found " + Template.PIPELINE.toFile().length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipeline", "lambda"})
    void cfnLintFindsNothing(String name) throws Exception {
        List<String> command = List.of(
                "cfn-lint",
                "--regions",
                "us-east-1",
                "eu-west-1",
                // That an empty list of subnets is none is known; it is not used with a network of the stack's own.
                "--ignore-checks",
                "W1030",
                "--template",
                Path.of("deploy", "aws", name + ".yaml").toString());
        assertEquals("", said(command));
    }

    private static String said(List<String> command) throws Exception {
        Path said = Files.createTempFile(Files.createDirectories(Path.of("target")), "said", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            int status = process.waitFor();
            // What pyenv leaves where the version that has it is not chosen.
            assumeTrue(status != 127, "not checked: cfn-lint is not installed");
            return Files.readString(said, StandardCharsets.UTF_8);
        } catch (IOException e) {
            assumeTrue(false, "not checked: cfn-lint is not installed");
            throw e;
        } finally {
            Files.delete(said);
        }
    }

    @Test
    void itsTablesAreThoseThatProvisionMakes() {
        Map<String, String> made = new TreeMap<>();
        Stream.concat(
                        Stream.of(Provisioning.ledgerTable(DEFAULTS.ledgerTable())),
                        Datasets.load(Pipeline.DATASETS).all().stream().map(Provisioning::tableOf))
                .forEach(table -> made.put(table.tableName(), shape(table)));
        Map<String, String> inStack = new TreeMap<>();
        STACK.ofType("AWS::DynamoDB::Table").values().forEach(table -> {
            JsonNode properties = table.path("Properties");
            inStack.put(properties.path("TableName").asText(), shape(properties));
        });
        assertEquals(made, inStack);
    }

    private static String shape(CreateTableRequest table) {
        TreeSet<String> parts = new TreeSet<>();
        parts.add("billing " + table.billingModeAsString());
        parts.add("key " + key(table.keySchema()));
        table.attributeDefinitions()
                .forEach(one -> parts.add("attribute " + one.attributeName() + " " + one.attributeTypeAsString()));
        if (table.hasGlobalSecondaryIndexes()) {
            table.globalSecondaryIndexes().forEach(index -> {
                Projection projection = index.projection();
                parts.add("index %s %s %s %s"
                        .formatted(
                                index.indexName(),
                                key(index.keySchema()),
                                projection.projectionTypeAsString(),
                                new TreeSet<>(projection.nonKeyAttributes())));
            });
        }
        return String.join("\n", parts);
    }

    private static String key(List<KeySchemaElement> schema) {
        return schema.stream()
                .map(element -> element.attributeName() + " " + element.keyTypeAsString())
                .toList()
                .toString();
    }

    private static String shape(JsonNode table) {
        TreeSet<String> parts = new TreeSet<>();
        parts.add("billing " + table.path("BillingMode").asText());
        parts.add("key " + key(table.path("KeySchema")));
        table.path("AttributeDefinitions")
                .forEach(one ->
                        parts.add("attribute " + one.path("AttributeName").asText() + " "
                                + one.path("AttributeType").asText()));
        table.path("GlobalSecondaryIndexes").forEach(index -> {
            TreeSet<String> shown = new TreeSet<>();
            index.at("/Projection/NonKeyAttributes").forEach(one -> shown.add(one.asText()));
            parts.add("index %s %s %s %s"
                    .formatted(
                            index.path("IndexName").asText(),
                            key(index.path("KeySchema")),
                            index.at("/Projection/ProjectionType").asText(),
                            shown));
        });
        return String.join("\n", parts);
    }

    private static String key(JsonNode schema) {
        List<String> key = new ArrayList<>();
        schema.forEach(element -> key.add(element.path("AttributeName").asText() + " "
                + element.path("KeyType").asText()));
        return key.toString();
    }

    @Test
    void whatHoldsDataStaysWhenTheStackGoesAndGoesWhenItCouldNotBeMade() {
        for (String name : List.of("Bucket", "Ledger", "Orders", "Sales", "Sensors")) {
            assertEquals(
                    "RetainExceptOnCreate",
                    STACK.resources().get(name).path("DeletionPolicy").asText(),
                    name);
            assertEquals(
                    "Retain",
                    STACK.resources().get(name).path("UpdateReplacePolicy").asText(),
                    name);
        }
        STACK.ofType("AWS::DynamoDB::Table").forEach((name, table) -> {
            assertTrue(
                    table.at("/Properties/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled")
                            .asBoolean(),
                    name);
        });
    }

    @Test
    void queuesAndTopicHaveTheNamesThatThePipelineLooksFor() {
        JsonNode queue = STACK.properties("Queue");
        assertEquals(DEFAULTS.queue(), queue.path("QueueName").asText());
        assertEquals(
                Provisioning.MAX_RECEIVE_COUNT,
                queue.at("/RedrivePolicy/maxReceiveCount").asInt());
        assertEquals(
                "arn:aws:sqs:us-east-1:000000000000:" + DEFAULTS.deadLetterQueue(),
                queue.at("/RedrivePolicy/deadLetterTargetArn").asText());
        assertEquals(
                List.of("arn:aws:sqs:us-east-1:000000000000:" + DEFAULTS.queue()),
                JSON.convertValue(
                        STACK.properties("DeadLetterQueue").at("/RedriveAllowPolicy/sourceQueueArns"), List.class));
        assertEquals(
                DEFAULTS.alertTopic(),
                STACK.properties("Topic").path("TopicName").asText());
        assertEquals(
                "raw-data/",
                STACK.properties("Bucket")
                        .at("/NotificationConfiguration/QueueConfigurations/0/Filter/S3Key/Rules/0/Value")
                        .asText());
    }

    @Test
    void itsTasksAreGivenSettingsAndVerbsThatThereAre() throws IOException {
        Map<String, String> environment = new TreeMap<>();
        STACK.properties("Task")
                .at("/ContainerDefinitions/0/Environment")
                .forEach(one -> environment.put(
                        one.path("Name").asText(), one.path("Value").asText()));
        environment.remove("JDK_JAVA_OPTIONS");
        Settings settings = Settings.load(Settings.FILE, environment);
        Set<String> unknown = new TreeSet<>();
        environment.forEach((name, value) -> {
            String key = "pipeline."
                    + name.substring("PIPELINE_".length()).toLowerCase().replace('_', '-');
            if (!value.equals(settings.asProperties().getProperty(key))) {
                unknown.add(name);
            }
        });
        assertEquals(Set.of(), unknown);
        JsonNode overrides =
                JSON.readTree(STACK.properties("Hourly").at("/Target/Input").asText());
        assertEquals("pipeline", overrides.at("/containerOverrides/0/name").asText());
        assertTrue(Main.commandLine()
                .getSubcommands()
                .containsKey(overrides.at("/containerOverrides/0/command/0").asText()));
    }

    @Test
    void itsKeyOpensNothingElse() {
        Map<String, String> parameters = new HashMap<>(Roles.PARAMETERS);
        parameters.put("CustomerKey", "true");
        Template.Stack encrypted = TEMPLATE.with(parameters);
        for (String role : List.of("TaskPolicy", "OperatorPolicy")) {
            List<Policy.Grant> more = new ArrayList<>(encrypted.policy(role).grants());
            more.removeAll(STACK.policy(role).grants());
            String key = "arn:aws:other:us-east-1:000000000000:Key";
            assertEquals(
                    List.of(new Policy.Grant("kms:GenerateDataKey", key), new Policy.Grant("kms:Decrypt", key)),
                    more,
                    role);
        }
    }

    @Test
    void itsAlarmsAreThoseForEverybody() throws IOException {
        JsonNode everybodys = new YAMLMapper()
                .readTree(Path.of("deploy", "alarms", "cloudwatch.yaml").toFile());
        Template alarms = Template.read(Path.of("deploy", "alarms", "cloudwatch.yaml"));
        Map<String, String> parameters = new HashMap<>();
        TEMPLATE.document().path("Parameters").properties().stream()
                .filter(one -> everybodys.path("Parameters").has(one.getKey()))
                .filter(one -> one.getValue().has("Default"))
                .forEach(one -> parameters.put(
                        one.getKey(), one.getValue().path("Default").asText()));
        parameters.put("BucketName", Roles.PARAMETERS.get("BucketName"));
        parameters.put("TopicArn", Roles.TOPIC);
        Map<String, String> always = new HashMap<>(Roles.PARAMETERS);
        always.put("MinTasks", "1");
        Map<String, JsonNode> inStack = TEMPLATE.with(always).ofType("AWS::CloudWatch::Alarm");
        // Those two start and stop tasks.
        inStack.keySet().removeAll(Set.of("Backlog", "Idle"));

        assertEquals(alarms.with(parameters).resources(), inStack);
        assertTrue(!STACK.resources().containsKey("Absent"), "no task is no fault where none need run");
    }

    @Test
    void itsDashboardIsThatForEverybody() throws IOException {
        String everybodys = Files.readString(Path.of("deploy", "dashboards", "cloudwatch.json"))
                .replace("\"BUCKET\"", "\"camel-data-pipeline\"")
                .replace("\"REGION\"", "\"us-east-1\"");
        assertEquals(
                JSON.readTree(everybodys),
                JSON.readTree(
                        STACK.properties("Dashboard").path("DashboardBody").asText()),
                "write it anew: jq -c . deploy/dashboards/cloudwatch.json, with ${BucketName} and ${AWS::Region}");
    }
}
