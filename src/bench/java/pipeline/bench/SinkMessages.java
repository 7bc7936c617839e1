package pipeline.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.FullHttpRequest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** As much of SQS and SNS as the pipeline uses: queues of any name, and a topic that forgets what is published. */
final class SinkMessages {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:ProcessingFailureAlerts";
    private static final String INTAKE = "ProcessCSVData-Queue";
    private static final long LOOK_EVERY_MILLIS = 20;

    private final Figures figures;
    private final ScheduledExecutorService timer;
    private final Map<String, SinkQueue> queues = new ConcurrentHashMap<>();

    /** @param timer for receives that wait for a message */
    SinkMessages(Figures figures, ScheduledExecutorService timer) {
        this.figures = figures;
        this.timer = timer;
    }

    void clear() {
        queues.clear();
    }

    /** Puts S3's event for each object into the intake queue, a message each. */
    void announce(Collection<String> keys) {
        for (String key : keys) {
            ObjectNode event = JSON.createObjectNode();
            ObjectNode record = event.putArray("Records").addObject().put("eventName", "ObjectCreated:Put");
            ObjectNode s3 = record.putObject("s3");
            s3.putObject("bucket").put("name", "bench");
            s3.putObject("object").put("key", URLEncoder.encode(key, StandardCharsets.UTF_8));
            queue(INTAKE).send(event.toString());
        }
    }

    CompletableFuture<Sink.Answer> sqs(String target, FullHttpRequest request) throws IOException {
        String operation = target.substring(target.indexOf('.') + 1);
        figures.request("sqs:" + operation);
        JsonNode body = JSON.readTree(request.content().toString(StandardCharsets.UTF_8));
        String url = body.path("QueueUrl").asText();
        SinkQueue queue = queue(url.substring(url.lastIndexOf('/') + 1));
        return switch (operation) {
            case "GetQueueUrl" ->
                json(JSON.createObjectNode()
                        .put(
                                "QueueUrl",
                                "http://" + request.headers().get("Host") + "/000000000000/"
                                        + body.path("QueueName").asText()));
            case "GetQueueAttributes" -> json(attributes(queue));
            case "SendMessage" -> {
                String text = body.path("MessageBody").asText();
                yield json(JSON.createObjectNode()
                        .put("MessageId", queue.send(text))
                        .put("MD5OfMessageBody", md5(text)));
            }
            case "ReceiveMessage" -> receive(queue, body);
            case "DeleteMessage" -> {
                queue.delete(body.path("ReceiptHandle").asText());
                yield json(JSON.createObjectNode());
            }
            case "DeleteMessageBatch" ->
                batch(body, entry -> queue.delete(entry.path("ReceiptHandle").asText()));
            case "ChangeMessageVisibility" -> {
                hide(queue, body);
                yield json(JSON.createObjectNode());
            }
            case "ChangeMessageVisibilityBatch" -> batch(body, entry -> hide(queue, entry));
            default -> throw new IllegalArgumentException("the sink does not know sqs:" + operation);
        };
    }

    private SinkQueue queue(String name) {
        return queues.computeIfAbsent(name, added -> new SinkQueue());
    }

    private static void hide(SinkQueue queue, JsonNode entry) {
        queue.hide(entry.path("ReceiptHandle").asText(), seconds(entry, "VisibilityTimeout", 0));
    }

    private static ObjectNode attributes(SinkQueue queue) {
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("Attributes")
                .put("ApproximateNumberOfMessages", Long.toString(queue.visible()))
                .put("ApproximateNumberOfMessagesNotVisible", Long.toString(queue.hidden()));
        return answer;
    }

    private CompletableFuture<Sink.Answer> receive(SinkQueue queue, JsonNode request) {
        CompletableFuture<Sink.Answer> answer = new CompletableFuture<>();
        long until = System.nanoTime() + seconds(request, "WaitTimeSeconds", 0).toNanos();
        figures.receiveBegins();
        look(queue, request, until, answer);
        return answer;
    }

    private void look(SinkQueue queue, JsonNode request, long until, CompletableFuture<Sink.Answer> answer) {
        List<SinkQueue.Delivery> received =
                queue.receive(request.path("MaxNumberOfMessages").asInt(1), seconds(request, "VisibilityTimeout", 30));
        if (received.isEmpty() && until - System.nanoTime() > 0) {
            timer.schedule(() -> look(queue, request, until, answer), LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        figures.receiveEnds(received.isEmpty());
        ObjectNode json = JSON.createObjectNode();
        ArrayNode messages = received.isEmpty() ? JSON.createArrayNode() : json.putArray("Messages");
        received.forEach(each -> messages.addObject()
                .put("MessageId", each.id())
                .put("ReceiptHandle", each.receipt())
                .put("Body", each.body())
                .put("MD5OfBody", md5(each.body()))
                .putObject("Attributes")
                .put("ApproximateReceiveCount", Integer.toString(each.times())));
        answer.complete(answer(json));
    }

    private static CompletableFuture<Sink.Answer> batch(JsonNode request, Consumer<JsonNode> action) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode done = answer.putArray("Successful");
        answer.putArray("Failed");
        for (JsonNode entry : request.path("Entries")) {
            action.accept(entry);
            done.addObject().put("Id", entry.path("Id").asText());
        }
        return json(answer);
    }

    private static Duration seconds(JsonNode request, String name, int otherwise) {
        return Duration.ofSeconds(request.path(name).asInt(otherwise));
    }

    private static String md5(String text) {
        return SinkContent.of(text.getBytes(StandardCharsets.UTF_8)).eTag();
    }

    private static CompletableFuture<Sink.Answer> json(ObjectNode body) {
        return CompletableFuture.completedFuture(answer(body));
    }

    private static Sink.Answer answer(ObjectNode body) {
        return Sink.Answer.of(200, "application/x-amz-json-1.0", body.toString());
    }

    Sink.Answer sns(String body) {
        String operation = body.replaceFirst("(?s).*Action=(\\w+).*", "$1");
        figures.request("sns:" + operation);
        String result =
                switch (operation) {
                    case "ListTopics" -> "<Topics><member><TopicArn>" + TOPIC + "</TopicArn></member></Topics>";
                    case "GetTopicAttributes" -> "<Attributes/>";
                    case "Publish" -> "<MessageId>1</MessageId>";
                    default -> throw new IllegalArgumentException("the sink does not know sns:" + operation);
                };
        return Sink.Answer.of(
                200,
                "text/xml",
                "<%1$sResponse><%1$sResult>%2$s</%1$sResult></%1$sResponse>".formatted(operation, result));
    }
}
