package pipeline.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs after all other tests and adds up what they have reached. */
final class RouteCoverageIT {
    @Test
    void everyStepOfEveryRouteIsReachedByATest() {
        assumeTrue(System.getProperty("test") == null, "skipped: only some tests were run (-Dtest)");
        Map<String, Long> counted = RouteCoverage.counted();
        assertFalse(counted.isEmpty(), "no test has recorded what it reached");
        List<String> never = counted.entrySet().stream()
                .filter(step -> step.getValue() == 0)
                .map(Map.Entry::getKey)
                .toList();
        assertEquals(List.of(), never, "steps that no test reaches");
    }
}
