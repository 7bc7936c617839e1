package pipeline.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pipeline.announce.Announcement;
import pipeline.announce.Digest;

class S3EventsTest {
    private final S3Events events = new S3Events("orders-bucket");

    private static String event(String name, String bucket, String key) {
        return """
                {"Records": [{"eventName": "%s", "s3": {"bucket": {"name": "%s"}, "object": {"key": "%s", "eTag": "e"}}}]}""".formatted(name, bucket, key);
    }

    private static String quoted(String json) {
        return '"' + json.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ObjectCreated:Put",
                "ObjectCreated:Post",
                "ObjectCreated:Copy",
                "ObjectCreated:CompleteMultipartUpload",
                "s3:ObjectCreated:Put"
            })
    void everyKindOfCreationNamesItsKey(String name) {
        assertEquals(
                new S3Events.Created(List.of("raw-data/jan.csv")),
                events.read(event(name, "orders-bucket", "raw-data/jan.csv")));
    }

    @Test
    void keysOfS3EventsAreDecoded() {
        assertEquals(
                new S3Events.Created(List.of("raw-data/a b+c%/ü.csv")),
                events.read(event("ObjectCreated:Put", "orders-bucket", "raw-data/a+b%2Bc%25/%C3%BC.csv")));
    }

    @ParameterizedTest
    @CsvSource({
        "a%2Bb.csv, a+b.csv",
        "a%252Fb.csv, a%2Fb.csv",
        "../a.csv, ../a.csv",
        "%2E%2E/a.csv, ../a.csv",
        "/a//b.csv, /a//b.csv",
        "%F0%9F%98%80.csv, \uD83D\uDE00.csv",
        "%01%7F.csv, '\u0001\u007F.csv'",
        "100%.csv, 100%.csv",
        "%zz.csv, %zz.csv",
    })
    void anyKeyIsDecodedOnce(String sent, String key) {
        assertEquals(
                new S3Events.Created(List.of("raw-data/" + key)),
                events.read(event("ObjectCreated:Put", "orders-bucket", "raw-data/" + sent)));
    }

    @Test
    void keysOfEventBridgeAreTakenAsTheyAre() {
        assertEquals(new S3Events.Created(List.of("raw-data/a+b %41.csv")), events.read("""
                        {"source": "aws.s3", "detail-type": "Object Created",
                         "detail": {"bucket": {"name": "orders-bucket"}, "object": {"key": "raw-data/a+b %41.csv"}}}"""));
    }

    @Test
    void anEventThroughSnsIsUnwrapped() {
        String inner = event("ObjectCreated:Put", "orders-bucket", "raw-data/jan.csv");
        assertEquals(
                new S3Events.Created(List.of("raw-data/jan.csv")),
                events.read("{\"Type\": \"Notification\", \"Message\": " + quoted(inner) + "}"));
    }

    @Test
    void severalRecordsInAMessageAreAllTaken() {
        assertEquals(new S3Events.Created(List.of("raw-data/a.csv", "raw-data/b.csv")), events.read("""
                        {"Records": [
                          {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "orders-bucket"}, "object": {"key": "raw-data/a.csv"}}},
                          {"eventName": "ObjectRemoved:Delete", "s3": {"bucket": {"name": "orders-bucket"}, "object": {"key": "raw-data/x.csv"}}},
                          {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "orders-bucket"}, "object": {"key": "raw-data/b.csv"}}}]}"""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Service\": \"Amazon S3\", \"Event\": \"s3:TestEvent\", \"Bucket\": \"orders-bucket\"}",
                "{\"Records\": []}",
                "{\"source\": \"aws.s3\", \"detail-type\": \"Object Deleted\", \"detail\": {}}"
            })
    void eventsThatNeedNoWorkAskForNothing(String body) {
        assertEquals(new S3Events.Created(List.of()), events.read(body));
    }

    @Test
    void objectsElsewhereAreNoneOfOurs() {
        assertEquals(
                new S3Events.Created(List.of()),
                events.read(event("ObjectCreated:Put", "another-bucket", "raw-data/jan.csv")));
        assertEquals(
                new S3Events.Created(List.of()),
                events.read(event("ObjectCreated:Put", "orders-bucket", "processed-data/jan.csv")));
    }

    @Test
    void aDeadLetterMessageThatCameBackIsAReplay() {
        assertEquals(
                new S3Events.Replay("jan.csv", "abc"),
                events.read("{\"id\": \"1\", \"kind\": \"file\", \"file\": \"jan.csv\", \"version\": \"abc\"}"));
    }

    /** It is in the dead-letter queue as what it was, however often it is moved back from there. */
    @Test
    void aForeignMessageThatCameBackIsNotWrappedAgain() throws JsonProcessingException {
        String raw = "say \"no\" to C:\\temp\n".repeat(1_300);
        Map<String, Object> dead = new Announcement(Digest.off()).foreign((S3Events.Foreign) events.read(raw));
        assertEquals(raw, dead.get("text"));

        for (int redrives = 0; redrives < 3; redrives++) {
            String body = new ObjectMapper().writeValueAsString(dead);
            assertEquals(dead, new Announcement(Digest.off()).foreign((S3Events.Foreign) events.read(body)));
        }
    }

    @Test
    void whatWasWrappedAgainAndAgainIsUnwrappedWhole() {
        String body = "hello";
        for (int i = 0; i < 4; i++) {
            body = """
                    {"reason": "found a message that is not JSON, expected an S3 event", "received_at": "2026-03-0%dT00:00:00Z", "text": %s}""".formatted(9 - i, quoted(body));
        }
        assertEquals(
                new S3Events.Foreign(
                        "found a message that is not JSON, expected an S3 event",
                        Optional.of("2026-03-09T00:00:00Z"),
                        "hello"),
                events.read(body));
    }

    @Test
    void aForeignMessageThatIsAnEventByNowIsOne() {
        String event = event("ObjectCreated:Put", "orders-bucket", "raw-data/jan.csv");
        assertEquals(new S3Events.Created(List.of("raw-data/jan.csv")), events.read("""
                        {"reason": "found JSON of another kind, expected an S3 event", "received_at": "2026-03-01T00:00:00Z", "text": %s}""".formatted(quoted(event))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "[]",
                "42",
                "null",
                "{}",
                "{\"Records\": [{}]}",
                "{\"Type\": \"Notification\"}",
                "{\"reason\": \"r\", \"received_at\": \"2026-03-01T00:00:00Z\", \"text\": 1}",
                "{\"reason\": \"r\", \"received_at\": \"yesterday\", \"text\": \"t\"}",
                "{\"reason\": \"r\", \"received_at\": \"2026-03-01T00:00:00Z\", \"text\": \"t\", \"more\": 1}"
            })
    void anythingElseIsForeignAndKeptWhole(String body) {
        S3Events.Message message = events.read(body);
        assertTrue(message instanceof S3Events.Foreign, message::toString);
        assertEquals(body, ((S3Events.Foreign) message).text());
    }
}
