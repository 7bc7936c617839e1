package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.conclude.Failures;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;
import pipeline.observe.Journal.Event;

/** DynamoDB answers, but does not let this file's rows in. */
class AWriteThatIsRefusedTest extends FaultSpecs {
    private static final FaultPlan DENIED = Faults.all("dynamodb:BatchWriteItem", "", Fault.DENIED);

    AWriteThatIsRefusedTest() {
        super(ONE_BATCH_AT_A_TIME);
    }

    @Test
    void isTriedThreeTimesThenAPersonHearsOfItOnce() {
        sandbox.aws().faults(DENIED);
        sandbox.drop("in/orders.csv", Orders.good(2));

        pipeline.workOff();
        recover();

        Found found = Found.in(sandbox, pipeline);
        found.assertPromises();
        found.assertCounts();
        Entry entry = sandbox.entry("in/orders.csv");
        assertEquals(Status.FAILED, entry.status());
        assertEquals(3, entry.attempts());
        assertEquals(2, pipeline.events(Event.Retried.class).size());
        assertEquals(List.of(), sandbox.items("ProcessedOrders"));
        assertEquals(List.of("failed-data/in/orders.csv"), sandbox.keys("failed-data/"));
        assertEquals(List.of(), sandbox.keys("raw-data/"));
        assertEquals(1, found.alerts().size());
        assertEquals(
                "[pipeline] in/orders.csv failed after 3 attempts",
                found.alerts().get(0).get("subject"));
        assertTrue(
                entry.reason().orElseThrow().startsWith("DynamoDb answered AccessDeniedException: "),
                () -> entry.reason().toString());
        assertEquals(
                List.of("retried", "retried", "failed"),
                entry.history().stream().map(line -> line.get("outcome")).toList());
    }

    @Test
    void keepsTheRowsThatWereStoredBefore() {
        AtomicInteger writes = new AtomicInteger();
        sandbox.aws()
                .faults(call -> call.operation().equals("dynamodb:BatchWriteItem") && writes.incrementAndGet() > 1
                        ? Fault.DENIED
                        : Fault.NONE);
        sandbox.drop("orders.csv", Orders.goodAndOneBad(60));

        pipeline.workOff();
        recover();

        Found.in(sandbox, pipeline).assertPromises();
        Entry entry = sandbox.entry("orders.csv");
        assertEquals(
                List.of(Status.FAILED, 3, 25L, 25L, 0L),
                List.of(entry.status(), entry.attempts(), entry.rowsRead(), entry.rowsStored(), entry.rowsRejected()));
        assertEquals(25, sandbox.items("ProcessedOrders").size());

        sandbox.takeDeadLetters();
        sandbox.aws().clearPublished();
        replay(entry);
        assertCompleted("orders.csv", 1, 60, 1);
        assertEquals(60, sandbox.items("ProcessedOrders").size());
        assertEquals(
                List.of("failed-data/orders.rejects.csv"),
                sandbox.keys("failed-data/"),
                "expected the copy of the failure to be gone");
        Found.in(sandbox, pipeline).assertPromises();
    }

    @Test
    void isStoredOnceWhenItIsReplayed() {
        sandbox.aws().faults(DENIED);
        sandbox.drop("orders.csv", Orders.good(2));
        pipeline.workOff();
        recover();
        Entry failed = sandbox.entry("orders.csv");
        sandbox.takeDeadLetters();
        sandbox.aws().clearPublished();

        replay(failed);

        assertCompleted("orders.csv", 1, 2, 0);
        assertEquals(List.of("processed-data/orders.csv"), sandbox.keys("processed-data/"));
        assertEquals(List.of(), sandbox.keys("failed-data/"));
        assertEquals(2, sandbox.items("ProcessedOrders").size());
        assertEquals(failed.firstClaim(), sandbox.entry("orders.csv").firstClaim());
        assertEquals(Optional.empty(), sandbox.entry("orders.csv").reason());
        Found.in(sandbox, pipeline).assertPromises();
    }

    @Test
    void isAlertedAgainUnderAnotherIdWhenAReplayFailsToo() {
        sandbox.aws().faults(DENIED);
        sandbox.drop("orders.csv", Orders.good(2));
        pipeline.workOff();
        JsonNode first = sandbox.takeDeadLetters().get(0);
        sandbox.aws().clearPublished();

        replay(sandbox.entry("orders.csv"));
        recover();

        Found found = Found.in(sandbox, pipeline);
        found.assertPromises();
        assertEquals(1, found.alerts().size());
        assertEquals(Status.FAILED, sandbox.entry("orders.csv").status());
        assertNotEquals(
                first.path("id").asText(),
                Sandbox.json(sandbox.aws().published().get(0).defaultText())
                        .path("id")
                        .asText());
    }

    private void replay(Entry entry) {
        assertTrue(pipeline.bean("failures", Failures.class).replay(entry));
        pipeline.workOff();
    }
}
