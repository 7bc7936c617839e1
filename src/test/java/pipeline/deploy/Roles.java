package pipeline.deploy;

import java.util.Map;
import java.util.TreeMap;

/** Who may do what by the stack, as tests have it. */
public final class Roles {
    /** The least that the stack asks for; the bucket is that of {@code config/application.properties}. */
    static final Map<String, String> PARAMETERS =
            Map.of("BucketName", "camel-data-pipeline", "AlertEmail", "a@example.org", "Image", "pipeline");

    private static final Template.Stack STACK = Template.read(Template.PIPELINE).with(PARAMETERS);

    /** As whom tasks work: {@code run} and {@code once}. */
    public static final Policy TASK = STACK.policy("TaskPolicy");

    /** What people have who drop files and decide about failures; a process that serves the page has it as well. */
    public static final Policy OPERATOR = STACK.policy("OperatorPolicy");

    /** The topic by its ARN, as the stack tells it to tasks: by its name alone all topics would have to be listed. */
    public static final String TOPIC = STACK.outputs().path("TopicArn").asText();

    private Roles() {}

    /** The environment of a task's container. */
    public static Map<String, String> taskEnvironment() {
        Map<String, String> environment = new TreeMap<>();
        STACK.properties("Task")
                .at("/ContainerDefinitions/0/Environment")
                .forEach(variable -> environment.put(
                        variable.path("Name").asText(), variable.path("Value").asText()));
        return environment;
    }
}
