package pipeline.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pipeline.settings.Settings;

class IdleTest {
    @ParameterizedTest(name = "intake {0}: {5} dollars a day")
    @CsvSource({
        "both, 17280, 28800, 197480, 11520, 0.1718",
        "poll, 17280, 28800, 0, 5760, 0.090504",
        "events, 96, 28800, 197480, 11520, 0.08588"
    })
    void aProcessListsQueriesAndPolls(
            String intake, long listings, long queries, long polls, long depths, BigDecimal dollars) {
        Map<String, String> environment = new HashMap<>(Map.of("PIPELINE_BUCKET", "b", "PIPELINE_INTAKE", intake));
        Idle idle = Idle.aDay(Settings.load(Path.of("no-such-file"), environment));

        assertEquals(new Idle(listings, queries, polls, depths), idle);
        assertEquals(0, dollars.compareTo(idle.cost(Prices.shipped())), () -> "found " + idle.cost(Prices.shipped()));
    }

    @Test
    void aPollWaitsAsLongAsTheRouteSays() throws IOException {
        String route = Files.readString(Path.of("routes", "receive-event.camel.yaml"));
        assertTrue(route.contains("waitTimeSeconds: \"" + Idle.POLL.toSeconds() + "\"\n"), route);
    }
}
