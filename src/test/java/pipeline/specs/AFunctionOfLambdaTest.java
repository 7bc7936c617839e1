package pipeline.specs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pipeline.claim.HandBackException;
import pipeline.claim.Status;
import pipeline.lambda.Handler;
import pipeline.local.Fault;
import pipeline.run.Pipeline;
import pipeline.settings.ConfigurationException;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * What becomes of messages that Lambda hands to its function: it deletes those that the answer does not name. The queue is
 * the stand-in's, the part of the event source is played here.
 */
class AFunctionOfLambdaTest extends FaultSpecs {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofSeconds(3);
    private static final Duration LONG = Duration.ofMinutes(15);
    private static final String SWEEP = "{\"sweep\": true}";

    private static Running function;
    private static Handler handler;

    @BeforeAll
    static void start() {
        function = Sandbox.shared().start(ONE_BATCH_AT_A_TIME, Pipeline.Intake.BY_INVOCATION);
        handler = new Handler(function.pipeline(), LEASE, 8);
    }

    @AfterAll
    static void stop() {
        function.close();
    }

    @BeforeEach
    void forget() {
        function.forget();
    }

    private static String invoke(String event, Duration remaining) {
        return invoke(handler, event, remaining);
    }

    private static String invoke(Handler handler, String event, Duration remaining) {
        Context context = (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                    assertEquals("getRemainingTimeInMillis", method.getName());
                    return (int) remaining.toMillis();
                });
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            handler.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), answer, context);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    /** As an event source does: takes what is in sight, deletes what the answer does not name, leaves the rest hidden. */
    private String deliver(Duration remaining) {
        List<Message> messages = sandbox.receive();
        ObjectNode event = JSON.createObjectNode();
        ArrayNode records = event.putArray("Records");
        messages.forEach(message -> records.addObject()
                .put("messageId", message.messageId())
                .put("receiptHandle", message.receiptHandle())
                .put("body", message.body())
                .put("eventSource", "aws:sqs"));
        String answer = invoke(event.toString(), remaining);
        Set<String> failed = new HashSet<>();
        Sandbox.json(answer)
                .path("batchItemFailures")
                .forEach(one -> failed.add(one.path("itemIdentifier").asText()));
        messages.stream()
                .filter(message -> !failed.contains(message.messageId()))
                .forEach(sandbox::deleteMessage);
        return answer;
    }

    /** The answer that names those messages which are about one of the files. */
    private String naming(String... files) {
        return messageIds(files).stream()
                .map(id -> "{\"itemIdentifier\":\"" + id + "\"}")
                .collect(Collectors.joining(",", "{\"batchItemFailures\":[", "]}"));
    }

    private final Map<String, String> ids = new HashMap<>();

    private List<String> messageIds(String... files) {
        return List.of(files).stream().map(ids::get).toList();
    }

    /** Announces a file, and keeps the id of its message. */
    private void announce(String file) {
        ids.put(file, sandbox.send(sandbox.created("raw-data/" + file)));
    }

    @Test
    void namesTheMessagesThatAreToStayAndNoOthers() {
        sandbox.drop("good.csv", Orders.goodAndOneBad(2));
        sandbox.drop("rubbish.csv", "what,ever\n1,2\n");
        sandbox.drop("anothers.csv", Orders.good(3));
        claimAndDie("anothers.csv");
        List.of("good.csv", "rubbish.csv", "anothers.csv", "gone.csv").forEach(this::announce);
        sandbox.send("no event");

        String answer = deliver(LONG);

        assertEquals(naming("anothers.csv"), answer);
        assertEquals(Status.REFUSED, sandbox.entry("rubbish.csv").status());
        assertCompleted("good.csv", 1, 2, 1);
        assertEquals(List.of(0, 1), List.of(sandbox.inSight(), sandbox.queued()), "in sight, and in all");
        sandbox.aws().queuesForward(LEASE.plus(MOMENT));
        assertEquals(1, sandbox.inSight(), "messages in sight when the other's lease is over");
    }

    /** What was stored is not written again, and no attempt is spent, however often the time runs out. */
    @Test
    void stopsAtItsResumePointBeforeTheTimeRunsOutAndGoesOnFromThere() {
        sandbox.drop("orders.csv", Orders.goodAndOneBad(60));
        announce("orders.csv");
        sandbox.aws().faults(Faults.at(2, "dynamodb:BatchWriteItem", "ProcessedOrders", () -> {
            await("the hand-back").atMost(Sandbox.PATIENCE).until(AFunctionOfLambdaTest::isOutOfTime);
            return Fault.NONE;
        }));

        assertEquals(naming("orders.csv"), deliver(LEASE.plus(MOMENT)));

        long stored = assertHandedBack("orders.csv").storedThrough();
        assertEquals(List.of(1, 1), List.of(sandbox.inSight(), sandbox.queued()), "in sight, and in all");
        assertEquals(stored, sandbox.items("ProcessedOrders").size());
        recover();
        sandbox.aws().recordCalls(true);

        assertEquals(naming(), deliver(LONG));

        assertEquals(
                1,
                sandbox.aws().calls().stream()
                        .filter(call -> call.operation().equals("dynamodb:BatchWriteItem"))
                        .count(),
                "batches after the resume point");
        sandbox.aws().recordCalls(false);
        assertCompleted("orders.csv", 1, 60, 1);
        assertEquals(1, sandbox.entry("orders.csv").attempts());
        assertEquals(0, sandbox.queued());
        Found found = Found.in(sandbox, function);
        found.assertPromises();
        found.assertCounts();
    }

    private static boolean isOutOfTime() {
        return function.pipeline().inHand().stream().anyMatch(attempt -> {
            try {
                attempt.lease().check();
                return false;
            } catch (HandBackException e) {
                return true;
            }
        });
    }

    /** Nobody else looks for it before the next sweep. */
    @Test
    void keepsTheMessageOfAFileThatWaitsForItsNextAttempt() {
        sandbox.drop("orders.csv", Orders.goodAndOneBad(2));
        announce("orders.csv");
        sandbox.aws().faults(Faults.first(4, "s3:CopyObject", "processed-data/", Fault.DENIED));

        assertEquals(naming("orders.csv"), deliver(LONG));
        assertEquals(Status.WAITING, sandbox.entry("orders.csv").status());
        assertEquals(1, sandbox.inSight());
        assertEquals(naming(), deliver(LONG));

        assertCompleted("orders.csv", 2, 2, 1);
        Found.in(sandbox, function).assertPromises();
    }

    @Test
    void leavesMessagesAloneInAnOutageAndTellsWhenItBeginsAndEnds() {
        sandbox.drop("first.csv", Orders.goodAndOneBad(2));
        announce("first.csv");
        sandbox.aws().faults(Faults.service("dynamodb", Fault.DOWN));

        assertEquals(naming("first.csv"), deliver(LONG));
        sandbox.drop("second.csv", Orders.good(4));
        announce("second.csv");
        assertEquals(naming("second.csv"), deliver(LONG));
        sandbox.aws().queuesForward(Duration.ofMinutes(4));
        assertEquals(0, sandbox.inSight());
        recover();
        sandbox.aws().queuesForward(Duration.ofMinutes(1));

        assertEquals(naming(), deliver(LONG));

        assertCompleted("first.csv", 1, 2, 1);
        assertCompleted("second.csv", 1, 4, 0);
        Found found = Found.in(sandbox, function);
        found.assertPromises();
        assertEquals(List.of("outage-began", "outage-ended"), found.outageAlerts());
    }

    @Test
    void sweepsUpWhatNoMessageLeadsTo() {
        sandbox.drop("unannounced.csv", Orders.goodAndOneBad(2));
        sandbox.drop("orphaned.csv", Orders.good(3));
        Running dead = sandbox.pipeline(SHORT_LEASE);
        claimAndDie(dead, "orphaned.csv");

        try (Running other = sandbox.start(SHORT_LEASE, Pipeline.Intake.BY_INVOCATION)) {
            Handler impatient = new Handler(other.pipeline(), Duration.ofSeconds(5), 8);
            assertEquals("{\"left\":false}", invoke(impatient, SWEEP, LONG));

            assertCompleted("unannounced.csv", 1, 2, 1);
            assertCompleted("orphaned.csv", 2, 3, 0);
            Found.in(sandbox, other).assertPromises();
        }
    }

    /** What is left is the next one's. */
    @Test
    void sweepsNoLongerThanItHasTime() {
        sandbox.drop("orders.csv", Orders.goodAndOneBad(60));
        sandbox.aws().faults(Faults.at(2, "dynamodb:BatchWriteItem", "ProcessedOrders", () -> {
            await("the hand-back").atMost(Sandbox.PATIENCE).until(AFunctionOfLambdaTest::isOutOfTime);
            return Fault.NONE;
        }));

        assertEquals("{\"left\":true}", invoke(SWEEP, LEASE.plus(MOMENT)));
        assertHandedBack("orders.csv");
        assertEquals("{\"left\":false}", invoke(SWEEP, LONG));

        assertCompleted("orders.csv", 1, 60, 1);
        Found.in(sandbox, function).assertPromises();
    }

    @Test
    void refusesATimeOutInWhichNothingCouldBeDone() {
        ConfigurationException refusal = assertThrows(ConfigurationException.class, () -> invoke(SWEEP, LEASE));
        assertEquals(
                "time-out of the function: found 30 s left at the start, expected more than pipeline.lease-seconds, 30",
                refusal.getMessage());
    }

    @Test
    void refusesAnEventOfAnotherKind() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> invoke("{\"rows\": 3}", LONG));
        assertEquals(
                "found an event of another kind, expected messages of SQS or {\"sweep\": true}", refusal.getMessage());
    }
}
