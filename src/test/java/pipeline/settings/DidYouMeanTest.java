package pipeline.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DidYouMeanTest {
    @ParameterizedTest
    @CsvSource({
        "unknowncolumns, unknownColumns",
        "uknown_columns, unknownColumns",
        "tabel, table",
        "kee, key",
        "dog, ''",
        "k, ''"
    })
    void aMisspeltWordIsRecognised(String word, String meant) {
        List<String> known = List.of("table", "key", "unknownColumns");
        assertEquals(meant, DidYouMean.among(known, word).orElse(""));
    }
}
