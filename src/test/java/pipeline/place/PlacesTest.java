package pipeline.place;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

    @Test
    void theArchivesDayIsThatOfTheFirstClaimInUtc() {
        assertEquals("archive/2026/01/01/", Places.archive(Instant.parse("2026-01-01T00:00:00Z")));
        assertEquals("archive/2025/12/31/", Places.archive(Instant.parse("2025-12-31T23:59:59.999999999Z")));
    }
}
