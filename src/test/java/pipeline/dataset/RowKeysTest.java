package pipeline.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Where an earlier declaration has stored a row is known from a short text and the file. */
class RowKeysTest {
    private static final String AT = "2026-11-23T09:14:02.000000044Z";

    private static Dataset dataset(String yaml) {
        return DatasetReader.read("d.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    }

    /** As another process reads it from the ledger. */
    private static RowKeys remembered(Dataset dataset) {
        return RowKeys.of(RowKeys.together(List.of(RowKeys.of(dataset, 1_048_576))))
                .get(0);
    }

    private static Optional<Map<String, AttributeValue>> key(RowKeys keys, List<String> header, String... cells) {
        return keys.of(List.of(cells), keys.columns(header).orElseThrow(), AT);
    }

    @Test
    void ofTheShippedOrders() {
        Dataset orders = Declared.shipped("orders");
        RowKeys keys = remembered(orders);
        assertEquals("ProcessedOrders", keys.table());
        assertEquals(
                Map.of("order_id", ScalarAttributeType.S, "processed_timestamp", ScalarAttributeType.S),
                keys.tableKey());
        assertEquals(
                Map.of("order_id", AttributeValue.fromS(" A 1"), "processed_timestamp", AttributeValue.fromS(AT)),
                key(keys, List.of("quantity", "\uFEFFOrder ID"), "1", " A 1").orElseThrow());
        assertTrue(keys.isOf(orders));
        assertFalse(keys.isOf(Declared.shipped("sales")));
        assertTrue(keys.toString().length() < 120, keys::toString);
    }

    @Test
    void aFileWithoutTheKeysColumnIsNoneOfTheirs() {
        RowKeys keys = remembered(Declared.shipped("orders"));
        assertEquals(Optional.empty(), keys.columns(List.of("sensor_id", "status")));
    }

    @Test
    void numbersAndDatesAreKeysAsTheTableHasThem() {
        RowKeys keys = remembered(dataset("""
                name: d
                table: Days
                key: amount
                sortKey: day
                upsert: true
                encoding: windows-1252
                dialect: {delimiter: ";", quoteChar: "'"}
                schema:
                  fields:
                    - {name: amount, type: number, decimalChar: ",", groupChar: ".", constraints: {required: true, minimum: 0}}
                    - {name: day, type: date, format: "%d.%m.%Y", constraints: {required: true}}
                """));
        List<String> header = List.of("day", "amount");
        assertEquals(
                Map.of("amount", AttributeValue.fromN("1234.5"), "day", AttributeValue.fromS("03.03.2026")),
                key(keys, header, " 03.03.2026 ", "1.234,50").orElseThrow());
        assertEquals(Map.of("amount", ScalarAttributeType.N, "day", ScalarAttributeType.S), keys.tableKey());
        assertEquals("windows-1252", keys.dialect().charset().name());
        assertEquals(
                List.of(';', '\''),
                List.of(keys.dialect().delimiter(), keys.dialect().quote()));
        assertEquals(Optional.empty(), key(keys, header, "03.03.2026", "many"));
    }

    @Test
    void cellsThatNoStoredRowCanHaveHaveNoKey() {
        RowKeys keys = remembered(Declared.shipped("orders"));
        List<String> header = List.of("quantity", "order_id");
        assertEquals(Optional.empty(), key(keys, header, "1", " "));
        assertEquals(Optional.empty(), key(keys, header, "1"));
        assertEquals(Optional.empty(), key(keys, header, "1", "x".repeat(2_049)));
        assertTrue(key(keys, header, "1", "x".repeat(2_048)).isPresent());
    }

    @Test
    void anyEditIsAnotherDeclaration() {
        String yaml =
                "name: d\ntable: Days\nkey: a\nschema:\n  fields:\n    - {name: a, constraints: {required: true}}\n";
        RowKeys keys = RowKeys.of(dataset(yaml), 1_048_576);
        assertEquals(keys, remembered(dataset(yaml)));
        assertNotEquals(keys, remembered(dataset(yaml + "notes: edited\n")));
        assertNotEquals(keys, RowKeys.of(dataset(yaml), 2_048));
        assertEquals(2_048, RowKeys.of(dataset(yaml), 2_048).maxRecord());
        RowKeys other = RowKeys.of(dataset(yaml.replace("name: d", "name: e")), 1_048_576);
        assertEquals(RowKeys.together(List.of(keys, other)), RowKeys.together(List.of(other, keys)));
    }
}
