package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import pipeline.claim.Status;
import pipeline.local.Fault;
import pipeline.observe.Journal.Event;

/** A single call fails once or twice, or its answer is lost: the step is tried again and nobody notices. */
class AStepThatFailsTest extends FaultSpecs {
    static Stream<Arguments> steps() {
        return Stream.of(
                        "s3:HeadObject archive/",
                        "s3:CopyObject archive/",
                        "s3:GetObject archive/",
                        "dynamodb:BatchWriteItem ProcessedOrders",
                        "s3:HeadObject failed-data/",
                        "s3:PutObject failed-data/",
                        "s3:CopyObject processed-data/",
                        "s3:CopyObject failed-data/",
                        "sqs:SendMessage ProcessCSVData-DLQ",
                        "sns:Publish ProcessingFailureAlerts",
                        "s3:DeleteObject raw-data/")
                .flatMap(step -> Stream.of(Fault.FAIL_BEFORE, Fault.FAIL_AFTER, Fault.CUT_AFTER)
                        .map(fault -> Arguments.of(step, fault)));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void isTriedAgainAndNobodyNotices(String step, Fault fault) {
        String[] call = step.split(" ");
        sandbox.aws().faults(Faults.first(2, call[0], call[1], fault));
        sandbox.drop("orders.csv", Orders.goodAndOneBad(30));
        sandbox.drop("inventory.csv", "sku,warehouse\nK-17,Lisbon\n");

        pipeline.workOff();

        assertEquals(List.of(), pipeline.events(Event.Retried.class));
        assertCompleted("orders.csv", 1, 30, 1);
        assertEquals(Status.REFUSED, sandbox.entry("inventory.csv").status());
        assertEquals(30, sandbox.items("ProcessedOrders").size());
        assertEquals(
                List.of("failed-data/inventory.csv", "failed-data/orders.rejects.csv", "processed-data/orders.csv"),
                sandbox.keys().stream()
                        .filter(key -> !key.startsWith("archive/"))
                        .toList());
        boolean answerLost = fault != Fault.FAIL_BEFORE && call[0].matches("sqs:.*|sns:.*");
        if (answerLost) {
            // Nobody can send exactly once where an answer is lost; the id tells.
            assertEquals(
                    1,
                    Stream.concat(
                                    sandbox.takeDeadLetters().stream(),
                                    sandbox.aws().published().stream().map(alert -> Sandbox.json(alert.defaultText())))
                            .map(message -> message.path("id").asText())
                            .distinct()
                            .count());
        } else {
            Found found = Found.in(sandbox, pipeline);
            found.assertPromises();
            found.assertCounts();
            assertEquals(1, found.alerts().size());
            assertEquals(List.of(), found.outageAlerts());
        }
    }
}
