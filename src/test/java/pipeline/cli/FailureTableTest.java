package pipeline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import pipeline.claim.Entry;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The list of failures is a table that ends with what to do. */
class FailureTableTest {
    private static final Instant NOW = Instant.parse("2026-11-23T11:14:02Z");

    private static Entry entry(String file, String version, String status, int attempts, String since, String reason) {
        return new Entry(Map.of(
                "file", AttributeValue.fromS(file),
                "version", AttributeValue.fromS(version),
                "status", AttributeValue.fromS(status),
                "attempts", AttributeValue.fromN(Integer.toString(attempts)),
                "concluded_at", AttributeValue.fromS(since),
                "reason", AttributeValue.fromS(reason)));
    }

    private static List<String> lines(Entry... entries) {
        return FailureTable.lines(List.of(entries), Map.of(), NOW);
    }

    /** A person who has put the file back mended, or its rejects, sees that in the list. */
    @Test
    void whatHasBeenMendedSinceIsSaid() {
        Entry refused = entry("a.csv", "aa", "refused", 1, "2026-11-23T09:14:00Z", "a.csv: found nothing");
        Map<String, AttributeValue> item = new HashMap<>(refused.item());
        item.put("rows_repaired", AttributeValue.fromM(Map.of("sheet.csv@cc", AttributeValue.fromN("1"))));
        Entry newer = entry("a.csv", "bb", "completed", 1, "2026-11-23T11:11:02Z", "");
        assertEquals(
                List.of(
                        "FILE   STATUS   SINCE  ATTEMPTS  REASON",
                        "a.csv  refused  2 h    1         found nothing; 1 row came back corrected; a newer version was completed 3 min ago",
                        "1 file needs a person. Mend the cause, then: failures replay a.csv"),
                FailureTable.lines(List.of(new Entry(item)), Map.of("a.csv@aa", newer), NOW));
    }

    @Test
    void columnsAreAlignedAndTheFileIsNotNamedTwice() {
        Entry failed = entry(
                "store 7/jän.csv",
                "aa",
                "failed",
                3,
                "2026-11-23T11:10:00Z",
                "DynamoDB answered AccessDenied: table ProcessedOrders");
        Entry refused = entry(
                "bad.csv",
                "bb",
                "refused",
                1,
                "2026-11-23T09:14:00Z",
                "bad.csv: no row could be stored, 4 of 4 were rejected");
        Entry broken = entry(
                "x\u001B.csv",
                "cc",
                "refused",
                1,
                "2026-11-20T09:14:00Z",
                "x\\u001B.csv line 3: found a NUL character, expected text");
        assertEquals(
                List.of(
                        "FILE             STATUS   SINCE  ATTEMPTS  REASON",
                        "store 7/jän.csv  failed   4 min  3         DynamoDB answered AccessDenied: table ProcessedOrders",
                        "bad.csv          refused  2 h    1         no row could be stored, 4 of 4 were rejected",
                        "x\\u001B.csv      refused  3 d    1         line 3: found a NUL character, expected text",
                        "3 files need a person. Mend the cause, then: failures replay 'store 7/jän.csv' (or failures replay --all)"),
                lines(failed, refused, broken));
    }

    @Test
    void twoVersionsOfAFileAreToldApart() {
        Entry later = entry("a.csv", "bb", "refused", 1, "2026-11-23T11:14:00Z", "a.csv: found nothing");
        Entry earlier = entry("a.csv", "aa", "refused", 1, "2026-11-23T11:13:52Z", "a.csv: found nothing");
        assertEquals(
                List.of(
                        "FILE      STATUS   SINCE  ATTEMPTS  REASON",
                        "a.csv@bb  refused  2 s    1         found nothing",
                        "a.csv@aa  refused  10 s   1         found nothing",
                        "2 files need a person. Mend the cause, then: failures replay a.csv@bb (or failures replay --all)"),
                lines(later, earlier));
    }
}
