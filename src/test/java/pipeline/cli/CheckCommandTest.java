package pipeline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code check} says what would become of a file, in the words of the rejects file and the ledger. */
class CheckCommandTest {
    @TempDir
    private Path folder;

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void everyProblemWithItsLineThenTheTotals() {
        assertEquals(new Cli(3, """
                        sample-data/orders-some-bad.csv: 10 rows, dataset orders (5 of 5 required columns; "Order ID" read as order_id)
                          line 4, quantity: found '-5', expected an integer of at least 1
                          line 7, unit_price: found 'abc', expected a decimal such as 12.50
                          line 9: found 4 fields, expected 5
                        would store 7, reject 3; about 7 write units, $0.0000044, under a second
                        first item: order_id S TEST001 | customer_name S Nora Vance | product_name S Wireless mouse | quantity N 1 | unit_price N 29.99 | total_amount N 29.99 | processing_status S completed | processed_timestamp S (time of first claim and line) | source_file S orders-some-bad.csv | source_line N 2
                        """, ""), Cli.run("check", "sample-data/orders-some-bad.csv"));
    }

    @Test
    void severalFilesStandApart() {
        assertEquals(new Cli(3, """
                        would be refused: sample-data/picture.csv: found a PNG image, expected CSV text

                        sample-data/bad-data.csv: 4 rows, dataset orders (5 of 5 required columns)
                          line 2, order_id: found nothing, expected a value
                          line 3, quantity: found '-5', expected an integer of at least 1
                          line 4, unit_price: found 'abc', expected a decimal such as 12.50
                          line 5: found 4 fields, expected 5
                        would store 0, reject 4; the file would be refused, since no row could be stored
                        """, ""), Cli.run("check", "sample-data/picture.csv", "sample-data/bad-data.csv"));
    }

    @ParameterizedTest
    @CsvSource({
        "orders.csv, 0",
        "orders-excel.csv, 0",
        "orders-with-extras.csv, 0",
        "sales-transactions.csv, 0",
        "sensor-readings.csv, 0",
        "orders-some-bad.csv, 3",
        "bad-data.csv, 3",
        "picture.csv, 3"
    })
    void exitStatusIsZeroWhereEveryRowWouldBeStored(String file, int status) {
        assertEquals(status, Cli.run("check", "sample-data/" + file).status());
        assertEquals(status, Cli.run("check", "--json", "sample-data/" + file).status());
    }

    @Test
    void jsonIsOneDocument() throws IOException {
        String bad = file(
                "ä.csv",
                "Order ID,customer_name,product_name,quantity,unit_price,note\nA,Zoë,Mug,1,2.50,x\nB,Zoë,Mug,0,2.50,\n");
        String json = """
                [{"file":"FOLDER\\u00E4.csv","dataset":"orders","rows_read":2,"columns":[\
                {"header":"Order ID","is":"field","name":"order_id"},\
                {"header":"customer_name","is":"field","name":"customer_name"},\
                {"header":"product_name","is":"field","name":"product_name"},\
                {"header":"quantity","is":"field","name":"quantity"},\
                {"header":"unit_price","is":"field","name":"unit_price"},\
                {"header":"note","is":"kept","name":"note"}],"repairs":false,"problems":[\
                {"line":3,"column":"quantity","found":"'0'","expected":"an integer of at least 1",\
                "text":"quantity: found '0', expected an integer of at least 1"}],\
                "rows_with_further_problems":0,"would_store":1,"would_reject":1,"write_units":1,"dollars":0.000000625,"seconds":0,"limited_by":"table","first_item":{\
                "order_id":{"S":"A"},"customer_name":{"S":"Zo\\u00EB"},"product_name":{"S":"Mug"},\
                "quantity":{"N":"1"},"unit_price":{"N":"2.5"},"note":{"S":"x"},"total_amount":{"N":"2.5"},\
                "processing_status":{"S":"completed"},"source_file":{"S":"\\u00E4.csv"},"source_line":{"N":"2"}}},\
                {"file":"sample-data/picture.csv","refused":"picture.csv: found a PNG image, expected CSV text",\
                "rows_read":0,"would_store":0,"would_reject":0}]
                """.replace("FOLDER", folder + "/");
        assertEquals(new Cli(3, json, ""), Cli.run("check", "--json", bad, "sample-data/picture.csv"));
    }

