package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.conclude.Failures;
import pipeline.local.Fault;

/** Where S3 keeps conditions nothing is looked for before it is copied; a replay works from the copy in the archive all the same. */
class AReplayUnderConditionsTest extends FaultSpecs {
    AReplayUnderConditionsTest() {
        super(Map.of("conditional-writes", "true"));
    }

    private Entry failed() {
        sandbox.aws().faults(Faults.all("dynamodb:BatchWriteItem", "", Fault.DENIED));
        sandbox.drop("orders.csv", Orders.good(3));
        pipeline.workOff();
        recover();
        Entry entry = sandbox.entry("orders.csv");
        assertEquals(Status.FAILED, entry.status());
        return entry;
    }

    private void replay(Entry entry) {
        assertTrue(pipeline.bean("failures", Failures.class).replay(entry));
        sandbox.takeDeadLetters();
        sandbox.aws().clearPublished();
        pipeline.workOff();
    }

    @Test
    void ofAFileThatIsNoLongerInRawDataCompletesIt() {
        replay(failed());

        assertCompleted("orders.csv", 1, 3, 0);
        Found.in(sandbox, pipeline).assertPromises();
    }

    @Test
    void ofAFileWhoseKeyHasAnotherVersionByNowCompletesIt() {
        Entry entry = failed();
        sandbox.drop("orders.csv", Orders.good(5));

        replay(entry);

        assertEquals(
                Map.of(3L, Status.COMPLETED, 5L, Status.COMPLETED),
                sandbox.ledger().stream().collect(Collectors.toMap(Entry::rowsStored, Entry::status)));
        Found.in(sandbox, pipeline).assertPromises();
    }
}
