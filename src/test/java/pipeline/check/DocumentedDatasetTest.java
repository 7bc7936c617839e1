package pipeline.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import pipeline.dataset.Columns;
import pipeline.dataset.Dataset;
import pipeline.dataset.Declared;
import pipeline.dataset.HeaderMatch;

/** The example of docs/datasets.md does what it is there to show. */
class DocumentedDatasetTest {
    @Test
    void theInvoicesOfTheManual() throws IOException {
        String manual = Files.readString(Path.of("docs/datasets.md"));
        Dataset invoices = Declared.from(block(manual, "yaml"));
        List<CSVRecord> records = invoices.csvFormat()
                .parse(new StringReader(block(manual, "csv")))
                .getRecords();
        Columns columns = ((HeaderMatch.Fits) invoices.match(records.get(0).toList())).columns();
        RowChecker checker = new RowChecker(invoices, columns, Rows.ORIGINS);
        List<Row> rows = records.stream()
                .skip(1)
                .map(record -> checker.row(record.getRecordNumber(), record.toList()))
                .toList();
        assertEquals(5, columns.requiredTotal());
        assertEquals("1249.5", rows.get(0).item().get("net").n());
        assertEquals("237.41", rows.get(0).item().get("vat").n());
        assertEquals("1486.91", rows.get(0).item().get("gross").n());
        assertEquals(true, rows.get(0).item().get("paid").bool());
        assertEquals("4.3.2026", rows.get(1).item().get("issued").s());
        assertEquals(false, rows.get(2).item().containsKey("paid"));
        assertEquals(
                "invoice_no: found 'INV-4714', expected text matching INV-[0-9]{6}; "
                        + "issued: found '31.02.2026', expected a date such as 23.11.2026; "
                        + "net: found '12.50', expected a decimal such as 12,50; "
                        + "paid: found 'maybe', expected yes or no",
                Rows.problems(rows.get(3)));
    }

    private static String block(String manual, String language) {
        String fence = "```" + language + "\n";
        int start = manual.lastIndexOf(fence) + fence.length();
        return manual.substring(start, manual.indexOf("```", start));
    }
}
