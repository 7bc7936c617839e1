package pipeline.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A CloudFormation template, and what it makes of given parameters in account 000000000000 and region us-east-1, that of
 * the stand-ins ("Intrinsic function reference", AWS CloudFormation).
 */
public final class Template {
    /** The one stack. */
    public static final Path PIPELINE = Path.of("deploy", "aws", "pipeline.yaml");

    /** AWS Lambda beside it. */
    public static final Path LAMBDA = Path.of("deploy", "aws", "lambda.yaml");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^!}]+)}");
    private static final String REGION = "us-east-1";
    private static final String ACCOUNT = "000000000000";
    private static final JsonNode NO_VALUE = JsonNodeFactory.instance.missingNode();
    private static final Map<String, String> PSEUDO = Map.of(
            "AWS::Partition", "aws",
            "AWS::Region", REGION,
            "AWS::AccountId", ACCOUNT,
            "AWS::StackName", "pipeline",
            "AWS::NoValue", "");

    private final JsonNode document;

    private Template(JsonNode document) {
        this.document = document;
    }

    /** Reads one, short forms such as {@code !Ref} made long. */
    public static Template read(Path file) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            return new Template(JSON.valueToTree(new Yaml(new LongForms(options)).load(Files.readString(file))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class LongForms extends SafeConstructor {
        LongForms(LoaderOptions options) {
            super(options);
            yamlMultiConstructors.put("!", new AbstractConstruct() {
                @Override
                public Object construct(Node node) {
                    String tag = node.getTag().getValue().substring(1);
                    String name = Set.of("Ref", "Condition").contains(tag) ? tag : "Fn::" + tag;
                    if (node instanceof ScalarNode scalar) {
                        String text = scalar.getValue();
                        return Map.of(name, tag.equals("GetAtt") ? List.of(text.split("\\.", 2)) : text);
                    }
                    return Map.of(
                            name,
                            node instanceof SequenceNode sequence
                                    ? constructSequence(sequence)
                                    : constructMapping((MappingNode) node));
                }
            });
        }
    }

    /** The template as it is written, with long forms. */
    JsonNode document() {
        return document;
    }

    /** Names of a section, such as {@code Parameters}. */
    Set<String> names(String section) {
        Set<String> names = new TreeSet<>();
        document.path(section).fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Everything that is referred to below a node, as {@code Ref X}, {@code GetAtt X} or {@code Condition X}. */
    static Set<String> references(JsonNode below) {
        Set<String> found = new TreeSet<>();
        walk(below, (name, value) -> {
            switch (name) {
                case "Ref", "Condition" -> {
                    if (value.isTextual()) {
                        found.add(name + " " + value.asText());
                    }
                }
                case "Fn::GetAtt" -> found.add("GetAtt " + value.path(0).asText());
                case "Fn::If" -> found.add("Condition " + value.path(0).asText());
                case "DependsOn" ->
                    (value.isArray() ? value : List.of(value)).forEach(one -> found.add("GetAtt " + one.asText()));
                case "Fn::Sub" ->
                    PLACEHOLDER
                            .matcher(value.asText())
                            .results()
                            .map(match -> match.group(1))
                            .map(text -> text.contains(".") ? "GetAtt " + text.split("\\.")[0] : "Ref " + text)
                            .forEach(found::add);
                default -> {}
            }
        });
        return found;
    }

    private static void walk(JsonNode node, BiConsumer<String, JsonNode> visitor) {
        node.properties().forEach(property -> visitor.accept(property.getKey(), property.getValue()));
        node.forEach(child -> walk(child, visitor));
    }

    /** The stack that parameters make; those that have a default may be left out. */
    public Stack with(Map<String, String> parameters) {
        return new Stack(parameters);
    }

    /** What the template makes of some parameters. */
    public final class Stack {
        private final Map<String, JsonNode> parameters = new TreeMap<>();

        private Stack(Map<String, String> given) {
            document.path("Parameters").properties().forEach(declared -> {
                JsonNode fallback = declared.getValue().path("Default");
                String name = declared.getKey();
                if (!given.containsKey(name) && fallback.isMissingNode()) {
                    throw new IllegalArgumentException(name + ": found no value, expected one");
                }
                String text = given.getOrDefault(name, fallback.asText());
                parameters.put(
                        name,
                        declared.getValue().path("Type").asText().equals("CommaDelimitedList")
                                ? JSON.valueToTree(text.split(","))
                                : text(text));
            });
        }

        /** The resources that there are, by name, all functions worked out. */
        Map<String, JsonNode> resources() {
            Map<String, JsonNode> all = new TreeMap<>();
            names("Resources").stream().filter(this::exists).forEach(name -> all.put(name, resource(name)));
            return all;
        }

        /** A resource's properties, all functions worked out. */
        JsonNode properties(String resource) {
            if (!exists(resource)) {
                throw new IllegalArgumentException(resource + " is not in this stack");
            }
            return resource(resource).path("Properties");
        }

        /** The outputs that there are. */
        JsonNode outputs() {
            ObjectNode all = JSON.createObjectNode();
            document.path("Outputs").properties().forEach(output -> {
                if (!output.getValue().has("Condition")
                        || holds(output.getValue().path("Condition").asText())) {
                    all.set(output.getKey(), value(output.getValue().path("Value")));
                }
            });
            return all;
        }

        /** Resources of a type, by name. */
        Map<String, JsonNode> ofType(String type) {
            Map<String, JsonNode> some = resources();
            some.values().removeIf(one -> !one.path("Type").asText().equals(type));
            return some;
        }

        /** Statements of a role's policies, or of a managed policy. */
        public Policy policy(String resource) {
            JsonNode properties = properties(resource);
            List<JsonNode> statements = new ArrayList<>();
            properties
                    .path("Policies")
                    .forEach(one -> one.path("PolicyDocument").path("Statement").forEach(statements::add));
            properties.path("PolicyDocument").path("Statement").forEach(statements::add);
            return Policy.of(statements);
        }

        private JsonNode resource(String name) {
            ObjectNode written = document.path("Resources").path(name).deepCopy();
            written.remove("Condition");
            return value(written);
        }

        private boolean exists(String resource) {
            JsonNode written = document.path("Resources").path(resource);
            return !written.isMissingNode()
                    && (!written.has("Condition")
                            || holds(written.path("Condition").asText()));
        }

        private boolean holds(String condition) {
            JsonNode written = document.path("Conditions").path(condition);
            if (written.isMissingNode()) {
                throw new IllegalArgumentException("there is no condition " + condition);
            }
            return truth(written);
        }

        private boolean truth(JsonNode condition) {
            Map.Entry<String, JsonNode> function = only(condition);
            JsonNode arguments = function.getValue();
            return switch (function.getKey()) {
                case "Condition" -> holds(arguments.asText());
                case "Fn::Not" -> !truth(arguments.path(0));
                case "Fn::And" -> all(arguments).stream().allMatch(this::truth);
                case "Fn::Or" -> all(arguments).stream().anyMatch(this::truth);
                case "Fn::Equals" ->
                    value(arguments.path(0))
                            .asText()
                            .equals(value(arguments.path(1)).asText());
                default -> throw new IllegalArgumentException("unknown condition " + condition);
            };
        }

        private JsonNode value(JsonNode node) {
            if (node.isArray()) {
                ArrayNode copy = JSON.createArrayNode();
                all(node).stream()
                        .map(this::value)
                        .filter(one -> !one.isMissingNode())
                        .forEach(copy::add);
                return copy;
            }
            if (!node.isObject()) {
                return node;
            }
            if (node.size() == 1) {
                Map.Entry<String, JsonNode> one = only(node);
                JsonNode arguments = one.getValue();
                switch (one.getKey()) {
                    case "Ref":
                        return ref(arguments.asText());
                    case "Fn::GetAtt":
                        return text(attribute(
                                arguments.path(0).asText(), arguments.path(1).asText()));
                    case "Fn::Sub":
                        return text(sub(arguments.asText()));
                    case "Fn::If":
                        return value(arguments.path(holds(arguments.path(0).asText()) ? 1 : 2));
                    case "Fn::GetAZs":
                        return JSON.valueToTree(List.of(REGION + "a", REGION + "b"));
                    case "Fn::Select":
                        return value(arguments.path(1)).path(arguments.path(0).asInt());
                    default:
                        if (one.getKey().startsWith("Fn::")) {
                            throw new IllegalArgumentException("unknown function " + one.getKey());
                        }
                }
            }
            ObjectNode copy = JSON.createObjectNode();
            node.properties().forEach(property -> {
                JsonNode value = value(property.getValue());
                if (!value.isMissingNode()) {
                    copy.set(property.getKey(), value);
                }
            });
            return copy;
        }

        private JsonNode ref(String name) {
            if (name.equals("AWS::NoValue")) {
                return NO_VALUE;
            }
            if (PSEUDO.containsKey(name)) {
                return text(PSEUDO.get(name));
            }
            if (parameters.containsKey(name)) {
                return parameters.get(name);
            }
            String type = type(name);
            return text(
                    switch (type) {
                        case "AWS::SNS::Topic", "AWS::ECS::TaskDefinition", "AWS::IAM::ManagedPolicy" -> arn(name);
                        case "AWS::S3::Bucket" -> property(name, "BucketName");
                        case "AWS::DynamoDB::Table" -> property(name, "TableName");
                        case "AWS::SQS::Queue" ->
                            "https://sqs.%s.amazonaws.com/%s/%s"
                                    .formatted(REGION, ACCOUNT, property(name, "QueueName"));
                        default -> name;
                    });
        }

        private String attribute(String name, String attribute) {
            String type = type(name);
            return switch (type + " " + attribute) {
                case "AWS::SQS::Queue QueueName" -> property(name, "QueueName");
                case "AWS::ECS::Service Name" -> name;
                default -> {
                    if (!attribute.equals("Arn")) {
                        throw new IllegalArgumentException(name + ": unknown attribute " + attribute);
                    }
                    yield arn(name);
                }
            };
        }

        /** "Actions, resources, and condition keys for AWS services" (Service Authorization Reference), by service. */
        private String arn(String name) {
            return switch (type(name)) {
                case "AWS::S3::Bucket" -> "arn:aws:s3:::" + property(name, "BucketName");
                case "AWS::DynamoDB::Table" -> arn("dynamodb", "table/" + property(name, "TableName"));
                case "AWS::SQS::Queue" -> arn("sqs", property(name, "QueueName"));
                case "AWS::SNS::Topic" -> arn("sns", property(name, "TopicName"));
                default -> arn("other", name);
            };
        }

        private String arn(String service, String resource) {
            return "arn:aws:%s:%s:%s:%s".formatted(service, REGION, ACCOUNT, resource);
        }

        private String property(String resource, String property) {
            return value(document.path("Resources")
                            .path(resource)
                            .path("Properties")
                            .path(property))
                    .asText();
        }

        private String type(String resource) {
            if (!exists(resource)) {
                throw new IllegalArgumentException("there is no " + resource);
            }
            return document.path("Resources").path(resource).path("Type").asText();
        }

        private String sub(String text) {
            Function<MatchResult, String> replacement = match -> {
                String[] parts = match.group(1).split("\\.", 2);
                return Matcher.quoteReplacement(
                        parts.length == 2
                                ? attribute(parts[0], parts[1])
                                : ref(parts[0]).asText());
            };
            return PLACEHOLDER.matcher(text).replaceAll(replacement);
        }
    }

    private static Map.Entry<String, JsonNode> only(JsonNode object) {
        if (object.size() != 1) {
            throw new IllegalArgumentException("expected one function in " + object);
        }
        return object.properties().iterator().next();
    }

    private static List<JsonNode> all(JsonNode array) {
        List<JsonNode> all = new ArrayList<>();
        array.forEach(all::add);
        return all;
    }

    private static JsonNode text(String text) {
        return JsonNodeFactory.instance.textNode(text);
    }
}
