package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pipeline.claim.Status;
import pipeline.local.Fault;

/** The ledger has taken a change, but its answer does not arrive. */
class AnAnswerThatIsLostTest extends FaultSpecs {
    /** Of a file's changes the second is its end, the third says that it was announced. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void concludesAndAnnouncesOnceAllTheSame(int change) {
        Running shortLease = sandbox.pipeline(SHORT_LEASE);
        sandbox.aws().faults(Faults.nth(change, "dynamodb:UpdateItem", "ProcessedFiles", Fault.CUT_AFTER));
        sandbox.drop("inventory.csv", "sku,warehouse\nK-17,Lisbon\n");

        shortLease.workOff();

        assertEquals(Status.REFUSED, sandbox.entry("inventory.csv").status());
        assertEquals(1, sandbox.entry("inventory.csv").attempts());
        Found found = Found.in(sandbox, shortLease);
        found.assertPromises();
        found.assertCounts();
        assertEquals(1, found.alerts().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void losesNothingAndStoresNothingTwice(int change) {
        Running shortLease = sandbox.pipeline(SHORT_LEASE);
        sandbox.aws().faults(Faults.nth(change, "dynamodb:UpdateItem", "ProcessedFiles", Fault.CUT_AFTER));
        sandbox.drop("orders.csv", Orders.goodAndOneBad(30));

        shortLease.workOff();

        assertEquals(Status.COMPLETED, sandbox.entry("orders.csv").status());
        assertEquals(30, sandbox.items("ProcessedOrders").size());
        Found found = Found.in(sandbox, shortLease);
        found.assertPromises();
        found.assertCounts();
    }
}
