package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.local.Fault;
import pipeline.run.Pipeline;

/** A process ends in the middle of a file. That another takes it over, {@link AFaultAtEveryCallTest} tries at each call. */
class AWorkerThatDiesTest extends FaultSpecs {
    @Test
    void onEveryAttemptEndsTheFileAsFailed() throws InterruptedException {
        sandbox.drop("orders.csv", Orders.good(60));
        dieAt("dynamodb:BatchWriteItem", "ProcessedOrders", 1, Fault.DOWN);
        Map<String, String> oneAttempt = new HashMap<>(SHORT_LEASE);
        oneAttempt.put("max-attempts", "1");
        Running survivor = sandbox.pipeline(oneAttempt);

        survivor.workOff();

        Entry entry = sandbox.entry("orders.csv");
        assertEquals(Status.FAILED, entry.status());
        assertTrue(
                entry.reason().orElseThrow().contains("found no end of attempt 1, the last that the file gets"),
                () -> entry.reason().toString());
        assertEquals(
                List.of("cut off", "failed"),
                entry.history().stream().map(line -> line.get("outcome")).toList());
        Found found = Found.in(sandbox, survivor);
        found.assertPromises();
        assertEquals(1, found.alerts().size());
    }

    @Test
    void orderlyHandsItsFileBackAtOnceAndUnspent() throws InterruptedException {
        sandbox.drop("orders.csv", Orders.goodAndOneBad(60));
        stopInTheMiddle(Running::workOffOnce);
        Entry handedBack = assertHandedBack("orders.csv");

        sandbox.aws().recordCalls(true);
        pipeline.workOff();
        long written = sandbox.aws().calls().stream()
                .filter(call -> call.operation().equals("dynamodb:BatchWriteItem"))
                .count();
        sandbox.aws().recordCalls(false);

        assertEquals(
                3 - handedBack.storedThrough() / 25, written, "batches, of which what was stored is not written again");
        assertCompleted("orders.csv", 1, 60, 1);
        assertEquals(60, sandbox.items("ProcessedOrders").size());
        Found.in(sandbox, pipeline).assertPromises();
    }

    /** Runs a pipeline that reaches nothing any more from that call on. */
    private void dieAt(String operation, String target, int which, Fault fault) throws InterruptedException {
        Running victim = sandbox.start(SHORT_LEASE, Pipeline.Intake.ON_DEMAND);
        CountDownLatch dead = new CountDownLatch(1);
        sandbox.aws().faults(Faults.at(which, operation, target, () -> {
            victim.kill();
            dead.countDown();
            return fault;
        }));
        meanwhile(victim::workOffOnce);
        dead.await();
        meanwhile(victim.pipeline()::close);
    }
}
