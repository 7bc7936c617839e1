package pipeline.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps the attributes of a queue that the server behind forgets or refuses, and gives them back. They are kept, not obeyed. */
final class QueueSettings implements Service {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> FORGOTTEN = List.of("Policy", "KmsMasterKeyId", "SqsManagedSseEnabled");

    private final Service queues;
    private final Map<String, ObjectNode> kept = new ConcurrentHashMap<>();

    QueueSettings(Service queues) {
        this.queues = queues;
    }

    @Override
    public Answer answer(Call call, Request request) throws IOException {
        switch (call.operation()) {
            case "sqs:SetQueueAttributes" -> {
                JsonNode content = JSON.readTree(request.body().readAllBytes());
                ObjectNode attributes = (ObjectNode) content.path("Attributes");
                ObjectNode settings = kept.computeIfAbsent(call.target(), queue -> JSON.createObjectNode());
                FORGOTTEN.stream().filter(attributes::has).forEach(name -> settings.set(name, attributes.remove(name)));
                return queues.answer(call, request.withBody(JSON.writeValueAsBytes(content)));
            }
            case "sqs:GetQueueAttributes" -> {
                Answer answer = queues.answer(call, request);
                ObjectNode settings = kept.get(call.target());
                if (settings == null || answer.status() != 200) {
                    return answer;
                }
                JsonNode body = JSON.readTree(answer.complete().body());
                ((ObjectNode) body.path("Attributes")).setAll(settings);
                return answer.without("Content-Length").withBody(JSON.writeValueAsBytes(body));
            }
            default -> {
                return queues.answer(call, request);
            }
        }
    }
}
