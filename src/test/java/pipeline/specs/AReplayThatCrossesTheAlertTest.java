package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.conclude.Failures;
import pipeline.conclude.ReturnedDeadLetters;
import pipeline.intake.S3Events;
import pipeline.local.Fault;
import pipeline.run.Pipeline;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A person has a failed file worked on again, in whatever state it is at that moment. */
class AReplayThatCrossesTheAlertTest extends FaultSpecs {
    @Test
    void keepsTheCopyThatAnotherPipelineHasFiledMeanwhile() {
        sandbox.drop("orders.csv", Orders.good(2));
        try (Running other = sandbox.start(Map.of(), Pipeline.Intake.ON_DEMAND)) {
            var denied = Faults.all("dynamodb:BatchWriteItem", "", Fault.DENIED);
            var crossed = Faults.at(1, "sns:Publish", "", () -> {
                recover();
                assertTrue(other.bean("failures", Failures.class).replay(sandbox.entry("orders.csv")));
                other.workOff();
                return Fault.NONE;
            });
            sandbox.aws().faults(call -> denied.next(call) == Fault.NONE ? crossed.next(call) : Fault.DENIED);

            pipeline.workOff();
        }

        assertEquals(Status.COMPLETED, sandbox.entry("orders.csv").status());
        assertEquals(List.of("processed-data/orders.csv"), sandbox.keys("processed-data/"));
        assertEquals(List.of(), sandbox.keys("failed-data/"));
        assertEquals(List.of(), sandbox.keys("raw-data/"));
        assertEquals(2, sandbox.items("ProcessedOrders").size());
    }

    @Test
    void byItsDeadLetterIsCountedOnceAndWhatReplaysNothingToo() {
        sandbox.drop("orders.csv", "a,b\n1,2\n");
        pipeline.workOff();
        Entry refused = sandbox.entry("orders.csv");
        long replayed = count("replayed");
        long ignored = count("ignored");

        comesBack("orders.csv", refused.version());
        assertEquals(List.of(replayed + 1, ignored), List.of(count("replayed"), count("ignored")));
        assertEquals(Status.WAITING, sandbox.entry("orders.csv").status());

        comesBack("orders.csv", refused.version());
        comesBack("nobody.csv", "abc");
        assertEquals(List.of(replayed + 1, ignored + 2), List.of(count("replayed"), count("ignored")));
    }

    @Test
    void byItsDeadLetterIsTriedAgainWhenTheEntryChangesInThatMoment() {
        sandbox.drop("orders.csv", "a,b\n1,2\n");
        pipeline.workOff();
        Entry refused = sandbox.entry("orders.csv");
        sandbox.aws().faults(Faults.at(1, "dynamodb:UpdateItem", "ProcessedFiles", () -> {
            // Another takes over what is left to announce: still a failure, under another beat.
            sandbox.dynamoDb().updateItem(request -> request.tableName("ProcessedFiles")
                    .key(Map.of(
                            "file", AttributeValue.fromS(refused.file()),
                            "version", AttributeValue.fromS(refused.version())))
                    .updateExpression("ADD lease_beat :one")
                    .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))));
            return Fault.NONE;
        }));

        comesBack("orders.csv", refused.version());

        assertEquals(Status.WAITING, sandbox.entry("orders.csv").status());
    }

    private void comesBack(String file, String version) {
        pipeline.bean("returnedDeadLetters", ReturnedDeadLetters.class).replay(new S3Events.Replay(file, version));
    }

    private long count(String outcome) {
        return pipeline.count("pipeline.dead.letters.returned", "outcome", outcome);
    }
}
