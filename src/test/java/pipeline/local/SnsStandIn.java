package pipeline.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * SNS that writes the e-mails it would send into a folder. Query protocol (Amazon SNS API Reference). Subscriptions need
 * no confirmation; only e-mail is delivered; topics live in memory.
 */
final class SnsStandIn implements Service {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TOPIC_NAME = Pattern.compile("[A-Za-z0-9_-]{1,256}(?:\\.fifo)?");
    private static final DateTimeFormatter FILE_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

    private final String arnPrefix;
    private final String accountId;
    private final Path outbox;
    private final Map<String, Topic> topics = new LinkedHashMap<>();
    private final List<PublishedMessage> published = new ArrayList<>();
    private int mails;

    SnsStandIn(String region, String accountId, Path outbox) {
        this.arnPrefix = "arn:aws:sns:" + region + ":" + accountId + ":";
        this.accountId = accountId;
        this.outbox = outbox;
    }

    private record Subscription(String arn, String protocol, String endpoint) {}

    private static final class Topic {
        private final String arn;
        private final Map<String, String> attributes = new LinkedHashMap<>();
        private final List<Subscription> subscriptions = new ArrayList<>();

        Topic(String arn) {
            this.arn = arn;
        }

        String name() {
            return arn.substring(arn.lastIndexOf(':') + 1);
        }
    }

    /** What the caller did wrong, in the service's words. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;
        private final String code;

        Refused(int status, String code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }
    }

    synchronized List<PublishedMessage> published() {
        return List.copyOf(published);
    }

    synchronized void clearPublished() {
        published.clear();
    }

    @Override
    public synchronized Answer answer(Call call, Request request) throws IOException {
        Map<String, String> form = Request.form(new String(request.body().readAllBytes(), StandardCharsets.UTF_8));
        String action = form.getOrDefault("Action", "");
        try {
            String result =
                    switch (action) {
                        case "CreateTopic" -> createTopic(form);
                        case "DeleteTopic" -> deleteTopic(form);
                        case "ListTopics" -> listTopics();
                        case "GetTopicAttributes" -> topicAttributes(form);
                        case "SetTopicAttributes" -> setTopicAttributes(form);
                        case "Subscribe" -> subscribe(form);
                        case "Unsubscribe" -> unsubscribe(form);
                        case "ListSubscriptionsByTopic" -> subscriptions(form);
                        case "Publish" -> publish(form);
                        case "PublishBatch" -> publishBatch(form);
                        default -> throw new Refused(400, "InvalidAction", "The stand-in does not know " + action);
                    };
            return Answer.of(
                    200,
                    "text/xml",
                    "<" + action + "Response xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><" + action + "Result>"
                            + result + "</" + action + "Result><ResponseMetadata>"
                            + Errors.element("RequestId", Errors.requestId()) + "</ResponseMetadata></" + action
                            + "Response>");
        } catch (Refused refused) {
            return Errors.of("sns", refused.status, refused.code, refused.getMessage());
        }
    }

    private String createTopic(Map<String, String> form) throws Refused {
        String name = form.getOrDefault("Name", "");
        if (!TOPIC_NAME.matcher(name).matches()) {
            throw invalid("Topic Name");
        }
        Topic topic = topics.computeIfAbsent(arnPrefix + name, Topic::new);
        for (int i = 1; form.containsKey("Attributes.entry." + i + ".key"); i++) {
            topic.attributes.put(
                    form.get("Attributes.entry." + i + ".key"), form.get("Attributes.entry." + i + ".value"));
        }
        return Errors.element("TopicArn", topic.arn);
    }

    private String deleteTopic(Map<String, String> form) {
        topics.remove(form.getOrDefault("TopicArn", ""));
        return "";
    }

    private String listTopics() {
        return topics.keySet().stream()
                .map(arn -> "<member>" + Errors.element("TopicArn", arn) + "</member>")
                .collect(Collectors.joining("", "<Topics>", "</Topics>"));
    }

    private String topicAttributes(Map<String, String> form) throws Refused {
        Topic topic = topic(form);
        Map<String, String> all = new LinkedHashMap<>(topic.attributes);
        all.put("TopicArn", topic.arn);
        all.put("Owner", accountId);
        all.put("SubscriptionsConfirmed", String.valueOf(topic.subscriptions.size()));
        all.put("SubscriptionsPending", "0");
        all.put("SubscriptionsDeleted", "0");
        return all.entrySet().stream()
                .map(e -> "<entry>" + Errors.element("key", e.getKey()) + Errors.element("value", e.getValue())
                        + "</entry>")
                .collect(Collectors.joining("", "<Attributes>", "</Attributes>"));
    }

    private String setTopicAttributes(Map<String, String> form) throws Refused {
        topic(form).attributes.put(form.getOrDefault("AttributeName", ""), form.getOrDefault("AttributeValue", ""));
        return "";
    }

    private String subscribe(Map<String, String> form) throws Refused {
        Topic topic = topic(form);
        String protocol = form.getOrDefault("Protocol", "");
        String endpoint = form.getOrDefault("Endpoint", "");
        if (protocol.isEmpty() || endpoint.isEmpty()) {
            throw invalid(protocol.isEmpty() ? "Protocol" : "Endpoint");
        }
        Subscription subscription = topic.subscriptions.stream()
                .filter(s -> s.protocol().equals(protocol) && s.endpoint().equals(endpoint))
                .findFirst()
                .orElseGet(() -> {
                    var added = new Subscription(topic.arn + ":" + UUID.randomUUID(), protocol, endpoint);
                    topic.subscriptions.add(added);
                    return added;
                });
        return Errors.element("SubscriptionArn", subscription.arn());
    }

    private String unsubscribe(Map<String, String> form) {
        String arn = form.getOrDefault("SubscriptionArn", "");
        topics.values()
                .forEach(topic -> topic.subscriptions.removeIf(s -> s.arn().equals(arn)));
        return "";
    }

    private String subscriptions(Map<String, String> form) throws Refused {
        Topic topic = topic(form);
        return topic.subscriptions.stream()
                .map(s -> "<member>" + Errors.element("SubscriptionArn", s.arn()) + Errors.element("Owner", accountId)
                        + Errors.element("Protocol", s.protocol()) + Errors.element("Endpoint", s.endpoint())
                        + Errors.element("TopicArn", topic.arn) + "</member>")
                .collect(Collectors.joining("", "<Subscriptions>", "</Subscriptions>"));
    }

    private String publish(Map<String, String> form) throws Refused, IOException {
        Topic topic = topic(form);
        String subject = form.getOrDefault("Subject", "");
        String message = form.getOrDefault("Message", "");
        if (message.isEmpty()) {
            throw new Refused(400, "InvalidParameter", "Invalid parameter: Empty message");
        }
        if (message.getBytes(StandardCharsets.UTF_8).length > 256 * 1024) {
            throw new Refused(400, "InvalidParameter", "Invalid parameter: Message too long");
        }
        if (subject.length() > 100 || subject.chars().anyMatch(Character::isISOControl)) {
            throw invalid("Subject");
        }
        String defaultText = message;
        String emailText = message;
        if ("json".equals(form.get("MessageStructure"))) {
            JsonNode texts = structure(message);
            defaultText = texts.path("default").textValue();
            emailText = texts.path("email").asText(defaultText);
        }
        var accepted = new PublishedMessage(
                topic.arn, subject, defaultText, emailText, UUID.randomUUID().toString(), attributes(form));
        published.add(accepted);
        mail(topic, accepted);
        return Errors.element("MessageId", accepted.messageId());
    }

    private static Map<String, String> attributes(Map<String, String> form) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 1; form.containsKey("MessageAttributes.entry." + i + ".Name"); i++) {
            String entry = "MessageAttributes.entry." + i;
            attributes.put(form.get(entry + ".Name"), form.getOrDefault(entry + ".Value.StringValue", ""));
        }
        return attributes;
    }

    /** Nobody here publishes more than one at a time; none at all is refused as SNS refuses it. */
    private String publishBatch(Map<String, String> form) throws Refused {
        topic(form);
        throw form.keySet().stream().anyMatch(name -> name.startsWith("PublishBatchRequestEntries.member."))
                ? new Refused(400, "InvalidAction", "The stand-in publishes one message at a time")
                : new Refused(400, "EmptyBatchRequest", "The batch request doesn't contain any entries.");
    }

