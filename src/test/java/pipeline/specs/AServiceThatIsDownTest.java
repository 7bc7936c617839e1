package pipeline.specs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;
import pipeline.observe.Journal.Event;

/** A whole service does not answer for a while: files wait, and it costs them no attempt. */
class AServiceThatIsDownTest extends FaultSpecs {
    private static final String SENSORS =
            "sensor_id,device_type,location,temperature,humidity,pressure,battery_level,timestamp,status\n"
                    + "SN-001,climate,Hall A,21.4,41.5,1013.2,97,2026-03-02T06:00:00Z,ok\n";

    private static final List<String> BEGAN_AND_ENDED = List.of("outage-began", "outage-ended");

    AServiceThatIsDownTest() {
        super(ONE_BATCH_AT_A_TIME);
    }

    @ParameterizedTest
    @CsvSource({
        "s3, DOWN",
        "dynamodb, DOWN",
        "s3, EXPIRED",
        "dynamodb, EXPIRED",
        "s3, FAIL_BEFORE",
        "dynamodb, FAIL_BEFORE"
    })
    void makesFilesWaitWithoutSpendingAttempts(String service, Fault fault) {
        sandbox.drop("orders.csv", Orders.goodAndOneBad(30));
        sandbox.aws().faults(Faults.service(service, fault));
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

    @Test
    void withTheLedgerInItCostsTheFilesInHandNoAttemptAndNoLease() {
        sandbox.drop("orders.csv", Orders.goodAndOneBad(60));
        sandbox.aws().faults(Faults.at(2, "dynamodb:BatchWriteItem", "Processed", () -> {
            sandbox.aws().faults(Faults.service("dynamodb", Fault.DOWN));
            return Fault.DOWN;
        }));
        for (int pass = 0; pass < 4; pass++) {
            passInAnOutage(pipeline);
        }
        recover();
        assertEquals(Status.PROCESSING, sandbox.entry("orders.csv").status(), "expected that nothing could be written");

        pipeline.workOffOnce();
        pipeline.workOffOnce();

        assertCompleted("orders.csv", 1, 60, 1);
        assertEquals(BEGAN_AND_ENDED, Found.in(sandbox, pipeline).outageAlerts());
    }

    @Test
    void asATableThatWasDeletedIsWaitedForUntilItIsThereAgain() {
        sandbox.drop("sensors.csv", SENSORS);
        pipeline.workOff();
        sandbox.dynamoDb().deleteTable(request -> request.tableName("ProcessedSensors"));
        try {
            sandbox.drop("more.csv", SENSORS.replace("21.4", "22.4"));
            for (int pass = 0; pass < 4; pass++) {
                passInAnOutage(pipeline);
            }
        } finally {
            sandbox.provision();
        }
        assertEquals(0, sandbox.entry("more.csv").attempts());

        pipeline.workOff();

        assertCompleted("more.csv", 1, 1, 0);
        assertEquals(BEGAN_AND_ENDED, Found.in(sandbox, pipeline).outageAlerts());
    }

    @Test
    void thatOnlyAsksToSlowDownIsNotDown() {
        FaultPlan busy = call -> call.operation().equals("dynamodb:DescribeTable") ? Fault.THROTTLE : Fault.NONE;
        FaultPlan failing = Faults.first(4, "dynamodb:BatchWriteItem", "", Fault.FAIL_BEFORE);
        sandbox.drop("orders.csv", Orders.good(2));
        sandbox.aws().faults(call -> busy.next(call) == Fault.NONE ? failing.next(call) : Fault.THROTTLE);

        pipeline.workOff();

        assertCompleted("orders.csv", 2, 2, 0);
        assertEquals(List.of(), Found.in(sandbox, pipeline).outageAlerts());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dynamodb:BatchWriteItem", "s3:CopyObject"})
    void thatDeniesItToEveryFileFailsNone(String operation) {
        for (int file = 1; file <= 8; file++) {
            sandbox.drop(operation.substring(0, 2) + "-orders-" + file + ".csv", Orders.good(file));
        }
        sandbox.aws().faults(Faults.all(operation, "", Fault.DENIED));
        for (int pass = 0; pass < 8; pass++) {
            passInAnOutage(pipeline);
        }
        await().pollInterval(Duration.ofMillis(100))
                .during(Duration.ofSeconds(7))
                .atMost(Sandbox.PATIENCE)
                .until(() -> {
                    passInAnOutage(pipeline);
                    return sandbox.ledger().stream().noneMatch(entry -> entry.status() == Status.FAILED);
                });
        recover();

        pipeline.workOff();

        assertEquals(
                8,
                sandbox.ledger().stream()
                        .filter(entry -> entry.status() == Status.COMPLETED)
                        .count(),
                () -> sandbox.ledger().toString());
        Found found = Found.in(sandbox, pipeline);
        found.assertPromises();
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
    void ofAlertsSendsEveryMessageOnceAllTheSame() {
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
        assertEquals(
                alerts.get(0).path("outage").asText(),
                alerts.get(1).path("outage").asText());
        assertEquals(
                3,
                alerts.stream()
                        .map(alert -> alert.path("id").asText())
                        .distinct()
                        .count(),
                "an id that is there twice would be one alert sent twice");
        String id = alerts.get(2).path("id").asText();
        assertEquals(
                List.of(id),
                sandbox.takeDeadLetters().stream()
                        .map(message -> message.path("id").asText())
                        .toList());
        assertEquals(List.of(), sandbox.keys("raw-data/"));
    }
}
