package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;
import pipeline.observe.Journal.Event;

/** A whole service does not answer for a while: files wait, and it costs them no attempt. */
class AServiceThatIsDownTest extends FaultSpecs {
    private static final List<String> BEGAN_AND_ENDED = List.of("outage-began", "outage-ended");

    @ParameterizedTest
    @ValueSource(strings = {"s3", "dynamodb"})
    void makesFilesWaitWithoutSpendingAttempts(String service) {
        sandbox.drop("orders.csv", Orders.goodAndOneBad(30));
        sandbox.aws().faults(Faults.service(service, Fault.DOWN));
        for (int pass = 0; pass < 4; pass++) {
            passInAnOutage(pipeline);
        }
        recover();
        assertEquals(List.of("raw-data/orders.csv"), sandbox.keys());
        assertEquals(List.of(), sandbox.ledger());

        pipeline.workOff();

        assertCompleted("orders.csv", 1, 30, 1);
        Found found = Found.in(sandbox, pipeline);
        found.assertPromises();
        found.assertCounts();
        assertEquals(BEGAN_AND_ENDED, found.outageAlerts());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"s3:CopyObject archive/", "dynamodb:BatchWriteItem Processed", "s3:CopyObject processed-data/"})
    void stopsAFileInTheMiddleWithoutSpendingAttempts(String step) {
        String[] call = step.split(" ");
        FaultPlan down = call[0].startsWith("s3") ? Faults.service("s3", Fault.DOWN) : tablesDown();
        sandbox.drop("orders.csv", Orders.goodAndOneBad(60));
        sandbox.aws().faults(Faults.at(1, call[0], call[1], () -> {
            sandbox.aws().faults(down);
            return Fault.DOWN;
        }));
        for (int pass = 0; pass < 4; pass++) {
            passInAnOutage(pipeline);
        }
        Entry waiting = sandbox.entry("orders.csv");
        assertEquals(Status.WAITING, waiting.status(), () -> waiting.item().toString());
        assertEquals(0, waiting.attempts(), () -> waiting.item().toString());
        recover();

        pipeline.workOff();

        assertCompleted("orders.csv", 1, 60, 1);
        assertEquals(60, sandbox.items("ProcessedOrders").size());
        assertEquals(List.of(), pipeline.events(Event.Retried.class));
        Found found = Found.in(sandbox, pipeline);
        found.assertPromises();
        found.assertCounts();
        assertEquals(BEGAN_AND_ENDED, found.outageAlerts());
    }

    /** The tables of the rows, and they alone: the ledger can still be written. */
    private static FaultPlan tablesDown() {
        return call ->
                call.service().equals("dynamodb") && !call.target().equals("ProcessedFiles") ? Fault.DOWN : Fault.NONE;
    }

    @Test
    void ofMessagesDelaysTheAlertAndNothingElse() {
        Running shortLease = sandbox.pipeline(SHORT_LEASE);
        sandbox.drop("inventory.csv", "sku,warehouse\nK-17,Lisbon\n");
        sandbox.aws().faults(call -> List.of("sqs", "sns").contains(call.service()) ? Fault.DOWN : Fault.NONE);
        passInAnOutage(shortLease);
        Entry concluded = sandbox.entry("inventory.csv");
        assertEquals(Status.REFUSED, concluded.status());
        assertTrue(concluded.announcePending());
        recover();

        shortLease.workOff();

        Found found = Found.in(sandbox, shortLease);
        found.assertPromises();
        found.assertCounts();
        assertEquals(1, found.alerts().size());
        assertEquals(BEGAN_AND_ENDED, found.outageAlerts());
    }

    @Test
    void ofAlertsSendsAMessageTwiceAtMostUnderOneId() {
        Running shortLease = sandbox.pipeline(SHORT_LEASE);
        sandbox.drop("inventory.csv", "sku,warehouse\nK-17,Lisbon\n");
        sandbox.aws().faults(Faults.service("sns", Fault.DOWN));
        passInAnOutage(shortLease);
        recover();

        shortLease.workOff();

        List<JsonNode> alerts = sandbox.aws().published().stream()
                .map(alert -> Sandbox.json(alert.defaultText()))
                .toList();
        assertEquals(
                List.of("outage-began", "outage-ended", "file"),
                alerts.stream().map(alert -> alert.path("kind").asText()).toList());
        String id = alerts.get(2).path("id").asText();
        assertEquals(
                List.of(id),
                sandbox.takeDeadLetters().stream()
                        .map(message -> message.path("id").asText())
                        .distinct()
                        .toList());
        assertEquals(List.of(), sandbox.keys("raw-data/"));
    }
}
