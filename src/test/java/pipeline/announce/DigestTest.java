package pipeline.announce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Failures for one reason: the first in full, the others in a line. */
class DigestTest {
    private static final Instant START = Instant.parse("2026-03-02T09:14:07.5Z");

    private Instant now = START;
    private final Digest digest = new Digest(Optional.of(Duration.ofMinutes(10)), () -> now);
    private final Announcement announcement = new Announcement(digest);

    private static Entry failed(String file, String reason) {
        return entry(file, reason, Status.FAILED, 1);
    }

    private static Entry entry(String file, String reason, Status status, long failures) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put("file", AttributeValue.fromS(file));
        item.put("version", AttributeValue.fromS("v1"));
        item.put("status", AttributeValue.fromS(status.text()));
        item.put("reason", AttributeValue.fromS(reason));
        item.put("attempts", AttributeValue.fromN("3"));
        item.put("failures", AttributeValue.fromN(Long.toString(failures)));
        item.put("concluded_at", AttributeValue.fromS("2026-03-02T09:14:06Z"));
        item.put("location", AttributeValue.fromS("failed-data/" + file));
        return new Entry(item);
    }

    private String email(Entry entry) throws Exception {
        return announcement.alert(entry).get("email").toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "a.csv: no row could be stored, 4 of 4 were rejected | b.csv: no row could be stored, 1,200 of 1,200 were rejected",
                "a.csv line 7: found a quote unclosed | b.csv line 12,345: found a quote unclosed",
                "S3 answered AccessDenied: no s3:PutObject on failed-data/a.csv | S3 answered AccessDenied: no s3:PutObject on failed-data/b.csv",
                "a.csv: found 'x, y', expected an integer | b.csv: found '', expected an integer",
                "DynamoDb answered InternalServerError: id 8f14e45f-ceea-467f-a8b2-c3d4e5f60718 | DynamoDb answered InternalServerError: id 0cc175b9-c0f1-46b6-a831-c399e2697726",
            })
    void isOneWhateverNamesNumbersAndIdsSay(String one, String other) {
        assertEquals(Digest.reason(failed("a.csv", one)), Digest.reason(failed("b.csv", other)));
    }

    @Test
    void isAnotherWhereTheWordsOrTheOutcomeDiffer() {
        String denied = "S3 answered AccessDenied: Access Denied";
        assertNotEquals(
                Digest.reason(failed("a.csv", denied)),
                Digest.reason(failed("a.csv", "S3 answered SlowDown: Please reduce your request rate.")));
        assertNotEquals(
                Digest.reason(failed("a.csv", denied)), Digest.reason(entry("a.csv", denied, Status.REFUSED, 1)));
    }

    @Test
    void isToldInFullThenInALine() throws Exception {
        Entry first = failed("in/a.csv", "S3 answered AccessDenied: Access Denied");
        Entry second = failed("in/b.csv", "S3 answered AccessDenied: Access Denied");

        assertEquals("[pipeline] in/a.csv failed after 3 attempts", announcement.subject(first));
        assertEquals("""
                What: S3 answered AccessDenied: Access Denied
                Kept: no row is stored; the file is in failed-data/in/a.csv. Nothing is lost.
                Do:   mend the cause, then run: failures replay in/a.csv
                More: until 2026-03-02T09:24:07Z others that end so are told in a line each; all of them: failures list --since 2026-03-02T09:14:00Z
                """, email(first));
        assertFalse(announcement.isRepeat(first));
        assertEquals(
                "[pipeline] in/b.csv failed after 3 attempts (2 for one reason since 2026-03-02T09:14:00Z)",
                announcement.subject(second));
        assertEquals(
                "in/b.csv failed after 3 attempts: S3 answered AccessDenied: Access Denied; 2 for one reason, nothing is lost; all of them: failures list --since 2026-03-02T09:14:00Z\n",
                email(second));
        assertTrue(announcement.isRepeat(second));
        assertEquals(
                new Announcement(Digest.off()).alert(second).get("default"),
                announcement.alert(second).get("default"));
    }

    @Test
    void isToldInFullAgainWhenTheWindowHasEnded() throws Exception {
        email(failed("a.csv", "no"));
        now = START.plus(Duration.ofMinutes(9));
        assertTrue(announcement.isRepeat(failed("b.csv", "no")));
        now = START.plus(Duration.ofMinutes(10));
        Entry later = failed("c.csv", "no");

        assertFalse(announcement.isRepeat(later));
        assertTrue(
                email(later).startsWith("What: no\n"), () -> digest.place(later).toString());
        assertTrue(announcement.isRepeat(failed("d.csv", "no")));
    }

    @Test
    void isToldInTheSameWordsWhenAnAlertIsSentAgain() throws Exception {
        Entry first = failed("a.csv", "no");
        Entry second = failed("b.csv", "no");
        List<String> once = List.of(email(first), email(second));
        now = START.plus(Duration.ofHours(1));

        assertEquals(once, List.of(email(first), email(second)));
        assertFalse(announcement.isRepeat(entry("a.csv", "no", Status.FAILED, 2)), "a new failure of that file");
    }

    @Test
    void isNoRepeatAtTheTenthTheHundredthAndTheThousandth() {
        assertEquals(
                List.of(1L, 10L, 100L, 1_000L),
                LongStream.rangeClosed(1, 1_001)
                        .filter(number -> !announcement.isRepeat(failed("orders-" + number + ".csv", "no")))
                        .boxed()
                        .toList());
    }

    @Test
    void hasASubjectThatSnsTakesHoweverLongTheName() {
        announcement.isRepeat(failed("a.csv", "no"));
        String subject = announcement.subject(failed("x".repeat(900) + ".csv", "no"));

        assertEquals(99, subject.length());
        assertTrue(
                subject.endsWith("... failed after 3 attempts (2 for one reason since 2026-03-02T09:14:00Z)"), subject);
    }

    @Test
    void isForgottenBeforeMemoryGrows() {
        announcement.isRepeat(failed("a.csv", "reason zero"));
        for (int reason = 0; reason < 10_000; reason++) {
            announcement.isRepeat(failed(reason + ".csv", "x".repeat(reason % 100) + "y".repeat(reason / 100)));
        }

        assertFalse(announcement.isRepeat(failed("b.csv", "reason zero")));
        assertTrue(announcement.isRepeat(failed("c.csv", "y".repeat(99))));
    }
}
