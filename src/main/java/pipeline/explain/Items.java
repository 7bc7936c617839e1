package pipeline.explain;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import pipeline.dataset.Shown;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Items of a table, as people and programs are shown them. */
public final class Items {
    private Items() {}

    /** The attributes with DynamoDB's names of their types, such as {@code order_id S TEST001 | quantity N 1}. */
    public static String text(Map<String, AttributeValue> item) {
        StringJoiner attributes = new StringJoiner(" | ");
        item.forEach((name, value) -> {
            String shown = value.s() != null
                    ? "S " + Shown.plain(value.s())
                    : value.n() != null
                            ? "N " + value.n()
                            : value.bool() != null ? "BOOL " + value.bool() : Shown.plain(value.toString());
            attributes.add(Shown.plain(name) + " " + shown);
        });
        return attributes.toString();
    }

    /** Attributes as DynamoDB writes them in JSON: a type and its value; of a type that no dataset has, as text. */
    public static Map<String, Object> json(Map<String, AttributeValue> item) {
        Map<String, Object> typed = new LinkedHashMap<>();
        item.forEach((name, value) -> typed.put(
                name,
                switch (value.type()) {
                    case S -> Map.of("S", value.s());
                    case N -> Map.of("N", value.n());
                    case BOOL -> Map.of("BOOL", value.bool());
                    default -> value.toString();
                }));
        return typed;
    }
}
