package pipeline.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

class RawDataTest {
    /** Nothing is asked of it here. */
    private static final S3Client S3 = new S3Client() {
        @Override
        public String serviceName() {
            return "s3";
        }

        @Override
        public void close() {}
    };

    private final AtomicLong clock = new AtomicLong();
    private final RawData rawData = new RawData(S3, "bucket", clock::get);

    private static List<S3Object> page(String... keys) {
        return List.of(keys).stream()
                .map(key -> S3Object.builder()
                        .key(key)
                        .eTag("\"e\"")
                        .size(key.endsWith("/") ? 0L : 1L)
                        .lastModified(Instant.EPOCH)
                        .build())
                .toList();
    }

    /** As the routes list a page. */
    private String list(String after, String... keys) {
        rawData.page(after);
        String last = rawData.last(page(keys));
        rawData.versions(page(keys));
        return last;
    }

    @Test
    void theLatestListingTellsHowManyFilesThereAre() {
        assertEquals(OptionalInt.empty(), rawData.listed(), "before the first listing");
        String after = list("", "raw-data/", "raw-data/a.csv", "raw-data/b.csv");
        assertEquals(OptionalInt.of(2), rawData.listed(), "an empty folder is no file");
        after = list(after, "raw-data/c.csv");
        assertEquals("end", list(after));
        assertEquals(OptionalInt.of(3), rawData.listed());

        assertEquals("end", list(""));
        assertEquals(OptionalInt.of(0), rawData.listed());
    }

    @Test
    void aListingUnderWayTellsNoFewerThanTheOneBeforeUntilItEnds() {
        list(list("", "raw-data/a.csv", "raw-data/b.csv", "raw-data/c.csv"));
        String after = list("", "raw-data/c.csv");
        assertEquals(OptionalInt.of(3), rawData.listed());
        list(after);
        assertEquals(OptionalInt.of(1), rawData.listed());
    }

    @Test
    void aListingThatWasCutOffIsNotTakenForOneThatFoundLess() {
        list(list("", "raw-data/a.csv", "raw-data/b.csv"));
        list("", "raw-data/a.csv");
        list("", "raw-data/a.csv");
        assertEquals(OptionalInt.of(2), rawData.listed());
    }

    @Test
    void whatWasListedLongAgoIsNotKnownAnyMore() {
        list(list("", "raw-data/a.csv"));
        clock.addAndGet(Duration.ofMinutes(10).toNanos());
        assertEquals(OptionalInt.of(1), rawData.listed());
        clock.addAndGet(1);
        assertEquals(OptionalInt.empty(), rawData.listed());
        list("");
        assertEquals(OptionalInt.of(0), rawData.listed());
    }
}
