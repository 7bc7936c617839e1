package pipeline.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pipeline.cost.ItemSize;
import pipeline.dataset.Dataset;
import pipeline.dataset.Declared;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A row becomes its item, or every reason why not. */
class RowCheckerTest {
    private static final String HEADER = "order_id,customer_name,product_name,quantity,unit_price";
    private final Dataset orders = Declared.shipped("orders");

    @Test
    void anItemHoldsColumnsThenWhatIsDerivedConstantAndOfOrigin() {
        Row row = Rows.row(
                orders,
                "Order ID,customer_name,product_name,quantity,unit_price,email,channel,",
                "A1, B ,C,3,29.90,,web,");
        assertEquals(
                "order_id S A1 | customer_name S  B  | product_name S C | quantity N 3 | unit_price N 29.9 | channel S web"
                        + " | total_amount N 89.7 | processing_status S completed | processed_timestamp S "
                        + Rows.TIMESTAMP + " | source_file S in/test.csv | source_line N 2",
                shown(row.item()));
    }

    @ParameterizedTest(name = "{0} / {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        `` | A,B,C,1,2 | ``
        `` | ` ,,C,x,-1` | order_id: found nothing, expected a value; customer_name: found nothing, expected a value; quantity: found 'x', expected an integer of at least 1; unit_price: found '-1', expected a decimal of at least 0 with at most 4 decimals
        `` | A,B,C,1 | found 4 fields, expected 5
        `` | A | found 1 field, expected 5
        `` | A,B,C,1,2,3 | found 6 fields, expected 5
        `` | A,B,C,1,1.23456 | unit_price: found '1.23456', expected a decimal of at least 0 with at most 4 decimals
        `` | A,B,C,99999999999999999999999999999999999999,1.0001 | total_amount: found '100009999999999999999999999999999999998.9999', expected a number of at most 38 digits (quantity * unit_price)
        ,email,order_date | A,B,C,1,2,nobody,soon | email: found 'nobody', expected an e-mail address such as ana@example.com; order_date: found 'soon', expected a date such as 2026-11-23
        ,total_amount | A,B,C,2,2.50,5 | ``
        ,total_amount | A,B,C,2,2.50, | ``
        ,total_amount | A,B,C,2,2.50,5.01 | total_amount: found '5.01', expected 5 (quantity * unit_price)
        ,total_amount | A,B,C,2,2.50,x | total_amount: found 'x', expected 5 (quantity * unit_price)
        ,Total Amount,email | A,B,C,2,2.50,6,nobody | total_amount: found '6', expected 5 (quantity * unit_price); email: found 'nobody', expected an e-mail address such as ana@example.com
        ,total_amount | A,B,C,x,2.50,6 | quantity: found 'x', expected an integer of at least 1
        ,processing_status | A,B,C,1,2,open | ``
        ,, | A,B,C,1,2, ,x | column 7: found 'x', expected nothing, since the column has no name
        """)
    void everyViolationIsReportedInColumnOrder(String more, String cells, String problems) {
        assertEquals(problems, Rows.problems(Rows.row(orders, HEADER + more, cells)));
    }

    @ParameterizedTest(name = "{0} / {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        `` | A,B,C,x,-1 | quantity: expected an integer of at least 1; unit_price: expected a decimal of at least 0 with at most 4 decimals
        `` | ,B,C,1,2 | order_id: expected a value
        `` | A,B,C,1 | expected 5 fields
        ,total_amount | A,B,C,2,2.50,5.01 | total_amount: expected what quantity * unit_price makes
        `` | A,B,C,99999999999999999999999999999999999999,1.0001 | total_amount: expected a number of at most 38 digits (quantity * unit_price)
        ,, | A,B,C,1,2, ,x | column 7: expected nothing, since the column has no name
        """)
    void theReasonThatARowSharesWithOthersHoldsNoTextOfACell(String more, String cells, String reasons) {
        Checked.Rejected rejected =
                (Checked.Rejected) Rows.row(orders, HEADER + more, cells).checked();
        assertEquals(reasons, rejected.problems().stream().map(Problem::reason).collect(Collectors.joining("; ")));
    }

