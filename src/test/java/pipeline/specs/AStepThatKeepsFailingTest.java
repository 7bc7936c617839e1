package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.local.Fault;
import pipeline.observe.Journal.Event;

/** A step fails however often it is tried again, while the service answers otherwise: it is the file's own failure. */
class AStepThatKeepsFailingTest extends FaultSpecs {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3:CopyObject archive/",
                "s3:GetObject archive/",
                "dynamodb:BatchWriteItem ProcessedOrders",
                "s3:PutObject failed-data/",
                "s3:CopyObject processed-data/"
            })
    void costsAnAttemptAndTheNextOneSucceeds(String step) {
        String[] call = step.split(" ");
        // One try and three redeliveries make an attempt.
        sandbox.aws().faults(Faults.first(4, call[0], call[1], Fault.FAIL_BEFORE));
        sandbox.drop("orders.csv", Orders.goodAndOneBad(2));

        pipeline.workOff();

        assertEquals(1, pipeline.events(Event.Retried.class).size());
        assertCompleted("orders.csv", 2, 2, 1);
        Found found = Found.in(sandbox, pipeline);
        found.assertPromises();
        found.assertCounts();
        assertEquals(List.of(), found.alerts());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3:GetObject archive/",
                "dynamodb:BatchWriteItem ProcessedOrders",
                "s3:PutObject failed-data/",
                "s3:CopyObject processed-data/"
            })
    void endsTheFileAsFailedAfterThreeAttempts(String step) {
        String[] call = step.split(" ");
        sandbox.aws().faults(Faults.all(call[0], call[1], Fault.DENIED));
        sandbox.drop("orders.csv", Orders.goodAndOneBad(2));

        pipeline.workOff();
        recover();

        Entry entry = sandbox.entry("orders.csv");
        assertEquals(Status.FAILED, entry.status());
        assertEquals(3, entry.attempts());
        assertEquals(2, pipeline.events(Event.Retried.class).size());
        Found found = Found.in(sandbox, pipeline);
        found.assertPromises();
        found.assertCounts();
        assertEquals(1, found.alerts().size());
    }
}
