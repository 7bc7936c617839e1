package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pipeline.local.Call;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;
import software.amazon.awssdk.core.sync.RequestBody;

/** A file of more bytes than one copy takes, most of whose rows go back: everything about it is done in parts. */
class ALargeFileTest extends FaultSpecs {
    private static final int WIDE_ROWS = 140;
    private static final int WIDTH = 1_000_000;

    /** So many of them make a rejects file that is uploaded in parts. */
    private static final int TWO_PARTS = 10;

    private static final String FINISH = "s3:CompleteMultipartUpload";

    @Test
    void isArchivedFiledAndReturnedInParts() {
        drop(WIDE_ROWS);
        sandbox.aws().recordCalls(true);

        pipeline.workOff();

        List<String> operations =
                sandbox.aws().calls().stream().map(Call::operation).distinct().toList();
        sandbox.aws().recordCalls(false);
        assertCompleted("wide.csv", 1, 1, WIDE_ROWS);
        assertTrue(operations.containsAll(List.of("s3:UploadPartCopy", "s3:UploadPart")), operations::toString);
        assertTrue(sandbox.head("failed-data/wide.rejects.csv").contentLength() > (long) WIDE_ROWS * WIDTH);
        assertEquals(List.of(), sandbox.keys("raw-data/"));
        Found found = Found.in(sandbox, pipeline);
        found.assertPromises();
        found.assertCounts();
    }

    /** The upload is gone once its file is there: to finish it again is refused, and costs the file nothing. */
    @ParameterizedTest
    @EnumSource(names = {"FAIL_AFTER", "CUT_AFTER", "TRUNCATED"})
    void doesNotPayForALostAnswerAboutItsRejects(Fault lost) {
        drop(TWO_PARTS);
        sandbox.aws().faults(Faults.nth(1, FINISH, "failed-data/", lost));

        pipeline.workOff();

        assertReturned(1);
    }

    @Test
    void doesNotPayForALostAnswerAboutRejectsThatReplaceThoseOfAnEarlierAttempt() {
        drop(TWO_PARTS);
        FaultPlan unfiled = Faults.first(4, "s3:CopyObject", "processed-data/", Fault.DENIED);
        FaultPlan lost = Faults.nth(2, FINISH, "failed-data/", Fault.CUT_AFTER);
        sandbox.aws().faults(call -> unfiled.next(call) == Fault.NONE ? lost.next(call) : Fault.DENIED);

        pipeline.workOff();

        assertReturned(2);
    }

    private void assertReturned(int attempts) {
        assertCompleted("wide.csv", attempts, 1, TWO_PARTS);
        assertEquals(attempts, sandbox.entry("wide.csv").history().size(), "attempts");
        assertTrue(sandbox.head("failed-data/wide.rejects.csv").contentLength() > (long) TWO_PARTS * WIDTH);
        Found.in(sandbox, pipeline).assertPromises();
    }

    private void drop(int wideRows) {
        byte[] header = Orders.good(1).getBytes(StandardCharsets.UTF_8);
        byte[] wide = ("B0001," + "x".repeat(WIDTH) + ",Wireless mouse,1,29.99\n").getBytes(StandardCharsets.UTF_8);
        List<InputStream> rows = IntStream.range(0, wideRows)
                .<InputStream>mapToObj(i -> new ByteArrayInputStream(wide))
                .toList();
        InputStream content = new SequenceInputStream(
                new ByteArrayInputStream(header), new SequenceInputStream(Collections.enumeration(rows)));
        long length = header.length + (long) wideRows * wide.length;
        sandbox.s3()
                .putObject(
                        request -> request.bucket(sandbox.bucket()).key("raw-data/wide.csv"),
                        RequestBody.fromInputStream(content, length));
    }
}
