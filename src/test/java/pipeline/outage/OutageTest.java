package pipeline.outage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import pipeline.aws.Services;
import pipeline.settings.Settings;

/** Files that fail while every service answers. That services are asked, the specs show. */
class OutageTest {
    private static final Settings SETTINGS = Settings.load(Path.of("no-such-file"), Map.of("PIPELINE_BUCKET", "b"));

    private final AtomicLong clock = new AtomicLong();
    private final Outage outage =
            new Outage(new Services(null, SETTINGS, List.of()), Duration.ofSeconds(5), clock::get);

    private void pass(int seconds) {
        clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    private void three() {
        assertFalse(outage.isOfMany("a", "denied"));
        assertFalse(outage.isOfMany("b", "denied"));
        assertTrue(outage.isOfMany("c", "denied"));
    }

    @Test
    void threeFilesThatFailWithNoneGoingThroughAreAnOutage() {
        three();
        assertFalse(outage.mayTry());
        assertEquals(List.of("outage-began"), kinds());
    }

    @Test
    void oneFileThatFailsAgainAndAgainIsNone() {
        for (int i = 0; i < 10; i++) {
            assertFalse(outage.isOfMany("a", "denied"));
        }
        assertTrue(outage.mayTry("a"));
    }

    @Test
    void filesThatFailWhileOthersGoThroughFailAlone() {
        outage.isOfMany("a", "denied");
        outage.isOfMany("b", "denied");
        outage.passed();
        for (String file : List.of("a", "b", "c", "a", "b", "d")) {
            assertFalse(outage.isOfMany(file, "denied"), file);
        }
    }

    @Test
    void whatHasNotFailedYetTriesFirstAndEndsItForAll() {
        three();
        pass(5);
        assertFalse(outage.mayTry("a"));
        assertTrue(outage.mayTry("z"));
        outage.passed();
        assertTrue(outage.mayTry("a"));
        assertFalse(outage.isOfMany("a", "denied"), "expected that what failed while others go through fails alone");
        assertEquals(List.of("outage-began", "outage-ended"), kinds());
    }

    @Test
    void whereAllHaveFailedTheyTryAgainLater() {
        three();
        pass(29);
        assertFalse(outage.mayTry("a"));
        pass(1);
        assertTrue(outage.mayTry("a"));
        assertTrue(outage.isOfMany("a", "denied"));
        assertFalse(outage.mayTry("b"));
    }

    private List<Object> kinds() {
        return outage.check().stream().map(alert -> alert.get("kind")).toList();
    }
}
