package pipeline.cost;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The size by which DynamoDB measures and bills an item.
 *
 * <p>Source: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats".
 */
public final class ItemSize {
    /** A write unit writes so many bytes of one item. */
    private static final int WRITE_UNIT = 1024;

    private ItemSize() {}

    /** In bytes. */
    public static int of(Map<String, AttributeValue> item) {
        int size = 0;
        for (Map.Entry<String, AttributeValue> attribute : item.entrySet()) {
            size += utf8(attribute.getKey()) + of(attribute.getValue());
        }
        return size;
    }

    /** The write units that it takes to write an item of these attributes into a table without indexes. */
    public static int writeUnits(Map<String, AttributeValue> item) {
        return Math.max(1, (of(item) + WRITE_UNIT - 1) / WRITE_UNIT);
    }

    private static int of(AttributeValue value) {
        return switch (value.type()) {
            case S -> utf8(value.s());
            case N -> number(value.n());
            case B -> value.b().asByteArrayUnsafe().length;
            case SS -> value.ss().stream().mapToInt(ItemSize::utf8).sum();
            case NS -> value.ns().stream().mapToInt(ItemSize::number).sum();
            case BS ->
                value.bs().stream()
                        .mapToInt(bytes -> bytes.asByteArrayUnsafe().length)
                        .sum();
            case L -> 3 + value.l().size() + sum(value.l());
            case M -> 3 + value.m().size() + of(value.m());
            default -> 1;
        };
    }

    private static int sum(List<AttributeValue> values) {
        return values.stream().mapToInt(ItemSize::of).sum();
    }

    // A byte for every two significant digits, one more, and one for the sign of a negative number.
    private static int number(String number) {
        int first = -1;
        int last = -1;
        int digits = 0;
        for (int i = 0; i < number.length() && number.charAt(i) != 'E'; i++) {
            char c = number.charAt(i);
            if (c >= '0' && c <= '9') {
                digits++;
                if (c != '0') {
                    first = first < 0 ? digits : first;
                    last = digits;
                }
            }
        }
        int significant = first < 0 ? 1 : last - first + 1;
        return (significant + 1) / 2 + 1 + (number.startsWith("-") ? 1 : 0);
    }

    /** Length in UTF-8. */
    public static int utf8(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800 || Character.isSurrogate(c)) {
                bytes += 2; // a pair of surrogates makes four bytes
            } else {
                bytes += 3;
            }
        }
        return bytes;
    }
}
