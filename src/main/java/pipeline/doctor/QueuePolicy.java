package pipeline.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Who may send to a queue, by the policy that it bears ("Granting permissions to publish event notification messages to a
 * destination", Amazon S3 User Guide). Looks at what is allowed; not at denials, nor at conditions other than the source.
 */
final class QueuePolicy {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode policy;

    QueuePolicy(String text) {
        this.policy = read(text);
    }

    private static ObjectNode read(String text) {
        try {
            if (!text.isBlank() && JSON.readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            // SQS would not have taken it; then there is nothing to keep of it
        }
        return JSON.createObjectNode().put("Version", "2012-10-17");
    }

    /** Whether a service may send what the source causes. */
    boolean lets(String service, String sourceArn) {
        return all(policy.path("Statement"))
                .anyMatch(statement -> statement.path("Effect").asText().equals("Allow")
                        && all(statement.path("Action")).anyMatch(action -> matches(action.asText(), "sqs:SendMessage"))
                        && principal(statement.path("Principal"), service)
                        && source(statement.path("Condition"), sourceArn));
    }

    private static boolean principal(JsonNode principal, String service) {
        return principal.asText().equals("*")
                || all(principal.path("AWS")).anyMatch(any -> any.asText().equals("*"))
                || all(principal.path("Service")).anyMatch(one -> one.asText().equals(service));
    }

    private static boolean source(JsonNode condition, String arn) {
        for (JsonNode operator : condition) {
            for (Map.Entry<String, JsonNode> key : operator.properties()) {
                if (key.getKey().equalsIgnoreCase("aws:SourceArn")
                        && all(key.getValue()).noneMatch(pattern -> matches(pattern.asText(), arn))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Patterns as in every policy: * is any text, ? any character; actions have no case. */
    private static boolean matches(String pattern, String text) {
        String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE).matcher(text).matches();
    }

    private static Stream<JsonNode> all(JsonNode oneOrMany) {
        if (oneOrMany.isArray()) {
            return StreamSupport.stream(oneOrMany.spliterator(), false);
        }
        return oneOrMany.isMissingNode() ? Stream.empty() : Stream.of(oneOrMany);
    }

    /** The policy with one statement more: what it allows now stays allowed. */
    String with(String service, String queueArn, String sourceArn) {
        ObjectNode more = policy.deepCopy();
        ArrayNode statements = JSON.createArrayNode();
        all(policy.path("Statement")).forEach(statements::add);
        statements.add(JSON.valueToTree(Mend.map(
                "Effect",
                "Allow",
                "Principal",
                Mend.map("Service", service),
                "Action",
                "sqs:SendMessage",
                "Resource",
                queueArn,
                "Condition",
                Mend.map("ArnEquals", Mend.map("aws:SourceArn", sourceArn)))));
        more.set("Statement", statements);
        return more.toString();
    }
}
