package pipeline.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pipeline.dataset.Expression.Computed;
import pipeline.dataset.Expression.Mistake;

/** Expressions are exact, cope with nothing, and can do no harm. */
class ExpressionTest {
    private static final List<String> NAMES = List.of("q", "p", "none", "s", "b", "d");
    private static final List<Object> SAMPLES =
            List.of(BigDecimal.ONE, BigDecimal.ONE, BigDecimal.ONE, "a", true, LocalDate.EPOCH);
    private static final Object[] ROW = {
        new BigDecimal("3"), new BigDecimal("29.99"), null, "abc", true, LocalDate.of(2026, 11, 23)
    };

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = '|', textBlock = """
        q * p | 89.97
        q + p | 32.99
        q - p | -26.99
        -q | -3
        0.1 + 0.2 | 0.3
        p * p * p * p * p * p * p * p * p * p * p * p | 529319128906985963.569403584089060593964001
        q / 4 | 0.75
        1 / q | 0.33333333333333333333333333333333333333
        q % 2 | 1
        round(1 / q, 2) | 0.33
        round(2.345, 2) | 2.35
        round(0 - 2.345, 2) | -2.35
        abs(q - p) | 26.99
        min(q, p) | 3
        max(q, p) | 29.99
        q > p ? q : p | 29.99
        q == 3.00 | true
        q != 3 && b | false
        s == 'abc' or q < 1 | true
        d < d | false
        s + '-' + q | abc-3
        q * none | nothing
        none | nothing
        none == 1 | nothing
        q - (none ?? 0) | 3
        (none ?? q) * none | nothing
        round(none, 2) | nothing
        q / (q - 3) | failed: a division by zero
        """)
    void whatItYields(String source, String expected) throws Mistake {
        Computed computed = Expression.compile(source, NAMES, SAMPLES).evaluate(ROW);
        String shown = computed instanceof Computed.Value value
                ? value.value().toString()
                : computed instanceof Computed.Failed failed ? "failed: " + failed.found() : "nothing";
        assertEquals(expected, shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "q = 1",
                "var x = 1",
                "x -> x",
                "while (true) {}",
                "for (i : q) i",
                "q; p",
                "new('java.io.File', 'x')",
                "new java.io.File('x')",
                "q.class",
                "s.length",
                "s.length()",
                "s.getClass().forName('java.lang.Runtime')",
                "''.class.forName('java.lang.Runtime')",
                "java.lang.System.exit(1)",
                "System",
                "[1, 2]",
                "{'a': 1}",
                "1..1000000000",
                "q[0]",
                "#pragma jexl.import java.lang\nq",
                "@synchronized q",
                "q << 3",
                "q & 1",
                "~q",
                "q && p",
                "s * 2",
                "s < 2",
                "exec(q)",
                "round(q)",
                "round(s, 1)",
                "hashCode()",
                "getClass()",
                "q +",
                "q)"
            })
    void whatItMayNot(String source) {
        assertThrows(Mistake.class, () -> Expression.compile(source, NAMES, SAMPLES));
    }
}
