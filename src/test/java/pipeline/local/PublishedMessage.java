package pipeline.local;

import java.util.Map;

/**
 * One message that a topic accepted.
 *
 * @param subject empty if there was none
 * @param defaultText the message, or its {@code default} entry with MessageStructure=json
 * @param emailText the {@code email} entry with MessageStructure=json, otherwise the same as {@code defaultText}
 * @param attributes the message's attributes, as text
 */
public record PublishedMessage(
        String topicArn,
        String subject,
        String defaultText,
        String emailText,
        String messageId,
        Map<String, String> attributes) {
    public PublishedMessage {
        attributes = Map.copyOf(attributes);
    }
}
