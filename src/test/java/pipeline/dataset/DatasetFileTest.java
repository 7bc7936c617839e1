package pipeline.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pipeline.settings.ConfigurationException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** A mistake in a dataset file is one sentence: file, line, what was found, what was expected. */
class DatasetFileTest {
    private static final String GOOD = """
            name: bills
            table: Bills
            key: id
            upsert: false
            encoding: utf-8
            dialect: {delimiter: ';', quoteChar: "'"}
            unknownColumns: keep
            schema:
              fields:
                - {name: id, constraints: {required: true}}
                - {name: count, type: integer}
                - {name: price, type: number}
                - {name: paid, type: boolean, constraints: {required: true}}
            derived:
              amount: count * price
            constants:
              state: done
            rules:
              - {expression: price >= 0, column: price, expected: no negative price}
            """;

    @TempDir
    Path directory;

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        name: bills | nam: bills | line 1: found the unknown key nam (did you mean name?), expected one of name, title, description, notes, table, key, sortKey, upsert, path, encoding, dialect, unknownColumns, schema, derived, constants or rules
        name: bills | name: Bills! | line 1: found 'Bills!' as name, expected lower-case letters, digits, '.', '_' and '-'
        name: bills | title: x | line 1: found no name, expected the dataset's name
        name: bills | name: [a] | line 1: found a list as name, expected one value
        table: Bills | table: B | line 2: found 'B' as table, expected 3 to 255 letters, digits, '_', '.' and '-'
        key: id | key: ident | line 3: found 'ident' as key, expected one of the fields id, count, price or paid
        key: id | key: count | line 3: found the optional field count as key, expected a field with required: true
        key: id | key: paid | line 3: found the boolean field paid as key, expected a field of another type
        upsert: false | upsert: maybe | line 4: found 'maybe' as upsert, expected true or false
        upsert: false | sortKey: id | line 4: found a sortKey without upsert: true, expected none, since processed_timestamp is it
        utf-8 | utf-9 | line 5: found the unknown encoding utf-9, expected one such as utf-8 or windows-1252
        ';' | '::' | line 6: found '::' as delimiter, expected one character between quotes
        ';' | `"'"` | line 6: found ''' as delimiter and quoteChar, expected two characters
        delimiter: | delimitter: | line 6: found the unknown key delimitter (did you mean delimiter?), expected one of delimiter or quoteChar
        Columns: keep | Columns: drop | line 7: found 'drop' as unknownColumns, expected keep, ignore or refuse
        Columns: keep | `Columns: keep\n\tx: 1` | line 8: found what is not YAML (found character '\\t(TAB)' that cannot start any token. (Do n…), expected indented 'key: value' lines
        Columns: keep | `Columns: keep\nname: x` | line 8: found name a second time, expected each key once
        Columns: keep | `Columns: &a keep\ntitle: *a` | line 8: found a YAML alias, expected the value itself
        type: integer | type: int | line 11: found the unknown type int, expected one of string, integer, number, boolean, date, datetime or time
        type: integer | type: integer, format: x | line 11: found the unknown format x for count, expected no format for type integer
        type: integer | type: date, format: any | line 11: found the unknown format any for count, expected default (ISO 8601) or a pattern of %Y %y %m %d %b %B %H %I %M %S %f %p %z %%
        type: integer | type: date, format: '%Y-%m' | line 11: found the unknown format %Y-%m for count, expected a pattern that tells the whole date
        type: integer | type: integer, constraints: {minLength: 1} | line 11: found the unknown key minLength, expected one of required, minimum, maximum or enum
        type: integer | type: integer, constraints: {minimum: x} | line 11: found 'x' as minimum of count, expected a number such as 12.50
        type: integer | type: integer, constraints: {minimum: 2, maximum: 1} | line 11: found a maximum below the minimum for count, expected at least 2
        type: integer | constraints: {pattern: '['} | line 11: found the pattern '[' (Unclosed character class), expected a regular expression
        type: integer | constraints: {maxLength: -1} | line 11: found '-1' as maxLength, expected a whole number such as 20
        type: integer | constraints: {enum: []} | line 11: found an empty enum for count, expected at least one value
        type: integer | constraints: {required: 1} | line 11: found '1' as required, expected true or false
        type: integer | missingValues: [null] | line 11: found nothing as missingValues, expected a list of values (quote an empty text or null)
        type: number | type: number, groupChar: . | line 12: found '.' as groupChar and decimalChar of price, expected two characters
        name: count | name: ID | line 11: found the field ID after the field id, expected each name once
        name: count | name: Processed-Timestamp | line 11: found the reserved name Processed-Timestamp for a field, expected another name
        name: count | name: _errors | line 11: found the reserved name _errors for a field, expected another name
        amount: count | price: count | line 15: found the derived column price after the field price, expected each name once
        state: done | amount: done | line 17: found the constant amount after the derived column amount, expected each name once
        state: done | state: 0x1F | line 17: found 0x1F as a constant, expected a decimal number, or quotes around a text
        count * price | cuont * price | line 15: found the unknown name cuont in the formula 'cuont * price' for amount, expected fields, numbers, + - * /, comparisons and round, abs, min, max
        count * price | count * id | line 15: found text as a number in the formula 'count * id' for amount, expected fields, numbers, + - * /, comparisons and round, abs, min, max
        count * price | count * | line 15: found no formula (it breaks at column 7) in the formula 'count *' for amount, expected fields, numbers, + - * /, comparisons and round, abs, min, max
        price >= 0 | price + 1 | line 19: found a formula that is neither true nor false, expected a condition
        column: price | column: prize | line 19: found 'prize' as column of a rule, expected one of the fields
        column: price | kolumn: price | line 19: found the unknown key kolumn (did you mean column?), expected one of expression, column or expected
        """)
    void oneSentenceForOneMistake(String good, String bad, String sentence) {
        assertEquals(
                1, GOOD.split(java.util.regex.Pattern.quote(good), -1).length - 1, "the text to replace occurs once");
        String yaml = GOOD.replace(good, bad.replace("\\n", "\n").replace("\\t", "\t"));
        assertEquals("test.yaml " + sentence.replace("\\\\", "\\"), sentence(() -> Declared.from(yaml)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ``            | test.yaml: found an empty file, expected a dataset
        just text     | test.yaml line 1: found 'just text', expected the keys of a dataset
        - a           | test.yaml line 1: found a list, expected the keys of a dataset
        `name: a\\ntable: Abc\\nkey: id` | test.yaml line 1: found no schema, expected a schema with its fields
        `name: a\\ntable: Abc\\nkey: id\\nschema:\\n  fields: []` | test.yaml line 5: found no fields, expected at least one field
        """)
    void aFileThatIsNoDataset(String yaml, String sentence) {
        assertEquals(sentence, sentence(() -> Declared.from(yaml.replace("\\n", "\n"))));
    }

    @Test
    void aSoundFileIsReadWhole() throws Exception {
        Dataset bills = Declared.from(GOOD);
        assertEquals("bills", bills.name());
        assertEquals("bills", bills.title());
        assertEquals(
                List.of(
                        new KeyAttribute("id", ScalarAttributeType.S, KeyType.HASH),
                        new KeyAttribute("processed_timestamp", ScalarAttributeType.S, KeyType.RANGE)),
                bills.keyAttributes());
        assertEquals(new Dialect(StandardCharsets.UTF_8, ';', '\''), bills.dialect());
        assertEquals(UnknownColumns.KEEP, bills.unknownColumns());
        assertEquals(Map.of("state", AttributeValue.fromS("done")), bills.constants());
        assertEquals(64, bills.hash().length());
        assertEquals(
                List.of("a", "b;c\n"),
                bills.csvFormat()
                        .parse(new java.io.StringReader("a;'b;c\n'"))
                        .getRecords()
                        .get(0)
                        .toList());
    }

    @Test
    void anUpsertDatasetEndsItsKeyAsItSays() {
        String upsert = GOOD.replace("upsert: false", "upsert: true");
        assertEquals(1, Declared.from(upsert).keyAttributes().size());
        Dataset sorted = Declared.from(upsert.replace(
                        "name: count, type: integer", "name: count, type: integer, constraints: {required: true}")
                .replace("upsert: true", "upsert: true\nsortKey: count"));
        assertEquals(
                new KeyAttribute("count", ScalarAttributeType.N, KeyType.RANGE),
                sorted.keyAttributes().get(1));
        Map<String, AttributeValue> item = Map.of(
                "id", AttributeValue.fromS("a"), "count", AttributeValue.fromN("1"), "x", AttributeValue.fromS("b"));
        assertEquals(
                Map.of("id", AttributeValue.fromS("a"), "count", AttributeValue.fromN("1")), sorted.tableKeyOf(item));
    }

    @Test
    void aDirectoryMayHoldMistakesOfItsOwn() throws IOException {
        String where = directory.toString();
        assertEquals(where + ": found no dataset file, expected at least one *.yaml", loading());
        write("a.yaml", GOOD);
        write("b.yml", GOOD);
        assertEquals(
                where + "/b.yml: found the name bills, which " + where + "/a.yaml has, expected a name of its own",
                loading());
        write("b.yml", GOOD.replace("bills", "other"));
        assertEquals(
                where + "/b.yml: found the same columns as in " + where
                        + "/a.yaml, expected a header or a path that tells them apart",
                loading());
        write("b.yml", GOOD.replace("bills", "other").replace("upsert: false", "upsert: true"));
        assertEquals(
                where + "/b.yml: found table Bills with the key id S, expected id S, processed_timestamp S as in "
                        + where + "/a.yaml",
                loading());
        write("b.yml", GOOD.replace("bills", "other").replace("upsert: false", "path: other/**"));
        assertEquals(
                List.of("bills", "other"),
                Datasets.load(directory).all().stream().map(Dataset::name).toList());
        assertEquals(
                where + "/none: found no readable directory, expected one of dataset files",
                sentence(() -> Datasets.load(directory.resolve("none"))));
    }

    @Test
    void bytesThatAreNoTextAreNoDataset() throws IOException {
        Files.write(directory.resolve("a.yaml"), new byte[] {'n', ':', ' ', (byte) 0xE9, '\n'});
        assertEquals(directory + "/a.yaml: found bytes that are not UTF-8, expected YAML in UTF-8", loading());
        Files.write(directory.resolve("a.yaml"), new byte[] {'n', ':', ' ', 0, '\n'});
        assertEquals(
                directory + "/a.yaml line 1: found what is not YAML, expected indented 'key: value' lines", loading());
    }

    private void write(String name, String yaml) throws IOException {
        Files.writeString(directory.resolve(name), yaml);
    }

    private String loading() {
        return sentence(() -> Datasets.load(directory));
    }

    private static String sentence(org.junit.jupiter.api.function.Executable action) {
        return assertThrows(ConfigurationException.class, action).getMessage();
    }
}
