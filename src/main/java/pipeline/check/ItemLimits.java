package pipeline.check;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import pipeline.cost.ItemSize;
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

    /** No less than its size, and quick: a character takes at most three bytes. */
    private static long atMost(Map<String, AttributeValue> item) {
        long characters = 0;
        for (Map.Entry<String, AttributeValue> attribute : item.entrySet()) {
            String text = attribute.getValue().s();
            characters += attribute.getKey().length() + (text == null ? NUMBER : text.length());
        }
        return 3 * characters;
    }

    static void check(List<KeyAttribute> key, Map<String, AttributeValue> item, List<Problem> problems) {
        for (KeyAttribute attribute : key) {
            AttributeValue value = item.get(attribute.name());
            if (value == null || "".equals(value.s())) {
                problems.add(new Problem(attribute.name(), "nothing", "a value, since it is the table's key"));
            } else if (value.s() != null) {
                int most = attribute.role() == KeyType.HASH ? PARTITION_KEY_BYTES : SORT_KEY_BYTES;
                if (value.s().length() * 3 > most && ItemSize.utf8(value.s()) > most) {
                    String found = Shown.quoted(value.s()) + " of " + grouped(ItemSize.utf8(value.s())) + " bytes";
                    problems.add(new Problem(
                            attribute.name(), found, "at most " + grouped(most) + " bytes in the table's key"));
                }
            }
        }
        int size = atMost(item) > ITEM_BYTES ? ItemSize.of(item) : 0;
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
