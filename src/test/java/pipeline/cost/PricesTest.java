package pipeline.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pipeline.settings.ConfigurationException;

class PricesTest {
    private final Prices prices = Prices.load(Prices.FILE);

    @ParameterizedTest(name = "a million of {0}: {1}")
    @CsvSource({
        "ROW_WRITE_UNITS, 0.625",
        "LEDGER_WRITE_UNITS, 0.625",
        "LEDGER_INDEX_WRITE_UNITS, 0.625",
        "LEDGER_READ_UNITS, 0.125",
        "S3_PUTS, 5",
        "S3_GETS, 0.4",
        "SQS_REQUESTS, 0.4",
        "SNS_REQUESTS, 0.5",
        "SNS_EMAILS, 20"
    })
    void areExactForHalfUnitsToo(Charge charge, BigDecimal million) {
        assertEquals(0, million.compareTo(prices.of(charge, 1_000_000)));
        assertEquals(0, million.divide(BigDecimal.valueOf(2_000_000)).compareTo(prices.of(charge, 0.5)), "half a unit");
    }

    @Test
    void thoseOfTheJarHoldWhereTheFileIsMissing() {
        assertEquals(prices, Prices.load(Path.of("no-such-directory", "prices.yaml")));
        assertEquals("us-east-1", prices.region());
        assertEquals("USD", prices.currency());
    }

    @Test
    void aSumIsThatOfItsKinds() {
        Usage usage = new Usage()
                .add(Charge.ROW_WRITE_UNITS, 1_000)
                .add(Charge.LEDGER_WRITE_UNITS, 2)
                .add(Charge.LEDGER_READ_UNITS, 0.5)
                .add(Charge.S3_PUTS, 2);
        assertEquals(0, new BigDecimal("0.000625").compareTo(prices.of(usage, Kind.ROWS)));
        assertEquals(0, new BigDecimal("0.0000013125").compareTo(prices.of(usage, Kind.LEDGER)));
        assertEquals(0, new BigDecimal("0.00001").compareTo(prices.of(usage, Kind.S3)));
        assertEquals(0, new BigDecimal("0.0006363125").compareTo(prices.of(usage)));
    }

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
        region: us-east-1 | region: | prices.yaml line 5: found nothing as region, expected one value
        date: 2026-11-28 | date: soon | prices.yaml line 6: found 'soon' as date, expected a day such as 2026-11-28
        currency: USD | currency: EUR | prices.yaml line 7: found 'EUR' as currency, expected USD
        price: 0.625 | price: cheap | prices.yaml line 10: found 'cheap' as price, expected a price such as 0.625
        price: 0.625 | price: -1 | prices.yaml line 10: found '-1' as price, expected a price such as 0.625
        per: 1000000 | per: 3 | prices.yaml line 11: found '3' as per, expected 1, 1000, 100000 or another power of ten
        per: 1000000 | per: 0 | prices.yaml line 11: found '0' as per, expected 1, 1000, 100000 or another power of ten
        sqs-request: | sqs-requests: | prices.yaml line 27: found the unknown key sqs-requests (did you mean sqs-request?), expected one of region, date, currency, dynamodb-read-unit, dynamodb-write-unit, s3-get, s3-put, sns-email, sns-request or sqs-request
        sns-email: | # | prices.yaml line 37: found price a second time, expected each key once
        """)
    void aMistakeIsOneSentenceWithItsLine(String right, String wrong, String sentence) throws IOException {
        String text = Files.readString(Prices.FILE).replaceFirst(right, wrong);
        ConfigurationException mistake = assertThrows(
                ConfigurationException.class, () -> Prices.read("prices.yaml", text.getBytes(StandardCharsets.UTF_8)));
        assertEquals(sentence, mistake.getMessage());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        region: r | prices.yaml line 1: found no date, expected the day on which the prices were looked up, such as 2026-11-28
        - a | prices.yaml line 1: found a list, expected the keys of prices
        # | prices.yaml: found an empty file, expected prices
        """)
    void soIsWhatIsMissing(String text, String sentence) {
        ConfigurationException mistake = assertThrows(
                ConfigurationException.class, () -> Prices.read("prices.yaml", text.getBytes(StandardCharsets.UTF_8)));
        assertEquals(sentence, mistake.getMessage());
    }
}
