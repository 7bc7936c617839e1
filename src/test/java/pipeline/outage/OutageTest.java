package pipeline.outage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import pipeline.aws.Services;
import pipeline.observe.Counters;
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
        assertFalse(outage.isOver());
    }

    @Test
    void isAMetricThatAnAlarmCanWatch() {
        MeterRegistry meters = new SimpleMeterRegistry();
        new Counters(meters).watch(outage);
        Gauge metric = meters.get("pipeline.outage").gauge();
        assertEquals(0, metric.value());
        three();
        assertEquals(1, metric.value());
        outage.passed("good");
        assertEquals(0, metric.value());
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
        outage.passed("good");
        for (String file : List.of("a", "b", "c", "a", "b", "d")) {
            assertFalse(outage.isOfMany(file, "denied"), file);
        }
    }

    @Test
    void aServiceThatDoesNotAnswerAnyMoreEitherIsNotFoundOutByFiles() {
        three();
        outage.begin("S3 does not answer");
        pass(30);
        assertFalse(outage.mayTry());
        outage.passed("good");
        assertEquals(
                Optional.of("S3 does not answer"), outage.reason(), "expected that only the service's answer ends it");
    }

    @Test
    void whatHasNotFailedYetTriesFirstAndEndsItForAll() {
        three();
        pass(5);
        assertFalse(outage.mayTry("a"));
        assertTrue(outage.mayTry("z"));
        outage.passed("good");
        assertTrue(outage.mayTry("a"));
    }

    @Test
    void threeFilesThatFailInARowAmongManyGoodOnesAreToldOfToNobody() {
        for (int round = 0; round < 4; round++) {
            three();
            pass(29);
            assertEquals(List.of(), kinds());
            outage.passed("good" + round);
            assertEquals(List.of(), kinds());
        }
    }

    @Test
    void oneThatLastsIsToldWhenItHasLastedAndWhenItEnds() {
        three();
        assertEquals(List.of(), kinds());
        pass(30);
        assertEquals(List.of("outage-began"), kinds());
        assertEquals(List.of("outage-began"), kinds(), "expected one alert, until it is sent");
        outage.passed("good");
        assertEquals(List.of("outage-began", "outage-ended"), kinds());
    }

    @Test
    void ofHundredsOfFilesThatWaitNoneIsTakenForBadWhenThePermissionIsLostAgain() {
        Map<String, Integer> spent = new HashMap<>();
        for (int outages = 0; outages < 2; outages++) {
            for (int file = 0; file < 300; file++) {
                if (!outage.isOfMany("waiting-" + file, "denied")) {
                    spent.merge("waiting-" + file, 1, Integer::sum);
                }
            }
            pass(30);
            for (int file = 0; file < 10; file++) {
                outage.passed("good-" + outages + "-" + file);
            }
        }
        assertEquals(Map.of("waiting-0", 2, "waiting-1", 2), spent, "those that fail before it is known");
    }

    @Test
    void oneBadFileAmongGoodOnesFailsWithinItsAttemptsAlsoAfterAnOutage() {
        three();
        assertTrue(outage.isOfMany("bad", "denied"));
        outage.passed("a");
        for (String good : List.of("b", "c", "d")) {
            assertFalse(outage.isOfMany("bad", "denied"));
            outage.passed(good);
        }
    }

    @Test
    void aBadFileTriesLastInAnOutageAndDoesNotKeepItOpen() {
        outage.isOfMany("bad", "denied");
        outage.passed("good");
        three();
        pass(5);
        assertFalse(outage.mayTry("bad"));
        assertTrue(outage.mayTry("good"));
        pass(25);
        assertTrue(outage.mayTry("bad"));
        assertTrue(outage.isOfMany("bad", "denied"), "expected that nothing is spent in an outage");
    }

    @Test
    void aFileThatWentThroughOrEndedIsNoLongerTakenForBad() {
        for (Consumer<String> end : List.<Consumer<String>>of(outage::passed, outage::ended)) {
            outage.isOfMany("c", "denied");
            outage.passed("good");
            end.accept("c");
            three();
            outage.passed("good");
        }
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
