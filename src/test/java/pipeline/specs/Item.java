package pipeline.specs;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An item of a table as a spec names it: without {@code processed_timestamp}, which is checked by its rule.
 *
 * @param attributes {@code name:type} to value, numbers in plain notation without zeros at the end
 */
record Item(String table, SortedMap<String, String> attributes) {
    static final String TIMESTAMP = "processed_timestamp";

    private static final String FILE = "source_file:S";
    private static final String LINE = "source_line:N";

    static final Comparator<Item> ORDER = Comparator.comparing(Item::table)
            .thenComparing(item -> item.attributes.getOrDefault(FILE, ""))
            .thenComparing(item -> new BigDecimal(item.attributes.getOrDefault(LINE, "0")))
            .thenComparing(Item::toString);

    static Item of(String table, Map<String, AttributeValue> item) {
        SortedMap<String, String> attributes = new TreeMap<>();
        item.forEach((name, value) -> {
            if (!name.equals(TIMESTAMP)) {
                attributes.put(name + ":" + value.type(), text(value));
            }
        });
        return new Item(table, attributes);
    }

    private static String text(AttributeValue value) {
        return switch (value.type()) {
            case S -> Outcome.counted(value.s());
            case N -> plain(value.n());
            case BOOL -> value.bool().toString();
            default -> value.toString();
        };
    }

    static String plain(String number) {
        return new BigDecimal(number).stripTrailingZeros().toPlainString();
    }

    static List<String> lines(List<Item> items) {
        return items.stream().sorted(ORDER).map(Item::toString).toList();
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(table).append(':');
        attributes.forEach(
                (name, value) -> line.append(' ').append(name).append('=').append(Outcome.shown(value)));
        return line.toString();
    }
}
