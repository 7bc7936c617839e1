package pipeline.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpreadsheetGuardTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "=1+1, '=1+1",
                "-5, -5",
                "+49.5, +49.5",
                "-, '-",
                "-5+3, '-5+3",
                "@SUM(A1), '@SUM(A1)",
                "'=x, ''=x",
                "'-5, ''-5",
                "'quoted', 'quoted'",
                "O'Hara, O'Hara",
                "``, ``",
                "', '",
                "-1.2.3, '-1.2.3"
            })
    void aFormulaGetsOneQuote(String cell, String guarded) {
        assertEquals(guarded, SpreadsheetGuard.guard(cell));
        assertEquals(cell, SpreadsheetGuard.unguard(guarded));
    }

    @Property
    void whatWasGuardedComesBack(@ForAll("cells") String cell) {
        assertEquals(cell, SpreadsheetGuard.unguard(SpreadsheetGuard.guard(cell)));
    }

    @Property
    void nothingThatRunsIsLeft(@ForAll("cells") String cell) {
        String guarded = SpreadsheetGuard.guard(cell);
        boolean number = guarded.matches("[+-]\\d*[.,]?\\d*") && guarded.matches(".*\\d.*");
        assertFalse(!guarded.isEmpty() && "=+-@\t\r".indexOf(guarded.charAt(0)) >= 0 && !number, guarded);
    }

    @Provide
    Arbitrary<String> cells() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withChars("'=+-@\t\r\n0123.,aé").ofMaxLength(8), Arbitraries.strings());
    }
}
