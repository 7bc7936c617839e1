package pipeline.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Tables that count the rows that are put and forget them, and a ledger that remembers. A table allows so many write units
 * a second, one for each row, and may save them up for a second.
 */
final class SinkTables {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] PUT = "\"PutRequest\"".getBytes(StandardCharsets.US_ASCII);

    private final Figures figures;
    private final SinkLedger ledger = new SinkLedger();
    private double unitsPerSecond;
    private double units;
    private long filledAt;

    SinkTables(Figures figures) {
        this.figures = figures;
    }

    /** @param unitsPerSecond 0 = no limit */
    synchronized void clear(long unitsPerSecond) {
        ledger.clear();
        this.unitsPerSecond = unitsPerSecond;
        units = unitsPerSecond;
        filledAt = System.nanoTime();
    }

    String ledger() {
        return ledger.all();
    }

    Sink.Answer answer(String operation, ByteBuf body) throws IOException {
        figures.request("dynamodb:" + operation);
        return switch (operation) {
            case "BatchWriteItem" -> batch(ByteBufUtil.getBytes(body));
            case "PutItem" -> put();
            case "DescribeTable" ->
                json(
                        200,
                        "{\"Table\":{\"TableName\":\""
                                + parse(body).path("TableName").asText() + "\",\"TableStatus\":\"ACTIVE\"}}");
            case "GetItem" -> json(200, ledger.get(parse(body)));
            case "Query" -> json(200, ledger.query(parse(body)));
            case "UpdateItem" -> update(parse(body));
            default -> throw new IllegalArgumentException("the sink does not know dynamodb:" + operation);
        };
    }

    private Sink.Answer update(JsonNode request) {
        SinkLedger.Outcome outcome = ledger.update(request);
        return json(outcome.applied() ? 200 : 400, outcome.body());
    }

    private Sink.Answer put() {
        if (take(1) == 0) {
            figures.rows(0, 1);
            return throttled();
        }
        figures.rows(1, 0);
        return json(200, "{}");
    }

    private Sink.Answer batch(byte[] body) throws IOException {
        int rows = count(body);
        int taken = take(rows);
        figures.rows(taken, rows - taken);
        if (taken == 0) {
            return throttled();
        }
        String left = taken == rows ? "{}" : unprocessed(body, taken);
        return json(
                200,
                "{\"UnprocessedItems\":" + left + ",\"ConsumedCapacity\":[{\"TableName\":\"T\",\"CapacityUnits\":"
                        + taken + "}]}");
    }

    private static int count(byte[] body) {
        int count = 0;
        for (int i = 0; i + PUT.length <= body.length; i++) {
            int j = 0;
            while (j < PUT.length && body[i + j] == PUT[j]) {
                j++;
            }
            if (j == PUT.length) {
                count++;
                i += PUT.length;
            }
        }
        return count;
    }

    private synchronized int take(int rows) {
        if (unitsPerSecond == 0) {
            return rows;
        }
        long now = System.nanoTime();
        units = Math.min(unitsPerSecond, units + unitsPerSecond * (now - filledAt) / 1e9);
        filledAt = now;
        int taken = (int) Math.min(rows, units);
        units -= taken;
        return taken;
    }

    private static String unprocessed(byte[] body, int taken) throws IOException {
        Map.Entry<String, JsonNode> table =
                JSON.readTree(body).path("RequestItems").properties().iterator().next();
        ObjectNode left = JSON.createObjectNode();
        ArrayNode requests = left.putArray(table.getKey());
        for (int i = taken; i < table.getValue().size(); i++) {
            requests.add(table.getValue().get(i));
        }
        return left.toString();
    }

    private static JsonNode parse(ByteBuf body) throws IOException {
        return JSON.readTree(ByteBufUtil.getBytes(body));
    }

    private static Sink.Answer throttled() {
        return json(
                400,
                "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException\",\"message\":\"slow down\"}");
    }

    private static Sink.Answer json(int status, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return new Sink.Answer(
                status,
                Map.of("Content-Type", "application/x-amz-json-1.0", "x-amz-crc32", Sink.crc32(bytes)),
                SinkContent.of(bytes));
    }
}