    @Test
    void afterAHundredProblemsRowsAreOnlyCountedUnlessAllAreWanted() throws IOException {
        String header = "order_id,customer_name,product_name,quantity,unit_price\n";
        String file = file("many.csv", header + "A,B,C,0,1\n".repeat(1_250));
        Cli some = Cli.run("check", file);
        assertTrue(some.out().endsWith("""
                          line 101, quantity: found '0', expected an integer of at least 1
                          ... and 1,150 more rows with problems (--all prints them)
                        would store 0, reject 1,250; the file would be refused, since no row could be stored
                        """), some.out());
        Cli all = Cli.run("check", "--all", file);
        assertEquals(1_252, all.out().lines().count());
    }

    @Test
    void aRejectsFileIsCheckedAsOrdinaryRowsAndSaysSo() throws IOException {
        String file = file(
                "orders.rejects.csv",
                "order_id,customer_name,product_name,quantity,unit_price,_source,_line,_errors\n"
                        + "A,'=B,C,1,2,orders.csv@1,3,quantity: found nothing\n");
        assertEquals(
                """
                FILE: 1 row, dataset orders (5 of 5 required columns)
                  has a column _errors, so it repairs earlier files; which rows those had rejected only the ledger knows, and here each row is checked as an ordinary one
                would store 1, reject 0; about 1 write unit, $0.00000063, under a second
                first item: order_id S A | customer_name S =B | product_name S C | quantity N 1 | unit_price N 2 | total_amount N 2 | processing_status S completed | processed_timestamp S (time of first claim and line) | source_file S store-7/orders.rejects.csv | source_line N 2
                """.replace("FILE", file),
                Cli.run("check", "--folder", "raw-data/store-7", file).out());
    }

    @Test
    void aHeaderAloneIsFine() throws IOException {
        String file = file("none.csv", "order_id,customer_name,product_name,quantity,unit_price\n");
        assertEquals(
                new Cli(0, file + ": 0 rows, dataset orders (5 of 5 required columns)\nwould store 0, reject 0\n", ""),
                Cli.run("check", file));
    }

    @Test
    void aPathThatIsNoFileIsAMistakeAndNothingIsRead() {
        assertEquals(new Cli(2, "", """
                        nope.csv: found no such file, expected a CSV file on this machine
                        sample-data: found a directory, expected a CSV file; name the files in it
                        """), Cli.run("check", "nope.csv", "sample-data/orders.csv", "sample-data"));
    }

    @Test
    void whatTakesLongerSaysByWhichPace() throws IOException {
        String header = "order_id,customer_name,product_name,quantity,unit_price,note\n";
        // 1,025 bytes and more an item: two write units.
        String wide = file("wide.csv", header + ("A,B,C,1,2," + "x".repeat(1_000) + "\n").repeat(60_000));
        assertTrue(
                Cli.run("check", wide)
                        .out()
                        .contains(
                                "would store 60,000, reject 0; about 120,000 write units, $0.075, 3.0 s at 40,000 write units a second, which a table takes by default\n"));
        String bad = file("bad.csv", header + "A,B,C,1,2,\n" + "A,B,C,0,2,\n".repeat(190_000));
        assertTrue(
                Cli.run("check", bad)
                        .out()
                        .contains(
                                "would store 1, reject 190,000; about 1 write unit, $0.00000063, 2.0 s at 93,000 rows a second, as measured on 2 cores\n"));
    }
}
