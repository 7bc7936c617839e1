package pipeline.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RejectedForTest {
    private final RejectedFor rejectedFor = new RejectedFor();

    @Test
    void aRowCountsOnceForEachOfItsReasonsAndTheCommonestComeFirst() {
        rejectedFor.add(List.of("b: expected a value", "a: expected a date"));
        rejectedFor.add(Set.of("b: expected a value"));
        rejectedFor.add(List.of("c: expected a value", "c: expected a value"));

        assertEquals(
                List.of(
                        Map.entry("b: expected a value", 2L),
                        Map.entry("a: expected a date", 1L),
                        Map.entry("c: expected a value", 1L)),
                List.copyOf(rejectedFor.commonest().entrySet()));
    }

    @Test
    void beyondTheTwentyCommonestTheRestIsCountedTogether() {
        IntStream.range(0, 25).forEach(reason -> {
            rejectedFor.add(Set.of("r%02d".formatted(reason)));
            rejectedFor.add(Set.of("r%02d".formatted(Math.max(reason, 5))));
        });

        Map<String, Long> commonest = rejectedFor.commonest();
        assertEquals(21, commonest.size());
        assertEquals(7L, commonest.get("r05"));
        assertEquals(2L, commonest.get("r24"));
        assertEquals(5L, commonest.get("other"), "r00 to r04, each of one row");
        assertEquals(50L, commonest.values().stream().mapToLong(rows -> rows).sum());
    }

    @Test
    void neitherMemoryNorTheEntryGrowsWithTheNumberAndLengthOfReasons() {
        for (int i = 0; i < 5_000; i++) {
            rejectedFor.add(Set.of(i + "x".repeat(1_000)));
        }

        List<String> reasons = new ArrayList<>(rejectedFor.commonest().keySet());
        assertEquals(21, reasons.size());
        assertEquals("other", reasons.get(20));
        assertEquals(4_980L, rejectedFor.commonest().get("other"));
        reasons.subList(0, 20)
                .forEach(reason -> assertEquals(
                        RejectedFor.CHARACTERS, reason.codePointCount(0, reason.length()), reason::toString));
    }
}
