package pipeline.specs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.local.Fault;
import pipeline.observe.Journal.Event;
import pipeline.run.Pipeline;

/** A process ends in the middle of a file; another takes the file over when the lease has run out. */
class AWorkerThatDiesTest extends FaultSpecs {
    /** Killed when such a call was made: whether it took effect or not, nobody lives to hear of it. */
    @ParameterizedTest
    @CsvSource({
        "s3:CopyObject, archive/, 1, CUT_AFTER",
        "dynamodb:BatchWriteItem, ProcessedOrders, 2, CUT_AFTER",
        "s3:PutObject, failed-data/, 1, CUT_AFTER",
        "s3:CopyObject, processed-data/, 1, CUT_AFTER",
        "dynamodb:UpdateItem, ProcessedFiles, 2, DOWN",
    })
    void beforeTheLedgerIsWrittenHasItsFileWorkedOnAgain(String operation, String target, int which, Fault fault)
            throws InterruptedException {
        sandbox.drop("orders.csv", Orders.goodAndOneBad(60));
        dieAt(operation, target, which, fault);
        Running survivor = sandbox.pipeline(SHORT_LEASE);

        survivor.workOff();

        assertCompleted("orders.csv", 2, 60, 1);
        assertEquals(60, sandbox.items("ProcessedOrders").size());
        Found.in(sandbox, survivor).assertPromises();
    }

    @ParameterizedTest
    @CsvSource({
        "dynamodb:UpdateItem, ProcessedFiles, 2, CUT_AFTER",
        "s3:DeleteObject, raw-data/, 1, DOWN",
    })
    void afterTheLedgerIsWrittenHasTheRestDone(String operation, String target, int which, Fault fault)
            throws InterruptedException {
        sandbox.drop("inventory.csv", "sku,warehouse\nK-17,Lisbon\n");
        dieAt(operation, target, which, fault);
        await().until(() -> sandbox.entry("inventory.csv").status() == Status.REFUSED);
        Running survivor = sandbox.pipeline(SHORT_LEASE);

        survivor.workOff();

        Found found = Found.in(sandbox, survivor);
        found.assertPromises();
        assertEquals(1, found.alerts().size());
        assertEquals(1, sandbox.entry("inventory.csv").attempts());
        assertEquals(List.of(), sandbox.keys("raw-data/"));
        assertEquals(List.of(), survivor.events(Event.Duplicate.class));
        assertEquals(List.of(), survivor.events(Event.Concluded.class), "expected no second end");
    }

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
                entry.reason().orElseThrow().contains("the process ended in the middle of each of 1 attempts"),
                () -> entry.reason().toString());
        Found found = Found.in(sandbox, survivor);
        found.assertPromises();
        assertEquals(1, found.alerts().size());
    }

    @Test
    void orderlyHandsItsFileBackAtOnceAndUnspent() throws InterruptedException {
        sandbox.drop("orders.csv", Orders.goodAndOneBad(60));
        Running leaving = sandbox.start(Map.of(), Pipeline.Intake.ON_DEMAND);
        CountDownLatch gone = new CountDownLatch(1);
        sandbox.aws().faults(Faults.at(2, "dynamodb:BatchWriteItem", "ProcessedOrders", () -> {
            meanwhile(() -> {
                try {
                    leaving.pipeline().close();
                } finally {
                    gone.countDown();
                }
            });
            await().until(() -> !leaving.pipeline().camelContext().getStatus().isStarted());
            return Fault.NONE;
        }));
        meanwhile(leaving::workOffOnce);
        gone.await();
        leaving.clients().close();
        Entry handedBack = sandbox.entry("orders.csv");
        assertEquals(List.of(Status.WAITING, 0), List.of(handedBack.status(), handedBack.attempts()));

        pipeline.workOff();

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