    private static JsonNode structure(String message) throws Refused {
        JsonNode texts;
        try {
            texts = JSON.readTree(message);
        } catch (JsonProcessingException e) {
            throw new Refused(
                    400,
                    "InvalidParameter",
                    "Invalid parameter: Message Structure - JSON message body failed to parse");
        }
        if (!texts.path("default").isTextual()) {
            throw new Refused(
                    400,
                    "InvalidParameter",
                    "Invalid parameter: Message Structure - No default entry in JSON message body");
        }
        return texts;
    }

    private void mail(Topic topic, PublishedMessage message) throws IOException {
        if (topic.subscriptions.isEmpty()) {
            write(topic.name(), message);
        }
        for (Subscription subscription : topic.subscriptions) {
            if (subscription.protocol().equals("email")) {
                write(topic.name() + "-" + subscription.endpoint(), message);
            }
        }
    }

    /** Leaves one whole file, named so that the names sort as the mails were sent. */
    private void write(String name, PublishedMessage message) throws IOException {
        String subject = message.subject().isEmpty() ? "AWS Notification Message" : message.subject();
        String file = FILE_TIME.format(Instant.now()) + "-" + String.format("%04d", ++mails) + "-"
                + name.replaceAll("[^A-Za-z0-9@._-]", "_") + ".txt";
        Path part = Files.writeString(outbox.resolve("." + file), "Subject: " + subject + "\n\n" + message.emailText());
        Files.move(part, outbox.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    private Topic topic(Map<String, String> form) throws Refused {
        Topic topic = topics.get(form.getOrDefault("TopicArn", form.getOrDefault("TargetArn", "")));
        if (topic == null) {
            throw new Refused(404, "NotFound", "Topic does not exist");
        }
        return topic;
    }

    private static Refused invalid(String parameter) {
        return new Refused(400, "InvalidParameter", "Invalid parameter: " + parameter);
    }
}
