package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows that come back with {@code _source}, {@code _line} and {@code _errors}, and rubbish in them. */
class ASheetOfRejectsTest extends FaultSpecs {
    private static final String HEADER = Orders.HEADER.strip() + ",_source,_line,_errors\n";

    /** What names no file version that the ledger knows is an ordinary row, be it no key for a table at all. */
    @Test
    void mayNameAnythingAsItsSource() {
        List<String> sources = List.of(
                "", "@", "x@", "@x", "x@y", "y".repeat(3000) + "@z", "z@" + "y".repeat(3000), "\"\n@\n\"", "=@=");
        StringBuilder sheet = new StringBuilder(HEADER);
        for (int i = 0; i < sources.size(); i++) {
            sheet.append("A%d,Nora Vance,Wireless mouse,1,29.99,%s,2,\n".formatted(i, sources.get(i)));
        }
        sandbox.drop("sheet.csv", sheet.toString());

        pipeline.workOff();

        assertCompleted("sheet.csv", 1, sources.size(), 0);
        assertPromises(List.of());
    }

    /** Somebody edited the rejects file where it lies, and left a quote open: it is no record of lines any more. */
    @Test
    void isAnsweredWhereTheRejectsOfItsSourceCannotBeRead() {
        sandbox.drop("orders.csv", Orders.goodAndOneBad(1));
        pipeline.workOff();
        String rejects = sandbox.text("failed-data/orders.rejects.csv");
        sandbox.put("failed-data/orders.rejects.csv", (rejects + "\"open,").getBytes(StandardCharsets.UTF_8));
        sandbox.drop("sheet.csv", rejects.replace(",none,", ",2,"));

        pipeline.workOff();

        assertEquals(1, sandbox.entry("sheet.csv").rowsRejected());
        String back = sandbox.text(sandbox.entry("sheet.csv").rejects().orElseThrow());
        assertTrue(back.contains("expected a file whose rejects file is still there"), back);
        assertPromises(List.of("failed-data/orders.rejects.csv"));
    }

    private void assertPromises(List<String> edited) {
        Found found = Found.in(sandbox, pipeline).except(edited);
        found.assertPromises();
        found.assertCounts();
    }
}
