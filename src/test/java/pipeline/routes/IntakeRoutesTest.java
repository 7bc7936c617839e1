package pipeline.routes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.junit.jupiter.api.Test;
import pipeline.intake.ObjectVersion;
import pipeline.intake.Receipt;
import pipeline.intake.S3Events;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/** {@code receive-event}, {@code poll-raw-data} and {@code take-up-open-files}: how files come to be worked on. */
final class IntakeRoutesTest extends RealRoutes {
    private static final ObjectVersion VERSION = ObjectVersion.of("raw-data/in/a b.csv", "\"abc\"", 10, Instant.EPOCH);
    private static final String EVENT = """
            {"Records": [{"eventName": "ObjectCreated:Put",
              "s3": {"bucket": {"name": "bucket"}, "object": {"key": "raw-data/in/a+b.csv"}}}]}""";

    @Override
    public void configureContext(CamelContextConfiguration configuration) {
        super.configureContext(configuration);
        configuration.withAutoStartupExcludePatterns("none");
        configuration.replaceRouteFromWith("receive-event", "direct:message");
    }

    private void receive(String message) throws Exception {
        context().getRouteController().startRoute("receive-event");
        template()
                .sendBodyAndHeaders(
                        "direct:message",
                        message,
                        Map.of("CamelAwsSqsReceiptHandle", "handle-1", "CamelAwsSqsMessageId", "id-1", "stray", "x"));
    }

    private void found(String claim) {
        when("intake.find", arguments -> {
            assertEquals("raw-data/in/a b.csv", arguments[0]);
            return Optional.of(VERSION);
        });
        when("claims.claim", arguments -> new Claimed(claim, "attempt", refused("")));
    }

    private void assertDeleted(MockEndpoint queue) {
        assertEquals(1, queue.getReceivedCounter());
        assertEquals(
                Map.of("CamelAwsSqsReceiptHandle", "handle-1"),
                queue.getExchanges().get(0).getMessage().getHeaders());
        assertTrue(queue.getExchanges()
                .get(0)
                .getProperty("CamelToEndpoint", String.class)
                .contains("aws2-sqs"));
        assertEquals(List.of(), calls("queue"));
    }

    @Test
    void aMessageWhoseFileIsSettledIsDeleted() throws Exception {
        MockEndpoint queue = heard(QUEUE);
        found("concluded");
        receive(EVENT);

        assertDeleted(queue);
        assertEquals(1, calls("intake.note").size());
        assertTrue(context().getEndpoints().stream()
                .map(endpoint -> endpoint.getEndpointUri())
                .anyMatch(uri -> uri.contains("operation=deleteMessage")));
    }

    @Test
    void aMessageWhoseFileAnotherHoldsIsHidden() throws Exception {
        MockEndpoint queue = heard(QUEUE);
        found("held");
        when("intake.note", arguments -> {
            ((Receipt) arguments[1]).hold(Duration.ofSeconds(7));
            return null;
        });
        when("queue.hide", arguments -> {
            assertEquals("handle-1", ((Receipt) arguments[0]).handle());
            assertEquals(Duration.ofSeconds(7), ((Receipt) arguments[0]).hideFor());
            return null;
        });
        receive(EVENT);

        assertEquals(0, queue.getReceivedCounter());
        assertEquals(List.of("queue.hide"), calls("queue"));
    }

    @Test
    void anEventForAnObjectThatIsGoneIsDeletedAndCounted() throws Exception {
        MockEndpoint queue = heard(QUEUE);
        when("intake.find", arguments -> Optional.empty());
        receive(EVENT);

        assertDeleted(queue);
        assertEquals(List.of("claims.notClaimed", "claims.gone"), calls("claims"));
    }

    @Test
    void aMessageThatIsNoEventGoesToTheDeadLetterQueueWithItsReason() throws Exception {
        MockEndpoint queue = heard(QUEUE);
        MockEndpoint deadLetters = heard(DEAD_LETTERS);
        receive("hello");

        assertDeleted(queue);
        assertEquals(List.of(DEAD_LETTERS, QUEUE), calls);
        String dead = deadLetters.getExchanges().get(0).getMessage().getBody(String.class);
        assertTrue(
                dead.startsWith(
                        "{\"reason\":\"found a message that is not JSON, expected an S3 event\",\"received_at\":"),
                dead);
        assertTrue(dead.endsWith("\"text\":\"hello\"}"), dead);
        assertEquals(
                Map.of("Content-Type", "application/json"),
                deadLetters.getExchanges().get(0).getMessage().getHeaders());
    }

    @Test
    void aDeadLetterThatComesBackIsAReplay() throws Exception {
        MockEndpoint queue = heard(QUEUE);
        when("returnedDeadLetters.replay", arguments -> {
            assertEquals(new S3Events.Replay("in/a b.csv", "abc"), arguments[0]);
            return null;
        });
        receive("{\"kind\": \"file\", \"file\": \"in/a b.csv\", \"version\": \"abc\"}");

        assertDeleted(queue);
        assertEquals(List.of("returnedDeadLetters.replay"), calls("returnedDeadLetters"));
    }

    /** Listings answer with these pages, then with an empty one. */
    private void pages(List<List<S3Object>> pages) {
        List<String> markers = new ArrayList<>();
        getMockEndpoint(OBJECTS).whenAnyExchangeReceived(exchange -> {
            calls.add(OBJECTS);
            ListObjectsRequest request = exchange.getMessage().getBody(ListObjectsRequest.class);
            assertEquals("raw-data/", request.prefix());
            markers.add(request.marker());
            int page = markers.size() - 1;
            assertEquals(
                    page == 0
                            ? ""
                            : pages.get(page - 1)
                                    .get(pages.get(page - 1).size() - 1)
                                    .key(),
                    request.marker());
            exchange.getMessage().setBody(page < pages.size() ? pages.get(page) : List.of());
        });
    }

