package pipeline.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the messages of the intake queue: S3 event notifications straight from S3, through SNS, or through EventBridge
 * ("Event message structure" in the Amazon S3 User Guide; "Amazon S3 events detail" in the EventBridge reference).
 */
public final class S3Events {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a message turned out to be. */
    public sealed interface Message permits Created, Replay, Foreign {
        /** For a route's {@code choice}: created, replay or foreign. */
        String kind();
    }

    /**
     * Objects created under {@code raw-data/}: full keys, decoded. Empty for {@code s3:TestEvent} and for events about
     * anything else, which need no work.
     */
    public record Created(List<String> keys) implements Message {
        public Created {
            keys = List.copyOf(keys);
        }

        @Override
        public String kind() {
            return "created";
        }
    }

    /** A dead-letter message of our own that was moved back to the queue: replay that version. */
    public record Replay(String file, String version) implements Message {
        @Override
        public String kind() {
            return "replay";
        }
    }

    /**
     * No event at all.
     *
     * @param receivedAt when it came for the first time, if it was moved back from the dead-letter queue
     */
    public record Foreign(String reason, Optional<String> receivedAt, String text) implements Message {
        Foreign(String reason, String text) {
            this(reason, Optional.empty(), text);
        }

        @Override
        public String kind() {
            return "foreign";
        }
    }

    private final String bucket;

    public S3Events(String bucket) {
        this.bucket = bucket;
    }

    /** The receipt of one delivery of a message. */
    public Receipt receipt(String handle) {
        return new Receipt(handle);
    }

    /** What this message asks for; anything at all is answered, nothing throws. */
    public Message read(String body) {
        JsonNode root;
        try {
            root = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return new Foreign("found a message that is not JSON, expected an S3 event", body);
        }
        if (root != null
                && root.path("Type").asText().equals("Notification")
                && root.path("Message").isTextual()) {
            return read(root.path("Message").asText());
        }
        if (root == null || !root.isObject()) {
            return new Foreign("found JSON that is no object, expected an S3 event", body);
        }
        if (root.path("Event").asText().equals("s3:TestEvent")) {
            return new Created(List.of());
        }
        if (root.path("Records").isArray()) {
            return fromS3(root.path("Records"), body);
        }
        if (root.path("source").asText().equals("aws.s3") && root.has("detail")) {
            return fromEventBridge(root);
        }
        if (root.path("kind").asText().equals("file") && root.has("file") && root.has("version")) {
            return new Replay(root.path("file").asText(), root.path("version").asText());
        }
        if (isForeignThatCameBack(root)) {
            return foreignThatCameBack(root);
        }
        return new Foreign("found JSON of another kind, expected an S3 event", body);
    }

    /** Whether this is what {@code Announcement.foreign} makes, and nothing else. */
    private static boolean isForeignThatCameBack(JsonNode root) {
        return root.size() == 3
                && root.path("reason").isTextual()
                && root.path("text").isTextual()
                && isInstant(root.path("received_at"));
    }

    private static boolean isInstant(JsonNode node) {
        try {
            Instant.parse(node.asText());
            return node.isTextual();
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    /** Its text is read as if it had just come: wrapped again and again it would grow, until it is cut. */
    private Message foreignThatCameBack(JsonNode root) {
        Message message = read(root.path("text").asText());
        return message instanceof Foreign foreign
                ? new Foreign(
                        foreign.reason(),
                        foreign.receivedAt()
                                .or(() -> Optional.of(root.path("received_at").asText())),
                        foreign.text())
                : message;
    }

    private Message fromS3(JsonNode records, String body) {
        List<String> keys = new ArrayList<>();
        for (JsonNode record : records) {
            if (!record.path("s3").path("object").path("key").isTextual()) {
                return new Foreign("found a record without s3.object.key, expected an S3 event", body);
            }
            String name = record.path("eventName").asText();
            if (name.startsWith("ObjectCreated:") || name.startsWith("s3:ObjectCreated:")) {
                // Keys in S3 event notifications are URL-encoded, a space as +; EventBridge has them as they are.
                String key =
                        decoded(record.path("s3").path("object").path("key").asText());
                addOurs(record.path("s3").path("bucket").path("name").asText(), key, keys);
            }
        }
        return new Created(keys);
    }

    private Message fromEventBridge(JsonNode event) {
        List<String> keys = new ArrayList<>();
        if (event.path("detail-type").asText().equals("Object Created")) {
            JsonNode detail = event.path("detail");
            addOurs(
                    detail.path("bucket").path("name").asText(),
                    detail.path("object").path("key").asText(),
                    keys);
        }
        return new Created(keys);
    }

    private void addOurs(String eventBucket, String key, List<String> keys) {
        if (eventBucket.equals(bucket)
                && key.startsWith(ObjectVersion.RAW_DATA)
                && key.length() > ObjectVersion.RAW_DATA.length()) {
            keys.add(key);
        }
    }

    private static String decoded(String key) {
        try {
            return URLDecoder.decode(key, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return key;
        }
    }
}
