package pipeline.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The body of a BatchWriteItem that puts items into one table, as the API reference has it ("Request Syntax"). */
final class PutRequests {
    private static final JsonFactory JSON = new JsonFactory();

    private PutRequests() {}

    static byte[] encode(String table, List<Map<String, AttributeValue>> items) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512 * items.size());
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeObjectFieldStart("RequestItems");
            json.writeArrayFieldStart(table);
            for (Map<String, AttributeValue> item : items) {
                json.writeStartObject();
                json.writeObjectFieldStart("PutRequest");
                json.writeFieldName("Item");
                write(json, item);
                json.writeEndObject();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeStringField("ReturnConsumedCapacity", "TOTAL");
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, Map<String, AttributeValue> item) throws IOException {
        json.writeStartObject();
        for (Map.Entry<String, AttributeValue> attribute : item.entrySet()) {
            json.writeFieldName(attribute.getKey());
            write(json, attribute.getValue());
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, AttributeValue value) throws IOException {
        json.writeStartObject();
        switch (value.type()) {
            case S -> json.writeStringField("S", value.s());
            case N -> json.writeStringField("N", value.n());
            case B -> json.writeBinaryField("B", value.b().asByteArrayUnsafe());
            case BOOL -> json.writeBooleanField("BOOL", value.bool());
            case NUL -> json.writeBooleanField("NULL", value.nul());
            case SS -> writeTexts(json, "SS", value.ss());
            case NS -> writeTexts(json, "NS", value.ns());
            case BS -> {
                json.writeArrayFieldStart("BS");
                for (var binary : value.bs()) {
                    json.writeBinary(binary.asByteArrayUnsafe());
                }
                json.writeEndArray();
            }
            case L -> {
                json.writeArrayFieldStart("L");
                for (AttributeValue each : value.l()) {
                    write(json, each);
                }
                json.writeEndArray();
            }
            case M -> {
                json.writeFieldName("M");
                write(json, value.m());
            }
            default -> throw new IllegalArgumentException("an attribute without a value");
        }
        json.writeEndObject();
    }

    private static void writeTexts(JsonGenerator json, String type, List<String> texts) throws IOException {
        json.writeArrayFieldStart(type);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
