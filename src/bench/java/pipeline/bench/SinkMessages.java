package pipeline.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.codec.http.FullHttpRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** As much of SQS and SNS as a start and the end of a refused file need: what is sent is taken and forgotten. */
final class SinkMessages {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:ProcessingFailureAlerts";

    private SinkMessages() {}

    static Sink.Answer sqs(String target, FullHttpRequest request, Figures figures) throws IOException {
        String operation = target.substring(target.indexOf('.') + 1);
        figures.request("sqs:" + operation);
        JsonNode body = JSON.readTree(request.content().toString(StandardCharsets.UTF_8));
        String answer =
                switch (operation) {
                    case "GetQueueUrl" ->
                        JSON.createObjectNode()
                                .put(
                                        "QueueUrl",
                                        "http://" + request.headers().get("Host") + "/000000000000/"
                                                + body.path("QueueName").asText())
                                .toString();
                    case "GetQueueAttributes" -> "{\"Attributes\":{}}";
                    case "ReceiveMessage" -> "{}";
                    case "SendMessage" ->
                        JSON.createObjectNode()
                                .put("MessageId", "1")
                                .put(
                                        "MD5OfMessageBody",
                                        SinkContent.of(body.path("MessageBody")
                                                        .asText()
                                                        .getBytes(StandardCharsets.UTF_8))
                                                .eTag())
                                .toString();
                    default -> throw new IllegalArgumentException("the sink does not know sqs:" + operation);
                };
        return Sink.Answer.of(200, "application/x-amz-json-1.0", answer);
    }

    static Sink.Answer sns(String body, Figures figures) {
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
