package pipeline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One line on a terminal says how far a long file has got. */
class ProgressTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void rowsRateRejectsAndTheTimeLeft() {
        assertEquals(
                "orders-2026.csv   38 % of 1.1 GB   3,812,004 of 10,000,000 rows   91,400 rows/s   312 rejected   1:07 left",
                Progress.text(
                        new Progress.Look(
                                "orders-2026.csv", true, 418_000_001, 1_100_000_000, 3_812_004, 10_000_000, 312),
                        91_400));
    }

    @Test
    void beforeTheFirstRowTheFileIsLookedThrough() {
        assertEquals(
                "orders-2026.csv   12 % of 1.1 GB looked through",
                Progress.text(new Progress.Look("orders-2026.csv", false, 132_000_000, 1_100_000_000, 0, 0, 0), 0));
    }

    @Test
    void withoutARateNothingIsForetold() {
        assertEquals(
                "a.csv   0 % of 9.0 MB   25 of 120,000 rows   0 rows/s",
                Progress.text(new Progress.Look("a.csv", true, 16_384, 9_000_000, 25, 120_000, 0), 0));
    }

    @Test
    void thePaceIsThatOfTheLastTenSeconds() {
        Pace pace = new Pace();
        assertEquals(0, pace.rowsPerSecond());
        for (long second = 0; second <= 20; second++) {
            pace.add(second * SECOND, second <= 10 ? second * 100 : 1_000 + (second - 10) * 10);
        }
        assertEquals(10, pace.rowsPerSecond());
        pace.add(21 * SECOND, 0); // a retry reads from the start
        assertEquals(0, pace.rowsPerSecond());
        pace.add(23 * SECOND, 400);
        assertEquals(200, pace.rowsPerSecond());
    }

    @Test
    void theTimeBeforeTheFirstRowDoesNotCount() {
        Pace pace = new Pace();
        pace.add(0, 0);
        pace.add(5 * SECOND, 0);
        pace.add(6 * SECOND, 0);
        pace.add(8 * SECOND, 1_000);
        assertEquals(500, pace.rowsPerSecond());
    }

    @Test
    void whateverElseIsPrintedTakesTheLinesPlace() {
        ByteArrayOutputStream terminal = new ByteArrayOutputStream();
        StatusLine line = new StatusLine(terminal, StandardCharsets.UTF_8);
        line.show("a 1 %");
        line.show("a 2 %");
        new PrintStream(line, true, StandardCharsets.UTF_8).print("a.csv completed\n");
        line.clear();
        assertEquals(
                "\r\u001B[K\u001B[?7la 1 %\u001B[?7h\r\u001B[K\u001B[?7la 2 %\u001B[?7h\r\u001B[Ka.csv completed\n",
                terminal.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aTerminalMustBeAbleToMoveItsCursor() {
        assertTrue(Terminal.movesCursor(Map.of("TERM", "xterm-256color")));
        assertFalse(Terminal.movesCursor(Map.of("TERM", "dumb")));
        assertFalse(Terminal.movesCursor(Map.of()));
    }
}
