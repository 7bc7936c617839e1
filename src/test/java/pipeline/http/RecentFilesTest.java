package pipeline.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pipeline.claim.Ledger;
import pipeline.specs.Sandbox;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What is kept of the ledger for the page: the latest, and what has changed since. */
final class RecentFilesTest {
    private static final Instant NOON = Instant.parse("2031-05-06T12:00:00Z");
    private static final Instant WEEK_AGO = NOON.minus(Duration.ofDays(7));
    private static final int MOST = 80;
    private static final String LEDGER = "ProcessedFiles";

    private final Sandbox sandbox = Sandbox.shared();
    private final Ledger ledger = new Ledger(sandbox.dynamoDb(), LEDGER);
    private Instant now = NOON;
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    };
    private final RecentFiles recent = new RecentFiles(ledger, clock, MOST);

    @BeforeEach
    void clean() {
        sandbox.clean();
    }

    /** Files that take turns in the eight parts of the index. */
    private void concluded(String name, int files, Instant at) {
        for (int i = 0; i < files; i++) {
            concluded(name + i + ".csv", "completed", at.plusSeconds(i), i % 8);
        }
    }

    private void concluded(String file, String status, Instant at, int shard) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put("file", AttributeValue.fromS(file));
        item.put("version", AttributeValue.fromS("v"));
        item.put("status", AttributeValue.fromS(status));
        item.put("first_claim", AttributeValue.fromS(at.toString()));
        item.put("concluded_at", AttributeValue.fromS(at.toString()));
        item.put("day", AttributeValue.fromS(at.toString().substring(0, 10) + "#" + shard));
        sandbox.dynamoDb().putItem(request -> request.tableName(LEDGER).item(item));
    }

    private List<String> names(RecentFiles.Window window) {
        return window.files().stream().map(ConcludedFile::file).toList();
    }

    @Test
    void filesOfAllDaysAreTheLatestFirst() {
        concluded("old", 3, NOON.minus(Duration.ofDays(3)));
        concluded("new", 2, NOON.minusSeconds(60));
        RecentFiles.Window window = recent.since(WEEK_AGO);
        assertEquals(List.of("new1.csv", "new0.csv", "old2.csv", "old1.csv", "old0.csv"), names(window));
        assertTrue(window.complete());
        assertEquals(List.of("new1.csv", "new0.csv"), names(recent.since(NOON.minusSeconds(3_600))));
    }

    @Test
    void ofMoreThanAreKeptTheLatestAre() {
        concluded("old", 24, NOON.minus(Duration.ofDays(2)));
        concluded("new", 64, NOON.minusSeconds(3_600));
        RecentFiles.Window window = recent.since(WEEK_AGO);
        assertFalse(window.complete());
        assertEquals(MOST, window.files().size());
        assertEquals("new63.csv", window.files().get(0).file());
        // Of the older day, the later ones.
        assertEquals("old8.csv", window.files().get(MOST - 1).file());
        assertTrue(recent.since(NOON.minusSeconds(7_200)).complete());
    }

    @Test
    void laterDaysGrowIntoThePlaceOfEarlierOnes() {
        concluded("old", 72, NOON.minus(Duration.ofDays(2)));
        assertTrue(recent.since(WEEK_AGO).complete());
        concluded("new", 16, NOON.plusSeconds(1));
        now = NOON.plusSeconds(60);
        RecentFiles.Window window = recent.since(WEEK_AGO);
        assertFalse(window.complete());
        assertEquals(MOST, window.files().size());
        assertEquals("old8.csv", window.files().get(MOST - 1).file());
    }

    @Test
    void whatWasConcludedJustBeforeMidnightIsSeenAfterIt() {
        now = Instant.parse("2031-05-06T23:59:50Z");
        concluded("a", 1, now.minusSeconds(5));
        recent.since(WEEK_AGO);
        concluded("b", 1, Instant.parse("2031-05-06T23:59:58Z"));
        now = Instant.parse("2031-05-07T00:00:20Z");
        assertEquals(List.of("b0.csv", "a0.csv"), names(recent.since(WEEK_AGO)));
    }

    @Test
    void whatOneDayHasTooManyOfIsItsLatest() {
        concluded("f", 100, NOON.minusSeconds(3_600));
        RecentFiles.Window window = recent.since(NOON.minusSeconds(7_200));
        assertFalse(window.complete());
        assertEquals(MOST, window.files().size());
        assertEquals("f20.csv", window.files().get(MOST - 1).file());
    }

    @Test
    void whatIsConcludedWhileSomebodyLooksIsSeen() {
        concluded("a", 1, NOON.minusSeconds(60));
        assertEquals(List.of("a0.csv"), names(recent.since(WEEK_AGO)));
        concluded("b.csv", "refused", NOON.plusSeconds(1), 3);
        now = NOON.plusSeconds(2);
        assertEquals(List.of("b.csv", "a0.csv"), names(recent.since(WEEK_AGO)));
    }

    @Test
    void whatIsConcludedAgainOnAnotherDayIsThereOnce() {
        concluded("a.csv", "refused", NOON.minus(Duration.ofDays(1)), 3);
        assertEquals(1, recent.since(WEEK_AGO).files().size());
        concluded("a.csv", "completed", NOON.plusSeconds(1), 3);
        now = NOON.plusSeconds(2);
        List<ConcludedFile> files = recent.since(WEEK_AGO).files();
        assertEquals(1, files.size());
        assertEquals("completed", files.get(0).status().text());
    }

    @Test
    void whatIsDecidedHereIsSeenAtOnceAndWhatIsDecidedElsewhereAfterAWhile() {
        concluded("a.csv", "refused", NOON.minusSeconds(60), 3);
        concluded("b.csv", "refused", NOON.minusSeconds(61), 4);
        recent.since(WEEK_AGO);
        concluded("a.csv", "discarded", NOON.minusSeconds(60), 3);
        concluded("b.csv", "discarded", NOON.minusSeconds(61), 4);
        recent.changed(ledger.find("a.csv", "v").orElseThrow());
        now = NOON.plusSeconds(2);
        assertEquals(
                List.of("discarded", "refused"),
                recent.since(WEEK_AGO).files().stream()
                        .map(file -> file.status().text())
                        .toList());
        now = NOON.plusSeconds(302);
        assertEquals(
                List.of("discarded", "discarded"),
                recent.since(WEEK_AGO).files().stream()
                        .map(file -> file.status().text())
                        .toList());
    }
}
