package pipeline.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** DynamoDB under load: the first half of each table's requests in a BatchWriteItem is stored, the others come back. */
final class HalfBatch implements Service {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Service dynamodb;

    HalfBatch(Service dynamodb) {
        this.dynamodb = dynamodb;
    }

    @Override
    public Answer answer(Call call, Request request) throws IOException {
        if (!call.operation().equals("dynamodb:BatchWriteItem")) {
            return dynamodb.answer(call, request);
        }
        JsonNode batch = JSON.readTree(request.body());
        ObjectNode stored = JSON.createObjectNode();
        ObjectNode unprocessed = JSON.createObjectNode();
        for (var table : batch.path("RequestItems").properties()) {
            int count = table.getValue().size();
            for (int i = 0; i < count; i++) {
                ObjectNode half = i < count / 2 ? stored : unprocessed;
                half.withArrayProperty(table.getKey()).add(table.getValue().get(i));
            }
        }
        if (stored.isEmpty()) {
            return Errors.throttled(call.service());
        }
        ((ObjectNode) batch).set("RequestItems", stored);
        Answer answer = dynamodb.answer(call, request.withBody(JSON.writeValueAsBytes(batch)))
                .complete();
        if (answer.status() != 200) {
            return answer;
        }
        ObjectNode result = (ObjectNode) JSON.readTree(answer.body());
        result.set("UnprocessedItems", unprocessed);
        return answer.without("x-amz-crc32").withBody(JSON.writeValueAsBytes(result));
    }
}
