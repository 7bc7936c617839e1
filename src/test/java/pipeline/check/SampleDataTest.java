package pipeline.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pipeline.dataset.Declared;
import pipeline.dataset.Recognition.Recognised;

/** The shipped datasets make of the shipped sample files what the README shows. */
class SampleDataTest {
    @ParameterizedTest
    @CsvSource({
        "orders.csv, orders, 12, 0",
        "orders-with-extras.csv, orders, 10, 0",
        "orders-some-bad.csv, orders, 7, 3",
        "orders-excel.csv, orders, 6, 0",
        "sales-transactions.csv, sales, 20, 0",
        "sensor-readings.csv, sensors, 15, 0",
        "bad-data.csv, orders, 0, 4",
    })
    void everySampleIsReadAsItsName(String file, String dataset, int accepted, int rejected) throws IOException {
        Batch.Parted parted = parted(file, dataset);
        assertEquals(accepted, parted.accepted().size());
        assertEquals(rejected, parted.rejected().size());
    }

    @Test
    void theBadOnesSayWhy() throws IOException {
        assertEquals(
                List.of(
                        "quantity: found '-5', expected an integer of at least 1",
                        "unit_price: found 'abc', expected a decimal such as 12.50",
                        "found 4 fields, expected 5"),
                reasons("orders-some-bad.csv"));
        assertEquals(
                List.of(
                        "order_id: found nothing, expected a value",
                        "quantity: found '-5', expected an integer of at least 1",
                        "unit_price: found 'abc', expected a decimal such as 12.50",
                        "found 4 fields, expected 5"),
                reasons("bad-data.csv"));
    }

    private static List<String> reasons(String file) throws IOException {
        return parted(file, "orders").rejected().stream()
                .map(RejectedRow::reasons)
                .toList();
    }

    private static Batch.Parted parted(String file, String expected) throws IOException {
        try (var reader = new InputStreamReader(Files.newInputStream(Path.of("sample-data", file)), "UTF-8")) {
            List<CSVRecord> records =
                    Declared.shipped("orders").csvFormat().parse(reader).getRecords();
            Recognised found =
                    (Recognised) Declared.SHIPPED.recognise(file, records.get(0).toList());
            assertEquals(expected, found.dataset().name());
            RowChecker checker = new RowChecker(found.dataset(), found.columns(), Rows.ORIGINS);
            List<Row> rows = new ArrayList<>();
            for (CSVRecord record : records.subList(1, records.size())) {
                rows.add(checker.row(record.getRecordNumber(), record.toList()));
            }
            return new Batch(rows).part(Rows.violations(new Batch(rows)));
        }
    }
}
