package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import pipeline.claim.Entry;
import pipeline.claim.Status;

/**
 * A name that S3 takes, the pipeline takes, whatever is in it. The local store keeps objects as files, so it has none with
 * {@code ..} or {@code //} in them: how those are copied and announced is in PlacesTest and S3EventsTest.
 */
class FileNamesTest extends FaultSpecs {
    private static final String ONE_BAD = Orders.goodAndOneBad(1);
    private static final int LONGEST = 1024;

    /** A request to delete many objects is XML, which has no control characters: these go one by one. */
    @AfterEach
    void takeAwayOddNames() {
        sandbox.keys().forEach(sandbox::delete);
    }

    private static final List<String> ODD = List.of(
            "a\u0001b.csv",
            "tab\there.csv",
            "two\nlines\r\nin one.csv",
            "escape\u001B[31m.csv",
            "\u007F.csv",
            "right\u202Eto left.csv",
            " leading.csv",
            "trailing .csv",
            "trailing.csv ",
            " ",
            "😀/𝒳.csv",
            "a+b %2F%00%.csv",
            "=1+1.csv",
            "'=1+1.csv",
            "a@b@c.csv",
            "\\.csv",
            ".csv",
            "no extension",
            "é.csv",
            "e\u0301.csv",
            "{}[]|^`<>#\"'~&?*;:$.csv");

    @Test
    void isTakenWithEverythingInIt() {
        ODD.forEach(file -> sandbox.drop(file, ONE_BAD));

        pipeline.workOff();

        for (String file : ODD) {
            assertCompleted(file, 1, 1, 1);
            assertEquals(
                    "processed-data/" + file, sandbox.entry(file).location().orElseThrow());
        }
        assertEquals(itemsEach(1), items());
        assertPromises();
        correctAndDropAgain();
    }

    /** What comes back corrected is known to be this file's, however its name has passed through a spreadsheet. */
    private void correctAndDropAgain() {
        for (int i = 0; i < ODD.size(); i++) {
            String rejects = sandbox.text(sandbox.entry(ODD.get(i)).rejects().orElseThrow());
            assertFalse(rejects.contains(",=") || rejects.contains(",\"="), () -> "a name that runs: " + rejects);
            sandbox.drop("corrected-" + i + ".csv", rejects.replace(",none,", ",2,"));
        }

        pipeline.workOff();

        for (int i = 0; i < ODD.size(); i++) {
            assertCompleted("corrected-" + i + ".csv", 1, 1, 0);
            assertEquals(1, sandbox.entry(ODD.get(i)).rowsRepaired(), ODD.get(i));
        }
        assertEquals(itemsEach(2), items());
    }

    private static Map<String, Long> itemsEach(long items) {
        return ODD.stream().collect(Collectors.toMap(file -> file, file -> items));
    }

    private Map<String, Long> items() {
        return sandbox.items("ProcessedOrders").stream()
                .collect(Collectors.groupingBy(item -> item.get("source_file").s(), Collectors.counting()));
    }

    @Test
    void standsInEverySentenceOnOneLine() {
        String file = "evil\nSubject: all is well\u001B[2J.csv";
        sandbox.drop(file, "what,ever\n1,2\n");

        pipeline.workOff();

        Entry entry = sandbox.entry(file);
        assertEquals(
                "evil\\nSubject: all is well\\u001B[2J.csv: found columns what, ever, expected those of orders, sales or sensors",
                entry.reason().orElseThrow());
        Map<String, Object> alert = Found.in(sandbox, pipeline).alerts().get(0);
        assertEquals("[pipeline] evil?Subject: all is well?[2J.csv refused", alert.get("subject"));
        assertEquals("""
                What: evil\\nSubject: all is well\\u001B[2J.csv: found columns what, ever, expected those of orders, sales or sensors
                Kept: no row is stored; the file is in failed-data/evil\\nSubject: all is well\\u001B[2J.csv. Nothing is lost.
                Do:   mend the file and drop it again; if the file is right, mend the dataset, then run: failures replay $'evil\\nSubject: all is well\\u001B[2J.csv'
                """, alert.get("email"));
    }

