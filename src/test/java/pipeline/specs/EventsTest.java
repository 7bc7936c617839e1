package pipeline.specs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pipeline.claim.Status;
import pipeline.local.Fault;
import pipeline.run.Pipeline;

/** What is dropped is announced on the intake queue. */
class EventsTest extends FaultSpecs {
    private static Running listening;

    @BeforeAll
    static void listen() {
        Sandbox.shared().clean();
        listening = Sandbox.shared().start(Map.of("intake", "events", "lease-seconds", "5"), Pipeline.Intake.LISTENING);
    }

    @AfterAll
    static void stop() {
        listening.close();
    }

    @BeforeEach
    void forget() {
        listening.forget();
    }

    @Test
    void fromS3ProcessTheObjectAndAreDeleted() {
        sandbox.drop("two words+ü.csv", Orders.goodAndOneBad(2));
        sandbox.send(fromS3("raw-data/two+words%2B%C3%BC.csv"));
        assertProcessed("two words+ü.csv");
    }

    @Test
    void throughSnsProcessTheObject() {
        sandbox.drop("orders.csv", Orders.goodAndOneBad(2));
        sandbox.send("{\"Type\":\"Notification\",\"MessageId\":\"1\",\"Message\":"
                + quoted(fromS3("raw-data/orders.csv")) + "}");
        assertProcessed("orders.csv");
    }

    @Test
    void throughEventBridgeProcessTheObject() {
        sandbox.drop("a+b%20c.csv", Orders.goodAndOneBad(2));
        sandbox.send("""
                {"version":"0","source":"aws.s3","detail-type":"Object Created",
                 "detail":{"bucket":{"name":"%s"},"object":{"key":"raw-data/a+b%%20c.csv","size":1}}}
                """.formatted(sandbox.bucket()));
        assertProcessed("a+b%20c.csv");
    }

    @Test
    void sentTwiceProcessTheObjectOnce() {
        sandbox.drop("orders.csv", Orders.goodAndOneBad(2));
        sandbox.send(fromS3("raw-data/orders.csv"));
        sandbox.send(fromS3("raw-data/orders.csv"));
        assertProcessed("orders.csv");
    }

    @Test
    void ofTestsAndOfOtherPlacesAreDeletedAndNothingElse() {
        sandbox.put("elsewhere/orders.csv", Orders.good(1).getBytes());
        sandbox.send("{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"" + sandbox.bucket() + "\"}");
        sandbox.send(fromS3("elsewhere/orders.csv"));

        sandbox.awaitEmptyQueue();

        assertEquals(List.of("elsewhere/orders.csv"), sandbox.keys());
        assertEquals(List.of(), sandbox.ledger());
        assertEquals(List.of(), sandbox.takeDeadLetters());
        assertEquals(List.of(), sandbox.aws().published());
    }

    @Test
    void ofObjectsThatAreGoneAreDeletedAndCounted() {
        long before = listening.count("pipeline.events.gone");
        sandbox.send(fromS3("raw-data/gone.csv"));

        sandbox.awaitEmptyQueue();

        assertEquals(before + 1, listening.count("pipeline.events.gone"));
        assertEquals(List.of(), sandbox.ledger());
        assertEquals(List.of(), sandbox.takeDeadLetters());
        assertEquals(List.of(), sandbox.aws().published());
    }

    @Test
    void thatAreNoneGoToTheDeadLetterQueueWithTheirText() {
        sandbox.send("please process orders.csv");

        sandbox.awaitEmptyQueue();

        List<JsonNode> messages = sandbox.takeDeadLetters();
        assertEquals(1, messages.size());
        assertEquals(
                "found a message that is not JSON, expected an S3 event",
                messages.get(0).path("reason").asText());
        assertEquals("please process orders.csv", messages.get(0).path("text").asText());
        assertTrue(messages.get(0).path("file").isMissingNode());
        assertEquals(List.of(), sandbox.ledger());

        sandbox.send(messages.get(0).toString());

        sandbox.awaitEmptyQueue();
        assertEquals(messages, sandbox.takeDeadLetters(), "expected it to be what it was when it came back");
    }

    @Test
    void thatAreDeadLettersOfOursReplayTheirFile() {
        sandbox.aws().faults(Faults.all("dynamodb:BatchWriteItem", "", Fault.DENIED));
        sandbox.drop("orders.csv", Orders.goodAndOneBad(2));
        sandbox.send(fromS3("raw-data/orders.csv"));
        awaitStatus("orders.csv", Status.FAILED);
        sandbox.awaitEmptyQueue();
        recover();
        await().atMost(Sandbox.PATIENCE)
                .until(() -> !sandbox.entry("orders.csv").announcePending());
        JsonNode deadLetter = sandbox.takeDeadLetters().get(0);
        sandbox.aws().clearPublished();

        sandbox.send(deadLetter.toString());

        assertProcessed("orders.csv");
    }

    private void assertProcessed(String file) {
        awaitStatus(file, Status.COMPLETED);
        sandbox.awaitEmptyQueue();
        await().atMost(Sandbox.PATIENCE).until(() -> sandbox.keys("raw-data/").isEmpty());
        await().atMost(Sandbox.PATIENCE).until(() -> !sandbox.entry(file).tidyPending());
        assertCompleted(file, 1, 2, 1);
        Found found = Found.in(sandbox, listening);
        found.assertPromises();
        assertEquals(List.of(), found.alerts());
    }

    private void awaitStatus(String file, Status status) {
        await(file + " " + status.text()).atMost(Sandbox.PATIENCE).until(() -> sandbox.ledger().stream()
                .anyMatch(entry -> entry.file().equals(file) && entry.status() == status));
    }

    private String fromS3(String encodedKey) {
        return sandbox.created(encodedKey);
    }

    private static String quoted(String text) {
        return JsonNodeFactory.instance.textNode(text).toString();
    }
}
