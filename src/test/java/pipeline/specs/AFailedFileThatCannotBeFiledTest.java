package pipeline.specs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pipeline.claim.Status;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;
import pipeline.observe.Journal.Event;

/** The last attempt at a file has failed, and its copy under {@code failed-data/} cannot be made either. */
class AFailedFileThatCannotBeFiledTest extends FaultSpecs {
    private static final FaultPlan UNSTORED = Faults.all("dynamodb:BatchWriteItem", "", Fault.DENIED);

    @Test
    void becauseATokenHasExpiredIsFiledWithTheNextTry() {
        failing(Faults.first(1, "s3:CopyObject", "failed-data/", Fault.EXPIRED));

        assertEquals(
                "failed-data/orders.csv", sandbox.entry("orders.csv").location().orElseThrow());
        assertToldWhyItFailed();
        recover();
        Found.in(sandbox, pipeline).assertPromises();
    }

    @ParameterizedTest
    @EnumSource(names = {"DENIED", "KEY_DISABLED", "INVALID_REQUEST", "INTERNAL_ERROR", "NOT_IMPLEMENTED"})
    void becauseS3RefusesStaysInTheArchive(Fault lasting) {
        failing(Faults.all("s3:CopyObject", "failed-data/", lasting));

        assertEquals(Status.FAILED, sandbox.entry("orders.csv").status());
        String location = sandbox.entry("orders.csv").location().orElseThrow();
        assertTrue(location.startsWith("archive/") && sandbox.keys().contains(location), location);
        assertToldWhyItFailed();
    }

    /** Not why it could not be filed, nor that its last attempt has no end. */
    private void assertToldWhyItFailed() {
        String reason = sandbox.entry("orders.csv").reason().orElseThrow();
        assertTrue(reason.startsWith("DynamoDb answered AccessDeniedException: "), reason);
    }

    @ParameterizedTest
    @EnumSource(names = {"DENIED", "INVALID_REQUEST", "INTERNAL_ERROR"})
    void norEvenLookedAtStaysInRawDataAndIsTold(Fault lasting) {
        sandbox.drop("orders.csv", Orders.good(2));
        sandbox.aws().faults(Faults.all("s3:HeadObject", "raw-data/orders.csv", lasting));

        await().pollInSameThread().atMost(Sandbox.PATIENCE).until(() -> {
            pipeline.workOffOnce();
            return sandbox.entry("orders.csv").status() == Status.FAILED;
        });
        pipeline.workOffOnce();
        recover();

        assertEquals(
                "raw-data/orders.csv", sandbox.entry("orders.csv").location().orElseThrow());
        assertEquals(List.of("raw-data/orders.csv"), sandbox.keys());
        assertEquals(1, Found.in(sandbox, pipeline).alerts().size());
    }

    private void failing(FaultPlan filing) {
        sandbox.drop("orders.csv", Orders.good(2));
        sandbox.aws().faults(call -> UNSTORED.next(call) == Fault.NONE ? filing.next(call) : Fault.DENIED);
        pipeline.workOff();
    }

    @Test
    void becauseItIsGoneAndWasNeverKeptIsSuperseded() {
        sandbox.drop("orders.csv", Orders.good(2));
        AtomicInteger copies = new AtomicInteger();
        // Three attempts of four tries each.
        sandbox.aws().faults(call -> {
            if (!call.operation().equals("s3:CopyObject")) {
                return Fault.NONE;
            }
            if (copies.incrementAndGet() == 12) {
                sandbox.delete("raw-data/orders.csv");
            }
            return Fault.FAIL_BEFORE;
        });

        pipeline.workOff();

        assertEquals(12, copies.get());
        assertEquals(Status.SUPERSEDED, sandbox.entry("orders.csv").status());
        assertEquals(1, pipeline.events(Event.Superseded.class).size());
        assertEquals(List.of(), sandbox.keys());
        recover();
        Found found = Found.in(sandbox, pipeline);
        assertEquals(List.of(), found.alerts());
        found.assertPromises();
    }
}
