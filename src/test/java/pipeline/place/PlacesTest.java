package pipeline.place;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private static final String VERSION = "0123456789abcdef";

    @Test
    void aTakenNameIsFollowedByEightOfTheETagThenByAllOfIt() {
        assertEquals(
                List.of(
                        "processed-data/store-7/jan.csv",
                        "processed-data/store-7/jan-01234567.csv",
                        "processed-data/store-7/jan-0123456789abcdef.csv"),
                Places.names(Places.PROCESSED, "store-7/jan.csv", VERSION));
    }

    @Test
    void aDotInAFolderOrAtTheStartIsNoExtension() {
        assertEquals(
                "failed-data/v1.2/jan-01234567",
                Places.names(Places.FAILED, "v1.2/jan", VERSION).get(1));
        assertEquals(
                "failed-data/v/.jan-01234567",
                Places.names(Places.FAILED, "v/.jan", VERSION).get(1));
    }

    @Test
    void rejectsLoseTheExtensionCsvInAnyCaseAndNoOther() {
        assertEquals(
                "failed-data/a/jan.rejects.csv",
                Places.rejects("a/jan.CSV", VERSION).get(0));
        assertEquals(
                "failed-data/jan.txt-01234567.rejects.csv",
                Places.rejects("jan.txt", VERSION).get(1));
    }

    /** Real ones have at most 1,024 bytes; what would have more is cut between characters and told apart by its hash. */
    @Test
    void aNameThatWouldBeTooLongIsCut() {
        String deep = "ä/".repeat(335) + "jan.csv"; // 1,012 bytes
        List<String> names = Places.names(Places.PROCESSED, deep, VERSION);
        assertEquals(1, names.size());
        assertTrue(bytes(names.get(0)) <= 1024 && bytes(names.get(0)) > 1020, names.get(0));
        assertTrue(names.get(0).matches("processed-data/(ä/)+ä?-[0-9a-f]{32}\\.csv"), names.get(0));
        assertNotEquals(names, Places.names(Places.PROCESSED, deep, "f" + VERSION));
        assertNotEquals(names, Places.names(Places.PROCESSED, "b" + deep.substring(1), VERSION));
        assertTrue(Places.rejects(deep, VERSION).get(0).matches("failed-data/.*-[0-9a-f]{32}\\.rejects\\.csv"));

        String fits = "x".repeat(1005); // with the archive's folder just as long as a key may be
        List<String> archive = Places.names("archive/2026/01/01/", fits, VERSION);
        assertEquals("archive/2026/01/01/" + fits, archive.get(0));
        assertEquals(1024, bytes(archive.get(1)));
        String noExtension = "a." + "é".repeat(510);
        assertEquals(
                1, Places.names("archive/2026/01/01/", noExtension, VERSION).size());
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** S3 takes such keys, the local store does not: they are only ever put together, never taken apart. */
    @Test
    void dotsAndSlashesStayAsTheyAre() {
        assertEquals(
                "processed-data/../a.csv",
                Places.names(Places.PROCESSED, "../a.csv", VERSION).get(0));
        assertEquals(
                "processed-data//a//b.csv",
                Places.names(Places.PROCESSED, "/a//b.csv", VERSION).get(0));
        assertEquals(
                "processed-data/a/..",
                Places.names(Places.PROCESSED, "a/..", VERSION).get(0));
        assertEquals(
                "failed-data/../a.rejects.csv",
                Places.rejects("../a.csv", VERSION).get(0));
    }

    @Test
    void theArchivesDayIsThatOfTheFirstClaimInUtc() {
        assertEquals("archive/2026/01/01/", Places.archive(Instant.parse("2026-01-01T00:00:00Z")));
        assertEquals("archive/2025/12/31/", Places.archive(Instant.parse("2025-12-31T23:59:59.999999999Z")));
    }
}
