package pipeline.check;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import pipeline.dataset.KeyAttribute;
import pipeline.dataset.Shown;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeyType;

/**
 * What DynamoDB takes: an item of at most 400 KB, a partition key of at most 2,048 bytes, a sort key of at most 1,024, and
 * no empty key.
 *
 * <p>Sources: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats" and "Quotas in Amazon DynamoDB".
 */
final class ItemLimits {
    static final int ITEM_BYTES = 400 * 1024;
    static final int PARTITION_KEY_BYTES = 2048;
    static final int SORT_KEY_BYTES = 1024;

    /** A number takes fewer bytes: 38 digits, two in a byte. */
    private static final int NUMBER = 21;

    private ItemLimits() {}

    /** The size by which DynamoDB measures and bills an item of texts, numbers and truth values. */
    static int size(Map<String, AttributeValue> item) {
        int size = 0;
        for (Map.Entry<String, AttributeValue> attribute : item.entrySet()) {
            size += utf8(attribute.getKey()) + size(attribute.getValue());
        }
        return size;
    }

    /** No less than its size, and quick: a character takes at most three bytes. */
    private static long atMost(Map<String, AttributeValue> item) {
        long characters = 0;
        for (Map.Entry<String, AttributeValue> attribute : item.entrySet()) {
            String text = attribute.getValue().s();
            characters += attribute.getKey().length() + (text == null ? NUMBER : text.length());
        }
        return 3 * characters;
    }

    private static int size(AttributeValue value) {
        if (value.s() != null) {
            return utf8(value.s());
        }
        return value.n() != null ? numberSize(value.n()) : 1;
    }

    // A byte for every two significant digits, one more, and one for the sign of a negative number.
    private static int numberSize(String number) {
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
    static int utf8(String text) {
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

    static void check(List<KeyAttribute> key, Map<String, AttributeValue> item, List<Problem> problems) {
        for (KeyAttribute attribute : key) {
            AttributeValue value = item.get(attribute.name());
            if (value == null || "".equals(value.s())) {
                problems.add(new Problem(attribute.name(), "nothing", "a value, since it is the table's key"));
            } else if (value.s() != null) {
                int most = attribute.role() == KeyType.HASH ? PARTITION_KEY_BYTES : SORT_KEY_BYTES;
                if (value.s().length() * 3 > most && utf8(value.s()) > most) {
                    String found = Shown.quoted(value.s()) + " of " + grouped(utf8(value.s())) + " bytes";
                    problems.add(new Problem(
                            attribute.name(), found, "at most " + grouped(most) + " bytes in the table's key"));
                }
            }
        }
        int size = atMost(item) > ITEM_BYTES ? size(item) : 0;
        if (size > ITEM_BYTES) {
            problems.add(new Problem(
                    "",
                    "an item of " + grouped(size) + " bytes",
                    "at most " + grouped(ITEM_BYTES) + " bytes for an item"));
        }
    }

    private static String grouped(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
