package pipeline.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What each type and constraint makes of a cell: an attribute such as {@code N 12.5}, nothing, or what was expected. */
class FieldTest {
    @ParameterizedTest(name = "{0}: [{1}] is {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
        type: string | ` kept as is ` | ` S  kept as is `
        type: string | `` | absent
        type: string | `  \u00a0 ` | absent
        type: string, constraints: {required: true} | ` ` | expected a value
        type: string, constraints: {minLength: 3} | ab | expected text of at least 3 characters
        type: string, constraints: {maxLength: 2} | 😀😀 | S 😀😀
        type: string, constraints: {maxLength: 1} | ab | expected text of at most 1 character
        type: string, constraints: {minLength: 2, maxLength: 4} | a | expected text of 2 to 4 characters
        type: string, constraints: {minLength: 2, maxLength: 2} | a | expected text of 2 characters
        type: string, constraints: {pattern: '[A-Z]+-\\d+'} | A-1 | S A-1
        type: string, constraints: {pattern: '[A-Z]+-\\d+'} | A-1x | expected text matching [A-Z]+-\\d+
        type: string, constraints: {maxLength: 3, pattern: '[A-Z]*'} | abcd | expected text of at most 3 characters matching [A-Z]*
        type: string, constraints: {enum: [red, green, blue]} | green | S green
        type: string, constraints: {enum: [red, green, blue]} | pink | expected one of 'red', 'green' or 'blue'
        type: string, format: email | ana@example.com | S ana@example.com
        type: string, format: email | o'hara+x@mail.exämple.org | S o'hara+x@mail.exämple.org
        type: string, format: email | ana@localhost | expected an e-mail address such as ana@example.com
        type: string, format: email | ana..b@example.com | expected an e-mail address such as ana@example.com
        type: string, format: email | ana@@example.com | expected an e-mail address such as ana@example.com
        type: string, format: email | ana@-example.com | expected an e-mail address such as ana@example.com
        type: string, format: email | ana b@example.com | expected an e-mail address such as ana@example.com
        type: string, format: email | @example.com | expected an e-mail address such as ana@example.com
        type: string, format: email | ana@example. | expected an e-mail address such as ana@example.com
        type: string, format: email, constraints: {maxLength: 5} | ana@example.com | expected an e-mail address such as ana@example.com, of at most 5 characters
        type: string, format: uri | https://example.com/a?b=c | S https://example.com/a?b=c
        type: string, format: uri | example | expected a URI such as https://example.com/a
        type: string, format: uuid | 123E4567-e89b-12d3-a456-426614174000 | S 123E4567-e89b-12d3-a456-426614174000
        type: string, format: uuid | 123e4567e89b12d3a456426614174000 | expected a UUID such as 123e4567-e89b-12d3-a456-426614174000
        type: integer | ` 42 ` | N 42
        type: integer | +7 | N 7
        type: integer | -0 | N 0
        type: integer | 99999999999999999999999999999999999999 | N 99999999999999999999999999999999999999
        type: integer | 123456789012345678901234567890123456789 | expected a number of at most 38 digits
        type: integer | 1.0 | expected an integer
        type: integer | 1e3 | expected an integer
        type: integer | ٣ | expected an integer
        type: integer | - | expected an integer
        type: integer, constraints: {minimum: 1} | -5 | expected an integer of at least 1
        type: integer, constraints: {minimum: 1} | abc | expected an integer of at least 1
        type: integer, constraints: {maximum: 9} | 10 | expected an integer of at most 9
        type: integer, constraints: {minimum: 1, maximum: 5} | 6 | expected an integer from 1 to 5
        type: integer, constraints: {enum: [1, 2, 4]} | 3 | expected one of 1, 2 or 4
        type: integer, groupChar: ',' | `1,234,567` | N 1234567
        type: integer, groupChar: ',' | `12,34,567` | N 1234567
        type: integer, groupChar: ',' | `1,23` | expected an integer
        type: integer, groupChar: ',' | `1,,234` | expected an integer
        type: integer, groupChar: ',' | `1,234,` | expected an integer
        type: number, decimalChar: ',', groupChar: . | 12.50 | expected a decimal such as 12,50
        type: integer, groupChar: ',' | `,234` | expected an integer
        type: number | 12.50 | N 12.5
        type: number | 100 | N 100
        type: number | .5 | N 0.5
        type: number | 5. | N 5
        type: number | 1.5E+3 | N 1500
        type: number | 1e-130 | N 1E-130
        type: number | 1e-131 | expected a number from 1E-130 to 9.99E+125
        type: number | 9.99e125 | N 9.99E+125
        type: number | 1e126 | expected a number from 1E-130 to 9.99E+125
        type: number | 1e999999 | expected a decimal such as 12.50
        type: number | 0.00000000000000000000000000000000000001 | N 0.00000000000000000000000000000000000001
        type: number | 1.00000000000000000000000000000000000000000000000 | N 1
        type: number | NaN | expected a decimal such as 12.50
        type: number | 1,5 | expected a decimal such as 12.50
        type: number | 12.5.0 | expected a decimal such as 12.50
        type: number | . | expected a decimal such as 12.50
        type: number | € 5 | expected a decimal such as 12.50
        type: number, example: 0.25 | x | expected a decimal such as 0.25
        type: number, decimalChar: ',', groupChar: . | 1.234,50 | N 1234.5
        type: number, decimalChar: ',' | 1.50 | expected a decimal such as 12,50
        type: number, constraints: {minimum: 0, maxDecimals: 4} | abc | expected a decimal such as 12.50
        type: number, constraints: {minimum: 0, maxDecimals: 4} | -0.01 | expected a decimal of at least 0 with at most 4 decimals
        type: number, constraints: {minimum: 0, maxDecimals: 4} | 1.23456 | expected a decimal of at least 0 with at most 4 decimals
        type: number, constraints: {minimum: 0, maxDecimals: 4} | 1.234500 | N 1.2345
        type: number, constraints: {maximum: 1} | abc | expected a decimal of at most 1
        type: number, constraints: {required: true, minimum: 0, maximum: 100} | `` | expected a decimal from 0 to 100
        type: boolean | true | BOOL true
        type: boolean | 0 | BOOL false
        type: boolean | yes | expected true or false
        type: boolean, trueValues: ['yes'], falseValues: ['no'] | ` no ` | BOOL false
        type: boolean, trueValues: ['yes'], falseValues: ['no'] | true | expected yes or no
        type: date | ` 2026-02-28 ` | S 2026-02-28
        type: date | 2026-02-29 | expected a date such as 2026-11-23
        type: date | 2026-2-8 | expected a date such as 2026-11-23
        type: date | +2026-02-08 | expected a date such as 2026-11-23
        type: date | 23/11/2026 | expected a date such as 2026-11-23
        type: date, format: '%d/%m/%Y' | 3/7/2026 | S 3/7/2026
        type: date, format: '%d/%m/%Y' | 31/02/2026 | expected a date such as 23/11/2026
        type: date, format: '%Y%m%d' | 20261123 | S 20261123
        type: date, format: '%d %b %y' | 5 nov 26 | S 5 nov 26
        type: date, constraints: {minimum: '2020-01-01'} | 2019-12-31 | expected a date such as 2026-11-23, not before 2020-01-01
        type: date, constraints: {maximum: '2020-01-01'} | 2020-01-02 | expected a date such as 2026-11-23, not after 2020-01-01
        type: datetime | 2026-11-23T14:30:15Z | S 2026-11-23T14:30:15Z
        type: datetime | 2026-11-23 14:30 | S 2026-11-23 14:30
        type: datetime | 2026-11-23T14:30:15.123+01:00 | S 2026-11-23T14:30:15.123+01:00
        type: datetime | 2026-11-23 | expected a date and time such as 2026-11-23T14:30:15Z
        type: datetime | 2026-11-23T25:00:00 | expected a date and time such as 2026-11-23T14:30:15Z
        type: datetime | 2026-11-2314:30 | expected a date and time such as 2026-11-23T14:30:15Z
        type: datetime, format: '%m/%d/%Y %I:%M %p' | 11/23/2026 2:30 PM | S 11/23/2026 2:30 PM
        type: datetime, format: '%Y-%m-%dT%H:%M:%S%z' | 2026-11-23T14:30:15+0100 | S 2026-11-23T14:30:15+0100
        type: datetime, format: '%Y-%m-%dT%H:%M:%S%z' | 2026-11-23T14:30:15+01:00 | S 2026-11-23T14:30:15+01:00
        type: datetime, format: '%Y-%m-%dT%H:%M:%S%z' | 2026-11-23T14:30:15+01 | S 2026-11-23T14:30:15+01
        type: datetime, format: '%Y-%m-%dT%H:%M:%S%z' | 2026-11-23T14:30:15Z | S 2026-11-23T14:30:15Z
        type: datetime, format: '%Y-%m-%dT%H:%M:%S%z' | 2026-11-23T14:30:15 | expected a date and time such as 2026-11-23T14:30:15Z
        type: datetime, format: '%Y-%m-%dT%H:%M:%S%z' | 2026-11-23T14:30:15+01:00+0100 | expected a date and time such as 2026-11-23T14:30:15Z
        type: datetime, format: '%Y-%m-%dT%H:%M:%S%z' | 2026-11-23T14:30:15ZZ | expected a date and time such as 2026-11-23T14:30:15Z
        type: datetime, format: '%Y-%m-%dT%H:%M:%S%z' | 2026-11-23T14:30:15+1 | expected a date and time such as 2026-11-23T14:30:15Z
        type: datetime, constraints: {minimum: '2026-01-01T00:00:00Z'} | 2026-01-01T00:30:00+01:00 | expected a date and time such as 2026-11-23T14:30:15Z, not before 2026-01-01T00:00:00Z
        type: time | 14:30:15 | S 14:30:15
        type: time | 24:01 | expected a time such as 14:30:15
        type: string, missingValues: [NA, '-'] | ` NA ` | absent
        type: integer, missingValues: [NA, '-'], constraints: {required: true} | - | expected an integer
        type: string, missingValues: [NA] | `` | S
        """)
    void aCellBecomesAnAttributeOrASentence(String declaration, String cell, String expected) {
        Dataset dataset = Declared.with("name: x, " + declaration, "");
        assertEquals(
                expected.strip(),
                shown(dataset.fields().get(1).read(cell == null ? "" : cell)).strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a+)+", "(a|b)*", "(a*)*b"})
    void aPatternThatWouldGoOnWithoutEndDoesNotMatch(String pattern) {
        Field field = Declared.with("name: x, constraints: {pattern: '" + pattern + "'}", "")
                .fields()
                .get(1);
        String expected = "expected text matching " + pattern;
        assertEquals(expected, shown(field.read("a".repeat(40) + "!")));
        assertEquals(expected, shown(field.read("a".repeat(1_000_000) + "!")));
    }

    private static String shown(Cell cell) {
        if (cell instanceof Cell.Unfit unfit) {
            return "expected " + unfit.expected();
        }
        if (cell instanceof Cell.Value value) {
            AttributeValue attribute = value.attribute();
            return attribute.s() != null
                    ? "S " + attribute.s()
                    : attribute.n() != null ? "N " + attribute.n() : "BOOL " + attribute.bool();
        }
        return "absent";
    }
}