    private static S3Object object(String key, String eTag) {
        return S3Object.builder()
                .key(key)
                .eTag(eTag)
                .size(key.endsWith("/") ? 0L : 10L)
                .lastModified(Instant.EPOCH)
                .build();
    }

    @Test
    void whatIsListedPageAfterPageIsHandedToAWorkerUnlessItIsInHand() throws Exception {
        pages(List.of(
                List.of(object("raw-data/in/", "\"0\""), object("raw-data/in/a b.csv", "\"abc\"")),
                List.of(object("raw-data/other.csv", "\"def\""))));
        when("intake.mayBegin", arguments -> arguments[0].equals(VERSION));
        when("claims.claim", arguments -> {
            assertEquals(VERSION, arguments[0]);
            return new Claimed("held", "attempt", refused(""));
        });
        when("inFlight.end", arguments -> {
            assertEquals(VERSION, arguments[0]);
            return null;
        });
        context().getRouteController().startRoute("poll-raw-data");
        await().until(() -> calls.contains("inFlight.end") && calls(OBJECTS).size() == 3);

        assertEquals(2, calls("intake.mayBegin").size());
        assertEquals(List.of("claims.claim", "inFlight.end"), calls("claims.claim", "inFlight"));
    }

    @Test
    void aListingThatFailsIsTriedThreeTimesMoreAndThenReported() {
        getMockEndpoint(OBJECTS).whenAnyExchangeReceived(exchange -> {
            calls.add(OBJECTS);
            throw new IllegalStateException("S3 does not answer");
        });
        when("intake.listingFailed", arguments -> {
            assertEquals("S3 does not answer", cause(arguments[0]));
            return null;
        });
        template().sendBody("direct:list-raw-data", "");

        assertEquals(List.of(OBJECTS, OBJECTS, OBJECTS, OBJECTS, "intake.listingFailed"), calls);
    }

    @Test
    void whatIsDuePageAfterPageIsHandedToAWorker() throws Exception {
        Map<String, AttributeValue> key = Map.of("file", AttributeValue.fromS("in/a b.csv"));
        List<Map<String, AttributeValue>> items = List.of(key);
        MockEndpoint ledger = heard(LEDGER);
        ledger.whenAnyExchangeReceived(exchange -> {
            calls.add(LEDGER);
            boolean first = exchange.getMessage().getHeader("CamelAwsDdbStartKey") == null;
            assertEquals("open", exchange.getMessage().getHeader("CamelAwsDdbIndexName"));
            exchange.getMessage().setHeader("CamelAwsDdbItems", first ? items : List.of());
            exchange.getMessage().setHeader("CamelAwsDdbLastEvaluatedKey", first ? key : null);
        });
        when("claims.due", arguments -> arguments[0].equals(items) ? List.of(VERSION) : List.of());
        when("intake.mayBegin", arguments -> true);
        when("claims.claim", arguments -> new Claimed("held", "attempt", refused("")));
        context().getRouteController().startRoute("take-up-open-files");
        await().until(() ->
                calls.contains("inFlight.end") && calls("claims.due").size() == 2);

        assertEquals(2, calls(LEDGER).size());
        assertEquals(1, calls("claims.claim").size());
    }

    @Test
    void aQueryThatFailsIsTriedThreeTimesMoreAndThenReported() {
        getMockEndpoint(LEDGER).whenAnyExchangeReceived(exchange -> {
            calls.add(LEDGER);
            throw new IllegalStateException("DynamoDB does not answer");
        });
        template().sendBody("direct:list-open-files", "");

        assertEquals(List.of(LEDGER, LEDGER, LEDGER, LEDGER, "intake.listingFailed"), calls);
    }

    @Test
    void aMessageIsKeptWhileItsObjectCannotBeLookedFor() throws Exception {
        heard(QUEUE);
        fail("intake.find", new IllegalStateException("S3 does not answer"));
        when("intake.note", arguments -> {
            assertEquals("not-claimed", ((Claimed) arguments[0]).kind());
            ((Receipt) arguments[1]).hold(Duration.ofSeconds(7));
            return null;
        });
        receive(EVENT);

        assertEquals(4, calls("intake.find").size());
        assertEquals(
                List.of("intake.listingFailed", "intake.note", "queue.hide"),
                calls("intake.listingFailed", "intake.note", "queue", QUEUE));
    }

    @Test
    void aMessageIsKeptWhileAwsDoesNotAnswer() throws Exception {
        heard(QUEUE);
        when("intake.isOpen", arguments -> false);
        when("intake.note", arguments -> {
            ((Receipt) arguments[1]).hold(Duration.ofSeconds(7));
            return null;
        });
        receive(EVENT);

        assertEquals(List.of("claims.notClaimed", "intake.isOpen", "intake.note", "queue.hide"), calls);
    }

    @Test
    void aWorkerThatFailsLetsGoOfItsFile() {
        fail("claims.notClaimed", new IllegalStateException("a bug"));
        when("intake.mayBegin", arguments -> true);
        template().sendBody("direct:hand-to-worker", VERSION);
        await().until(() -> calls.contains("inFlight.end"));

        assertEquals(1, calls("inFlight.end").size());
    }
}
