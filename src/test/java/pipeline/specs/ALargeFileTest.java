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
import pipeline.local.Call;
import software.amazon.awssdk.core.sync.RequestBody;

/** A file of more bytes than one copy takes, most of whose rows go back: everything about it is done in parts. */
class ALargeFileTest extends FaultSpecs {
    private static final int WIDE_ROWS = 140;
    private static final int WIDTH = 1_000_000;

    @Test
    void isArchivedFiledAndReturnedInParts() {
        byte[] header = Orders.good(1).getBytes(StandardCharsets.UTF_8);
        byte[] wide = ("B0001," + "x".repeat(WIDTH) + ",Wireless mouse,1,29.99\n").getBytes(StandardCharsets.UTF_8);
        List<InputStream> rows = IntStream.range(0, WIDE_ROWS)
                .<InputStream>mapToObj(i -> new ByteArrayInputStream(wide))
                .toList();
        InputStream content = new SequenceInputStream(
                new ByteArrayInputStream(header), new SequenceInputStream(Collections.enumeration(rows)));
        long length = header.length + (long) WIDE_ROWS * wide.length;
        sandbox.s3()
                .putObject(
                        request -> request.bucket(sandbox.bucket()).key("raw-data/wide.csv"),
                        RequestBody.fromInputStream(content, length));
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
}