    @ParameterizedTest(name = "{0} x {1} less {2} is {3}: {4}")
    @CsvSource({
        "2, 10.00, 0, 20.00, true", "2, 10.00, '', 20.00, true", "2, 10.00, '', 18.00, false",
        "2, 10.00, 5, 15.00, true", "2, 10.00, 5, 19.00, true", "2, 10.00, 5, 14.00, false",
        "2, 10.00, 0.1, 18.00, true", "2, 10.00, 0.1, 19.90, true", "2, 10.00, 0.1, 19.98, true",
        "2, 200.00, 120, 280.00, true", "2, 200.00, 120, 0, false", "3, 3.33, 15, 8.49, true",
        "3, 3.35, 15, 8.54, true", "3, 3.35, 15, 8.55, true", "3, 3.35, 15, 8.56, false",
    })
    void aSalesTotalAgreesUnderSomeReadingOfDiscount(
            String quantity, String price, String discount, String total, boolean agrees) {
        Row row = Rows.row(
                Declared.shipped("sales"),
                "transaction_id,store_id,product_sku,quantity,price,discount,total,timestamp",
                String.join(",", "T", "S", "P", quantity, price, discount, total, "2026-11-23T10:00:00Z"));
        String expected = "total: found '" + total + "', expected quantity x price less the discount (an amount, a "
                + "percentage or a fraction) to the cent";
        assertEquals(agrees ? "" : expected, Rows.problems(row));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        21.5,40,1013.2,88,2026-03-02 06:00:00,ok | ``
        ,,,,2026-03-02T06:00:00Z,ok | ``
        -300,101,-1,100.5,yesterday, | temperature: found '-300', expected a decimal of at least -273.15; humidity: found '101', expected a decimal from 0 to 100; pressure: found '-1', expected a decimal from 0 to 120000; battery_level: found '100.5', expected a decimal from 0 to 100; timestamp: found 'yesterday', expected a date and time such as 2026-11-23T14:30:15Z; status: found nothing, expected a value
        """)
    void aReadingKeepsWithinPhysics(String cells, String problems) {
        String header = "sensor_id,temperature,humidity,pressure,battery_level,timestamp,status";
        assertEquals(problems, Rows.problems(Rows.row(Declared.shipped("sensors"), header, "S1," + cells)));
    }

    @Test
    void anOriginThatCannotBeRejectsTheRow() {
        String header = HEADER + ",_source,_line,_errors";
        Origins none = row -> new Origin.Unusable(Problem.cell("_line", "x", "a line number"));
        Row row = new RowChecker(orders, Rows.columns(orders, header), none).row(2, Rows.cells("A,B,C,0,2,a.csv@1,x,"));
        assertEquals(
                "quantity: found '0', expected an integer of at least 1; _line: found 'x', expected a line number",
                Rows.problems(row));
    }

    @Test
    void aRepairFileLosesItsGuards() {
        String cells = "A,'=B,''=C,1,2";
        Row repaired = Rows.row(orders, HEADER + ",_errors", cells + ",why");
        assertEquals(List.of("A", "=B", "'=C", "1", "2", "why"), repaired.cells());
        assertEquals(
                "S =B",
                shown(Map.of("customer_name", repaired.item().get("customer_name")))
                        .substring(14));
        assertEquals(Rows.cells(cells), Rows.row(orders, HEADER, cells).cells());
    }

    @Test
    void keysAndItemsKeepWithinDynamoDbsLimits() {
        String key = "é".repeat(1024);
        assertEquals("", Rows.problems(Rows.row(orders, HEADER, key + ",B,C,1,2")));
        assertEquals(
                "order_id: found '" + "é".repeat(60)
                        + "…' of 2,049 bytes, expected at most 2,048 bytes in the table's key",
                Rows.problems(Rows.row(orders, HEADER, key + "x,B,C,1,2")));
        assertEquals(
                "found an item of 409,731 bytes, expected at most 409,600 bytes for an item",
                Rows.problems(Rows.row(orders, HEADER, "A,B," + "x".repeat(409_550) + ",1,2")));
        Dataset upsert = Declared.with("name: part, constraints: {required: true}", "upsert: true\nsortKey: part\n");
        assertEquals(
                "part: found '" + "y".repeat(60) + "…' of 1,025 bytes, expected at most 1,024 bytes in the table's key",
                Rows.problems(Rows.row(upsert, "id,part", "A," + "y".repeat(1025))));
        Dataset empties = Declared.from("""
                name: t
                table: Tests
                key: id
                schema:
                  missingValues: [NA]
                  fields:
                    - {name: id, constraints: {required: true}}
                """);
        assertEquals(
                "id: found nothing, expected a value, since it is the table's key",
                Rows.problems(Rows.row(empties, "id,x", ",1")));
    }

    @ParameterizedTest
    @CsvSource({"0, 3", "5, 3", "-5, 4", "12345, 5", "0.00123, 4", "1200, 3", "1E+125, 3", "-0.5, 4"})
    void aNumbersSizeGoesByItsDigits(String number, int size) {
        assertEquals(size, ItemSize.of(Map.of("n", AttributeValue.fromN(number))));
    }

    @ParameterizedTest
    @CsvSource({"abc, 4", "é, 3", "€, 4", "😀, 5"})
    void aTextsSizeIsItsUtf8(String text, int size) {
        assertEquals(size, ItemSize.of(Map.of("n", AttributeValue.fromS(text))));
    }

    @Test
    void foundTextIsBoundedAndVisible() {
        assertEquals(
                "x: found 'a\\n\\u0000\\u202Eb', expected y",
                Problem.cell("x", "a\n\0\u202Eb", "y").sentence());
        assertEquals(
                "x: found '" + "😀".repeat(60) + "…', expected y",
                Problem.cell("x", "😀".repeat(61), "y").sentence());
        assertEquals(
                "x: found '" + "a".repeat(60) + "', expected y",
                Problem.cell("x", "a".repeat(60), "y").sentence());
    }

    private static String shown(Map<String, AttributeValue> item) {
        return item.entrySet().stream()
                .map(e -> e.getKey()
                        + (e.getValue().s() != null
                                ? " S " + e.getValue().s()
                                : " N " + e.getValue().n()))
                .collect(Collectors.joining(" | "));
    }
}
