package pipeline.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The body of a BatchWriteItem that puts items into one table: JSON as the API reference has it ("Request Syntax"), in
 * UTF-8. Written by hand, since a generator's checks of what comes after what took a fifth of the writer's time.
 */
final class PutRequests {
    private static final byte[] PUT = "{\"PutRequest\":{\"Item\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] S = "{\"S\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] N = "{\"N\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] B = "{\"B\":".getBytes(StandardCharsets.US_ASCII);

    private final Map<String, byte[]> names = new HashMap<>();
    private byte[] bytes;
    private int length;

    private PutRequests(int size) {
        bytes = new byte[size];
    }

    static byte[] encode(String table, List<Map<String, AttributeValue>> items) {
        PutRequests json = new PutRequests(512 * items.size());
        json.ascii("{\"RequestItems\":{");
        json.text(table);
        json.ascii(":[");
        for (int i = 0; i < items.size(); i++) {
            json.ascii(i == 0 ? "" : ",");
            json.octets(PUT);
            json.item(items.get(i));
            json.ascii("}}");
        }
        json.ascii("]},\"ReturnConsumedCapacity\":\"TOTAL\"}");
        return Arrays.copyOf(json.bytes, json.length);
    }

    private void item(Map<String, AttributeValue> item) {
        char before = '{';
        for (Map.Entry<String, AttributeValue> attribute : item.entrySet()) {
            octet(before);
            name(attribute.getKey());
            value(attribute.getValue());
            before = ',';
        }
        ascii(before == '{' ? "{}" : "}");
    }

    /** The items of a request mostly have the same attributes. */
    private void name(String name) {
        byte[] known = names.get(name);
        if (known != null) {
            octets(known);
            return;
        }
        int from = length;
        text(name);
        octet(':');
        names.put(name, Arrays.copyOfRange(bytes, from, length));
    }

    private void value(AttributeValue value) {
        switch (value.type()) {
            case S -> typed(S, value.s());
            case N -> typed(N, value.n());
            case B -> typed(B, base64(value.b()));
            case BOOL -> ascii(value.bool() ? "{\"BOOL\":true" : "{\"BOOL\":false");
            case NUL -> ascii(value.nul() ? "{\"NULL\":true" : "{\"NULL\":false");
            case SS -> texts("{\"SS\":", value.ss());
            case NS -> texts("{\"NS\":", value.ns());
            case BS ->
                texts("{\"BS\":", value.bs().stream().map(PutRequests::base64).toList());
            case L -> {
                ascii("{\"L\":[");
                for (int i = 0; i < value.l().size(); i++) {
                    ascii(i == 0 ? "" : ",");
                    value(value.l().get(i));
                }
                octet(']');
            }
            case M -> {
                ascii("{\"M\":");
                item(value.m());
            }
            default -> throw new IllegalArgumentException("an attribute without a value");
        }
        octet('}');
    }

    private static String base64(SdkBytes binary) {
        return Base64.getEncoder().encodeToString(binary.asByteArrayUnsafe());
    }

    private void typed(byte[] type, String text) {
        octets(type);
        text(text);
    }

    private void texts(String type, List<String> texts) {
        ascii(type);
        char before = '[';
        for (String text : texts) {
            octet(before);
            text(text);
            before = ',';
        }
        ascii(before == '[' ? "[]" : "]");
    }

    private void text(String text) {
        // A character takes six bytes at most: as an escape.
        makeRoom(6 * text.length() + 2);
        octet('"');
        for (int at = 0; at < text.length(); ) {
            at = plain(text, at);
            if (at < text.length()) {
                at = text.charAt(at) < 0x80 ? escaped(text, at) : beyondAscii(text, at);
            }
        }
        octet('"');
    }

    /** Writes what stands for itself, from a character on. Like the others, it returns where the rest begins. */
    private int plain(String text, int from) {
        byte[] to = bytes;
        int end = length;
        int at = from;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c < ' ' || c >= 0x80 || c == '"' || c == '\\') {
                break;
            }
            to[end++] = (byte) c;
        }
        length = end;
        return at;
    }

    private int escaped(String text, int at) {
        ascii("\\u00%02x".formatted((int) text.charAt(at)));
        return at + 1;
    }

    private int beyondAscii(String text, int from) {
        int to = from;
        while (to < text.length() && text.charAt(to) >= 0x80) {
            to++;
        }
        byte[] utf8 = text.substring(from, to).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(utf8, 0, bytes, length, utf8.length);
        length += utf8.length;
        return to;
    }

    private void ascii(String text) {
        makeRoom(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
    }

    private void octets(byte[] more) {
        makeRoom(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void octet(char c) {
        makeRoom(1);
        bytes[length++] = (byte) c;
    }

    private void makeRoom(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }
}
