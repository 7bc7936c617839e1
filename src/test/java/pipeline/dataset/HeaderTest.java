package pipeline.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pipeline.dataset.Recognition.Recognised;
import pipeline.dataset.Recognition.Unrecognised;

/** A file's dataset is found by its header; a header that fits none, or cannot be used, is refused in one sentence. */
class HeaderTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        order_id,customer_name,product_name,quantity,unit_price | orders: 5 of 5 required columns
        Order ID,customer_name,product_name,quantity,unit_price | orders: 5 of 5 required columns; "Order ID" read as order_id
        `\uFEFFUNIT-PRICE, quantity ,ProductName,CUSTOMER_NAME,order id` | orders: 5 of 5 required columns; "UNIT-PRICE" read as unit_price; " quantity " read as quantity; "ProductName" read as product_name; "CUSTOMER_NAME" read as customer_name; "order id" read as order_id
        order_id,customer_name,product_name,quantity,unit_price,gift_note, channel ,, | orders: 5 of 5 required columns; 2 columns kept: gift_note, channel
        order_id,customer_name,product_name,quantity,unit_price,Total Amount,processing_status,source_line,_source,_line,_errors | orders: 5 of 5 required columns; "Total Amount" read as total_amount; 2 columns ignored: processing_status, source_line
        order_id,customer_name,product_name,quantity,unit_price,source,_source | orders: 5 of 5 required columns; 1 column kept: source
        sensor_id,timestamp,status | sensors: 3 of 3 required columns
        `\uFEFF\uFEFFsensor_id,\uFEFFtimestamp,status,\uFEFF=1+1` | sensors: 3 of 3 required columns; 1 column kept: =1+1
        sensor_id,timestamp,status,'=1+1 | sensors: 3 of 3 required columns; 1 column kept: '=1+1
        sensor_id,timestamp,status,'=1+1,_errors | sensors: 3 of 3 required columns; 1 column kept: =1+1
        a,b,c | orders.csv: found columns a, b, c, expected those of orders, sales or sensors
        `` | orders.csv: found column (no name), expected those of orders, sales or sensors
        customer_name,product_name,unit_price,price | orders.csv: found columns customer_name, product_name, unit_price, price, expected those of a dataset; nearest is orders, which also needs order_id, quantity
        order_id,customer_name,product_name,quantity,unit_price,Quantity | orders.csv: found a column more than once: "quantity", "Quantity", expected each column once
        order_id,customer_name,product_name,quantity,unit_price,note,Note,email,E-Mail | orders.csv: found columns more than once: "note", "Note", "email", "E-Mail", expected each column once
        order_id,customer_name,product_name,quantity,unit_price,_errors,_ERRORS | orders.csv: found a column more than once: "_errors", "_ERRORS", expected each column once
        """)
    void aHeaderIsRecognisedOrRefused(String header, String expected) {
        assertEquals(expected, shown(Declared.SHIPPED.recognise("orders.csv", cells(header))));
    }

    @Test
    void aLongHeaderGivesABoundedSentence() {
        List<String> header = new java.util.ArrayList<>(java.util.Collections.nCopies(5000, "x".repeat(1000)));
        String sentence = shown(Declared.SHIPPED.recognise("a.csv", header));
        assertTrue(sentence.endsWith("… and 4985 more, expected those of orders, sales or sensors"), sentence);
        assertTrue(sentence.length() < 1200);
    }

    @Test
    void repairColumnsAreFound() {
        Columns columns = ((HeaderMatch.Fits)
                        Declared.shipped("sensors").match(cells("_source,sensor_id,_line,timestamp,status,_errors")))
                .columns();
        assertTrue(columns.isRepair());
        assertEquals(0, columns.sourceIndex().orElseThrow());
        assertEquals(2, columns.lineIndex().orElseThrow());
        assertEquals(List.of(1, 3, 4), columns.ownIndexes());
        Columns ordinary = ((HeaderMatch.Fits)
                        Declared.shipped("sensors").match(cells("sensor_id,timestamp,status,_line")))
                .columns();
        assertFalse(ordinary.isRepair());
    }

    @Test
    void severalDatasetsMayFit(@TempDir Path directory) throws IOException {
        String yaml =
                "name: %s\ntable: Abc\nkey: id\n%s\nschema:\n  fields:\n    - {name: id, constraints: {required: true}}\n    - {name: %s}\n";
        Files.writeString(directory.resolve("a.yaml"), yaml.formatted("aa", "", "x"));
        Files.writeString(directory.resolve("b.yaml"), yaml.formatted("bb", "unknownColumns: refuse", "y"));
        Files.writeString(
                directory.resolve("c.yaml"),
                yaml.formatted("cc", "path: [in/*.csv, '**/c?.csv']\ndialect: {delimiter: ';'}", "z"));
        Datasets datasets = Datasets.load(directory);
        assertEquals("aa: 1 of 1 required columns", shown(datasets.recognise("f.csv", cells("id,x"))));
        assertEquals("bb: 1 of 1 required columns", shown(datasets.recognise("f.csv", cells("id,y"))));
        assertEquals(
                "aa: 1 of 1 required columns; 1 column kept: w", shown(datasets.recognise("f.csv", cells("id,w"))));
        assertEquals(
                "f.csv: found a header that fits aa, bb alike, expected columns that only one of them has",
                shown(datasets.recognise("f.csv", cells("id"))));
        assertEquals("cc: 1 of 1 required columns", shown(datasets.recognise("in/f.csv", cells("id"))));
        assertEquals("cc: 1 of 1 required columns", shown(datasets.recognise("c1.csv", cells("id"))));
        assertEquals(2, datasets.dialects("x/y/c1.csv").size());
        assertEquals(1, datasets.dialects("in/x/f.csv").size());
        Dialect semicolon = datasets.named("cc").orElseThrow().dialect();
        Dialect comma = datasets.named("aa").orElseThrow().dialect();
        assertEquals(
                "cc: 1 of 1 required columns",
                shown(datasets.recognise("in/f.csv", Map.of(semicolon, cells("id,z"), comma, cells("id;z")))));
    }

    @Test
    void unknownColumnsAreRefusedOrIgnoredAsDeclared() {
        Dataset refusing = Declared.with("name: x", "unknownColumns: refuse\n");
        assertEquals(
                new HeaderMatch.Refused("the unknown columns y, z", "only columns of test", 2),
                refusing.match(cells("id,x,y,z")));
        Dataset ignoring = Declared.with("name: x", "unknownColumns: ignore\n");
        assertEquals(
                List.of("y"),
                ((HeaderMatch.Fits) ignoring.match(cells("id,y"))).columns().ignored());
    }

    private static List<String> cells(String header) {
        return Arrays.asList((header == null ? "" : header).split(",", -1));
    }

    private static String shown(Recognition recognition) {
        if (recognition instanceof Recognised recognised) {
            return recognised.dataset().name() + ": " + recognised.columns().summary();
        }
        return ((Unrecognised) recognition).sentence();
    }
}