    /** S3's keys have at most 1,024 bytes, and every copy's folder is longer than {@code raw-data/}. */
    @Test
    void isAsLongAsS3Allows() {
        List<String> files = Stream.of(1024, 1005, 970)
                .map(bytes -> longName(bytes - "raw-data/".length()))
                .toList();
        files.forEach(file -> sandbox.drop(file, ONE_BAD));
        pipeline.workOff();
        files.forEach(file -> assertCompleted(file, 1, 1, 1));
        assertPromises();

        files.forEach(file -> sandbox.drop(file, Orders.goodAndOneBad(2)));
        pipeline.workOff();

        assertEquals(6, sandbox.ledger().size());
        for (String key : sandbox.keys()) {
            assertTrue(key.getBytes(StandardCharsets.UTF_8).length <= LONGEST, key);
            assertTrue(key.endsWith(".csv"), key);
        }
        assertEquals(9, sandbox.items("ProcessedOrders").size());
        assertPromises();
    }

    /** Folders of letters that take two bytes each: no name on a disk may have more than 255. */
    private static String longName(int bytes) {
        StringBuilder name = new StringBuilder();
        while (bytes - name.toString().getBytes(StandardCharsets.UTF_8).length > 200) {
            name.append("é".repeat(90)).append('/');
        }
        int left = bytes - name.toString().getBytes(StandardCharsets.UTF_8).length - ".csv".length();
        return name.append("x".repeat(left)).append(".csv").toString();
    }

    @Test
    void thatDiffersInCaseAloneIsAnotherFilesAndSoAreItsRejects() {
        List<String> files = List.of("orders.csv", "orders.CSV", "Orders.csv");
        files.forEach(file -> sandbox.drop(file, ONE_BAD));

        pipeline.workOff();

        files.forEach(file -> assertCompleted(file, 1, 1, 1));
        Set<String> rejects = new TreeSet<>();
        files.forEach(file -> rejects.add(sandbox.entry(file).rejects().orElseThrow()));
        assertEquals(3, rejects.size(), rejects::toString);
        assertTrue(rejects.containsAll(Set.of("failed-data/orders.rejects.csv", "failed-data/Orders.rejects.csv")));
        for (String file : files) {
            assertTrue(sandbox.text(sandbox.entry(file).rejects().orElseThrow()).contains("," + file + "@"), file);
        }
        assertEquals(
                List.of("processed-data/Orders.csv", "processed-data/orders.CSV", "processed-data/orders.csv"),
                sandbox.keys("processed-data/"));
        assertPromises();
    }

    /** Somebody drops a file that is named as the rejects of another would be, and nothing of it can be stored. */
    @Test
    void thatIsTheNameOfAnothersRejectsIsKeptApartFromThem() {
        sandbox.drop("orders.rejects.csv", "what,ever\n1,2\n");
        pipeline.workOff();
        sandbox.drop("orders.csv", ONE_BAD);
        pipeline.workOff();

        Entry refused = sandbox.entry("orders.rejects.csv");
        assertEquals(Status.REFUSED, refused.status());
        assertEquals("failed-data/orders.rejects.csv", refused.location().orElseThrow());
        Entry completed = sandbox.entry("orders.csv");
        assertEquals(
                "failed-data/orders-" + completed.version().substring(0, 8) + ".rejects.csv",
                completed.rejects().orElseThrow());
        assertPromises();
    }

    @Test
    void thatNamesAnothersRejectsLaterIsKeptApartToo() {
        sandbox.drop("orders.csv", ONE_BAD);
        pipeline.workOff();
        sandbox.drop("orders.rejects.csv", "what,ever\n1,2\n");
        pipeline.workOff();

        assertEquals(
                "failed-data/orders.rejects.csv",
                sandbox.entry("orders.csv").rejects().orElseThrow());
        Entry refused = sandbox.entry("orders.rejects.csv");
        assertEquals(
                "failed-data/orders.rejects-" + refused.version().substring(0, 8) + ".csv",
                refused.location().orElseThrow());
        assertPromises();
    }

    private void assertPromises() {
        Found found = Found.in(sandbox, pipeline);
        found.assertPromises();
        found.assertCounts();
        assertEquals(List.of(), sandbox.keys("raw-data/"));
    }
}
