package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import pipeline.claim.Entry;
import pipeline.local.Fault;
import pipeline.observe.Journal.Event;

/** Somebody writes to or deletes from {@code raw-data/} while the pipeline is at it. */
class AFileThatIsReplacedTest extends FaultSpecs {
    private static final String OLD = Orders.good(1);
    private static final String NEW = Orders.good(2);

    @Test
    void beforeItIsArchivedIsSupersededAndTheNewVersionIsItsOwnFile() {
        sandbox.drop("orders.csv", OLD);
        sandbox.aws().faults(Faults.at(1, "s3:CopyObject", "archive/", () -> {
            sandbox.drop("orders.csv", NEW);
            return Fault.NONE;
        }));

        pipeline.workOff();

        assertEquals(List.of("superseded 0", "completed 2"), statuses());
        assertEquals(1, pipeline.events(Event.Superseded.class).size());
        assertEquals(2, sandbox.items("ProcessedOrders").size());
        Found found = Found.in(sandbox, pipeline);
        found.assertPromises();
        found.assertCounts();
        assertEquals(List.of(), found.alerts());
    }

    @Test
    void beforeItIsArchivedMayComeAgain() {
        sandbox.drop("orders.csv", OLD);
        sandbox.aws().faults(Faults.at(1, "s3:CopyObject", "archive/", () -> {
            sandbox.delete("raw-data/orders.csv");
            return Fault.NONE;
        }));
        pipeline.workOff();
        assertEquals(List.of("superseded 0"), statuses());
        assertEquals(List.of(), sandbox.keys());

        sandbox.drop("orders.csv", OLD);
        pipeline.workOff();

        assertEquals(List.of("completed 1"), statuses());
        Found found = Found.in(sandbox, pipeline);
        found.assertPromises();
        found.assertCounts();
    }

    @Test
    void whileItsRowsAreStoredLeavesTheNewVersionToBeItsOwnFile() {
        replacedAt("dynamodb:BatchWriteItem", "ProcessedOrders");
    }

    @Test
    void beforeItIsDeletedLeavesTheNewVersionToBeItsOwnFile() {
        replacedAt("s3:DeleteObject", "raw-data/orders.csv");
    }

    private void replacedAt(String operation, String target) {
        sandbox.drop("orders.csv", OLD);
        sandbox.aws().faults(Faults.at(1, operation, target, () -> {
            sandbox.drop("orders.csv", NEW);
            return Fault.NONE;
        }));

        pipeline.workOff();

        assertEquals(List.of("completed 1", "completed 2"), statuses());
        assertEquals(3, sandbox.items("ProcessedOrders").size());
        assertEquals(2, sandbox.keys("processed-data/").size());
        assertEquals(List.of(), sandbox.keys("raw-data/"));
        Found found = Found.in(sandbox, pipeline);
        found.assertPromises();
        found.assertCounts();
    }

    @Test
    void orDeletedAfterItWasArchivedIsStoredAllTheSame() {
        sandbox.drop("orders.csv", OLD);
        sandbox.aws().faults(Faults.at(1, "dynamodb:BatchWriteItem", "ProcessedOrders", () -> {
            sandbox.delete("raw-data/orders.csv");
            return Fault.NONE;
        }));

        pipeline.workOff();

        assertEquals(List.of("completed 1"), statuses());
        Found found = Found.in(sandbox, pipeline);
        found.assertPromises();
        found.assertCounts();
    }

    /** In the order of their first claims. */
    private List<String> statuses() {
        return sandbox.ledger().stream()
                .sorted(Comparator.comparing(Entry::firstClaim))
                .map(entry -> entry.status().text() + " " + entry.rowsStored())
                .toList();
    }
}
