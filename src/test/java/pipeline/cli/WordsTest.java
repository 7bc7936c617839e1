package pipeline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "PT-5S, 0 s",
        "PT0.9S, 0 s",
        "PT59S, 59 s",
        "PT1M, 1 min",
        "PT59M59S, 59 min",
        "PT1H, 1 h",
        "PT47H59M, 47 h",
        "P2D, 2 d",
        "P400D, 400 d"
    })
    void timesAgo(Duration since, String words) {
        assertEquals(words, Words.ago(since));
    }

    @ParameterizedTest
    @CsvSource({"0, 0:00", "68, 1:08", "3599, 59:59", "3668, 1:01:08", "360000, 100:00:00"})
    void timesToCome(long seconds, String words) {
        assertEquals(words, Words.clock(seconds));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "999, 999 bytes",
        "1200, 1.2 kB",
        "9960, 10 kB",
        "999600, 1.0 MB",
        "412000000, 412 MB",
        "1100000000, 1.1 GB",
        "1234000000000000, 1234 TB"
    })
    void sizes(long bytes, String words) {
        assertEquals(words, Words.size(bytes));
    }

    @Test
    void counts() {
        assertEquals("1 row", Words.count(1, "row"));
        assertEquals("1,204 rows", Words.count(1204, "row"));
    }

    @Test
    void argumentsAreQuotedWhereAShellNeedsIt() {
        assertEquals("store-7/jan.csv@0af", Words.argument("store-7/jan.csv@0af"));
        assertEquals("'store 7/jan'\\''s.csv'", Words.argument("store 7/jan's.csv"));
        assertEquals("'-x'", Words.argument("-x"));
        assertEquals("''", Words.argument(""));
        assertEquals("$'it\\'s\\\\\\n\\u001B.csv'", Words.argument("it's\\\n\u001B.csv"));
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', textBlock = """
        0            | $0
        0.000004375  | $0.0000044
        0.0523       | $0.052
        0.1          | $0.10
        0.256        | $0.26
        0.999        | $1.00
        6.2525       | $6.25
        12345.678    | $12,345.68
        """)
    void anAmountHasTwoDigitsThatCountOrCents(BigDecimal amount, String words) {
        assertEquals(words, Words.dollars(amount));
    }
}
