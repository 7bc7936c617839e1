package pipeline.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import pipeline.settings.Settings;

/** The function of AWS Lambda is what the zip holds, may do what a task may, and fits the stack that it stands beside. */
class LambdaTemplateTest {
    private static final Template.Stack PIPELINE =
            Template.read(Template.PIPELINE).with(Roles.PARAMETERS);
    private static final Template TEMPLATE = Template.read(Template.LAMBDA);

    /** As the outputs of the stack are. */
    private static final String POLICY =
            PIPELINE.outputs().path("TaskPolicyArn").asText();

    private static final Map<String, String> PARAMETERS = Map.of(
            "BucketName",
            "camel-data-pipeline",
            "TopicArn",
            Roles.TOPIC,
            "LogGroupName",
            "/ecs/pipeline",
            "TaskPolicyArn",
            POLICY);

    private static final Template.Stack STACK = TEMPLATE.with(PARAMETERS);
    private static final JsonNode FUNCTION = STACK.properties("Function");

    @Test
    void itMayWhatTasksMayAndWriteItsLog() {
        assertEquals(
                List.of(POLICY),
                new ObjectMapper().convertValue(STACK.properties("Role").path("ManagedPolicyArns"), List.class));
        String log = "arn:aws:logs:us-east-1:000000000000:log-group:/ecs/pipeline:*";
        assertEquals(
                Set.of(new Policy.Grant("logs:CreateLogStream", log), new Policy.Grant("logs:PutLogEvents", log)),
                Set.copyOf(STACK.policy("Role").grants()));
        assertEquals(
                PARAMETERS.get("LogGroupName"),
                FUNCTION.at("/LoggingConfig/LogGroup").asText());
    }

    @Test
    void whatItAsksForAreOutputsOfTheStack() {
        Set<String> asked = new TreeSet<>();
        TEMPLATE.document().path("Parameters").properties().stream()
                .filter(one -> one.getValue().path("Type").asText().equals("String"))
                .forEach(one -> asked.add(one.getKey()));
        Set<String> outputs = Template.read(Template.PIPELINE).names("Outputs");
        assertTrue(outputs.containsAll(asked), () -> asked + " of " + outputs);
        assertEquals(
                PIPELINE.outputs().path("TopicArn").asText(),
                FUNCTION.at("/Environment/Variables/PIPELINE_ALERT_TOPIC").asText());
    }

    @Test
    void itRunsTheHandlerOfTheZipWithSettingsThatThereAre() throws Exception {
        assertTrue(RequestStreamHandler.class.isAssignableFrom(
                Class.forName(FUNCTION.path("Handler").asText())));
        Path zip = Template.LAMBDA
                .resolveSibling(FUNCTION.path("CodeUri").asText())
                .normalize();
        assertEquals(Path.of("target", "camel-data-pipeline-lambda.zip"), zip);
        assertTrue(Files.readString(Path.of("src", "assembly", "lambda.xml")).contains("<id>lambda</id>"));
        Map<String, String> environment = new TreeMap<>();
        FUNCTION.at("/Environment/Variables").properties().stream()
                .filter(one -> one.getKey().startsWith("PIPELINE_"))
                .forEach(one -> environment.put(one.getKey(), one.getValue().asText()));
        Settings settings = Settings.load(Settings.FILE, environment);
        assertEquals(List.of(), settings.warnings());
        assertTrue(settings.toCloudWatch());
        assertEquals(
                settings.filesAtOnce(),
                FUNCTION.at("/Events/Messages/Properties/BatchSize").asInt());
        assertTrue(Duration.ofSeconds(FUNCTION.path("Timeout").asInt())
                        .compareTo(Duration.ofSeconds(2L * settings.leaseSeconds()))
                > 0);
    }

    /** SnapStart is of published versions, and the event source takes no queue that shows messages again too early. */
    @Test
    void itsEventSourceIsTheQueueWithPartialBatchResponses() {
        JsonNode messages = FUNCTION.at("/Events/Messages/Properties");
        assertEquals(
                "arn:aws:sqs:us-east-1:000000000000:"
                        + PIPELINE.properties("Queue").path("QueueName").asText(),
                messages.path("Queue").asText());
        List<String> answers = new ArrayList<>();
        messages.path("FunctionResponseTypes").forEach(one -> answers.add(one.asText()));
        assertEquals(List.of("ReportBatchItemFailures"), answers);
        assertTrue(FUNCTION.path("Timeout").asInt()
                <= PIPELINE.properties("Queue").path("VisibilityTimeout").asInt());
        assertEquals("PublishedVersions", FUNCTION.at("/SnapStart/ApplyOn").asText());
        assertEquals("live", FUNCTION.path("AutoPublishAlias").asText());
    }

    @Test
    void itsScheduleAsksForASweep() throws IOException {
        JsonNode input = new ObjectMapper()
                .readTree(FUNCTION.at("/Events/Sweep/Properties/Input").asText());
        assertTrue(input.path("sweep").asBoolean());
    }
}
