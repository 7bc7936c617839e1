package pipeline.routes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;
import pipeline.claim.Attempt;
import pipeline.claim.Attempted;
import pipeline.conclude.Outcome;

/** {@code give-up}, {@code announce-failure} and {@code check-outage}: what a person hears, and when. */
final class FailureRoutesTest extends RealRoutes {
    private static final ObjectMapper JSON = new ObjectMapper();

    private void announce(String announce) {
        template().send("direct:announce-failure", exchange -> exchange.setVariable("entry", refused(announce)));
    }

    @Test
    void aFailureIsToldToTheQueueThenToThePersonWithOneId() throws Exception {
        MockEndpoint queue = heard(DEAD_LETTERS);
        MockEndpoint topic = heard(TOPIC);
        announce("pending");

        assertEquals(
                List.of(
                        "attempts.checkHeld",
                        DEAD_LETTERS,
                        "conclusion.messageSent",
                        "attempts.checkHeld",
                        TOPIC,
                        "conclusion.alertSent"),
                calls);
        JsonNode message =
                JSON.readTree(queue.getExchanges().get(0).getMessage().getBody(String.class));
        JsonNode alert = JSON.readTree(topic.getExchanges().get(0).getMessage().getBody(String.class));
        assertEquals(message, JSON.readTree(alert.path("default").asText()));
        assertEquals(64, message.path("id").asText().length());
        assertEquals("file", message.path("kind").asText());
        assertEquals("in/orders.csv", message.path("file").asText());
        assertEquals(
                "in/orders.csv: found a \"quote\", expected none",
                message.path("reason").asText());
        assertTrue(message.path("attempts").isNumber());
        assertTrue(alert.path("email").asText().startsWith("What: in/orders.csv: found"));
        assertEquals(
                "[pipeline] in/orders.csv refused",
                topic.getExchanges().get(0).getMessage().getHeader("CamelAwsSnsSubject"));
        assertEquals(
                Map.of("Content-Type", "application/json"),
                queue.getExchanges().get(0).getMessage().getHeaders());
    }

    @Test
    void aMessageThatWasSentIsNotSentAgainWhenTheAlertIsMadeUpFor() {
        heard(DEAD_LETTERS);
        heard(TOPIC);
        announce("alert");

        assertEquals(List.of("attempts.checkHeld", TOPIC, "conclusion.alertSent"), calls);
    }

    @Test
    void whoWasPausedUntilAnotherMayHaveTakenOverTellsNothing() {
        heard(DEAD_LETTERS);
        heard(TOPIC);
        AtomicLong clock = new AtomicLong();
        Attempt paused = Attempted.holding(clock::get);
        clock.set(Duration.ofHours(1).toNanos());
        when("attempts.checkHeld", arguments -> {
            paused.lease().checkHeld();
            return null;
        });
        announce("pending");

        assertEquals(List.of("attempts.checkHeld"), calls);
    }

    @Test
    void nothingIsToldTwice() {
        heard(DEAD_LETTERS);
        heard(TOPIC);
        announce("");

        assertEquals(List.of(), calls);
    }

    @Test
    void anAlertThatCannotBeSentIsTriedThreeTimesMoreAndTheMessageIsNotSentAgain() {
        heard(DEAD_LETTERS);
        getMockEndpoint(TOPIC).whenAnyExchangeReceived(exchange -> {
            calls.add(TOPIC);
            throw new IllegalStateException("SNS does not answer");
        });
        announce("pending");

        assertEquals(
                List.of(
                        "attempts.checkHeld",
                        DEAD_LETTERS,
                        "conclusion.messageSent",
                        "attempts.checkHeld",
                        TOPIC,
                        TOPIC,
                        TOPIC,
                        TOPIC),
                calls);
    }

    private void giveUp() {
        template().send("direct:give-up", exchange -> {
            exchange.setVariable("claim", new Claimed("claimed", "attempt", refused("")));
            exchange.setProperty(Exchange.EXCEPTION_CAUGHT, new IllegalStateException("spent"));
        });
    }

    @Test
    void anAttemptThatWaitsIsOnlyEnded() {
        when("attempts.decide", arguments -> {
            assertEquals("spent", cause(arguments[1]));
            return Optional.empty();
        });
        giveUp();

        assertEquals(List.of("attempts.decide", "attempts.end"), calls);
    }

    @Test
    void theLastAttemptConcludesTheFileInTheOrderThatThePromiseNeeds() {
        when("attempts.decide", arguments -> Optional.of(Outcome.failed("spent")));
        when("conclusion.returnRejects", arguments -> Optional.empty());
        when("conclusion.file", arguments -> Optional.of("failed-data/in/orders.csv"));
        when("conclusion.writeLedger", arguments -> {
            assertEquals(Outcome.failed("spent"), arguments[1]);
            assertEquals("failed-data/in/orders.csv", arguments[3]);
            return refused("pending");
        });
        heard(DEAD_LETTERS);
        heard(TOPIC);
        giveUp();

        assertEquals(
                List.of(
                        "attempts.decide",
                        "conclusion.returnRejects",
                        "conclusion.file",
                        "conclusion.writeLedger",
                        "attempts.checkHeld",
                        DEAD_LETTERS,
                        "conclusion.messageSent",
                        "attempts.checkHeld",
                        TOPIC,
                        "conclusion.alertSent",
                        "conclusion.settle",
                        "conclusion.clearRawData",
                        "attempts.end"),
                calls);
    }

    @Test
    void theLeaseIsLetGoEvenWhenNothingCanBeWrittenDown() {
        fail("attempts.decide", new IllegalStateException("DynamoDB does not answer"));
        giveUp();

        assertEquals("attempts.end", calls.get(calls.size() - 1));
        assertEquals(1, calls("attempts.end").size());
        assertEquals(List.of(), calls("conclusion"));
    }

    @Test
    void anOutageIsToldOnce() throws Exception {
        Map<String, Object> alert = Map.of("id", "1", "kind", "outage-began", "at", "now", "reason", "SNS");
        when("outage.check", arguments -> List.of(alert));
        MockEndpoint topic = heard(TOPIC);
        context().getRouteController().startRoute("watch-outage");
        await().until(() -> calls.contains("outage.sent"));

        assertEquals(List.of("outage.check", TOPIC, "outage.sent"), calls);
        assertEquals(
                "[pipeline] AWS does not answer",
                topic.getExchanges().get(0).getMessage().getHeader("CamelAwsSnsSubject"));
    }

    @Test
    void whatIsDeniedToEveryFileIsNotCalledSilence() throws Exception {
        Map<String, Object> alert =
                Map.of("id", "1", "kind", "outage-began", "cause", "refused", "at", "now", "reason", "s3:GetObject");
        when("outage.check", arguments -> List.of(alert));
        MockEndpoint topic = heard(TOPIC);
        template().send("direct:check-outage", exchange -> {});

        var sent = topic.getExchanges().get(0).getMessage();
        assertEquals("[pipeline] AWS refuses what several files in a row need", sent.getHeader("CamelAwsSnsSubject"));
        assertTrue(
                sent.getBody(String.class)
                        .contains("What: AWS refuses what several files in a row need since now (s3:GetObject)."),
                sent.getBody(String.class));
    }

    @Test
    void anOutageThatCannotBeToldIsNotForgotten() {
        when(
                "outage.check",
                arguments -> List.of(Map.of("id", "1", "kind", "outage-began", "at", "now", "reason", "SNS")));
        getMockEndpoint(TOPIC).whenAnyExchangeReceived(exchange -> {
            throw new IllegalStateException("SNS does not answer");
        });
        template().send("direct:check-outage", exchange -> {});

        assertEquals(List.of("outage.check"), calls);
    }
}
