package pipeline.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import pipeline.dataset.Shown;

/** What a request asks for: parameters of its URL, and a small body. Camel hands the parameters over as headers. */
final class Query {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A file's name and version, with room to spare. */
    private static final int LONGEST_BODY = 16 * 1024;

    private final Exchange exchange;

    private Query(Exchange exchange) {
        this.exchange = exchange;
    }

    static Query of(Exchange exchange) {
        return new Query(exchange);
    }

    /** The request's path, without parameters. */
    String path() {
        return exchange.getMessage().getHeader(Exchange.HTTP_PATH, "", String.class);
    }

    /** A parameter; empty where it is not there or has no text. */
    Optional<String> text(String name) {
        Object value = exchange.getMessage().getHeader(name);
        Object one = value instanceof Collection<?> several ? several.iterator().next() : value;
        return Optional.ofNullable(one).map(Object::toString).filter(text -> !text.isEmpty());
    }

    /** A parameter that must be there. */
    String required(String name) {
        return text(name)
                .orElseThrow(() -> Refusal.misused("parameter %s: found nothing, expected it".formatted(name)));
    }

    /** One of several words. */
    String choice(String name, String fallback, List<String> words) {
        return among(name, text(name).orElse(fallback), words);
    }

    /** Words joined by commas, each one of several. */
    Set<String> choices(String name, List<String> words) {
        return text(name).stream()
                .flatMap(text -> Stream.of(text.split(",", words.size() + 1)))
                .map(word -> among(name, word, words))
                .collect(Collectors.toSet());
    }

    private static String among(String name, String word, List<String> words) {
        if (words.contains(word)) {
            return word;
        }
        throw Refusal.misused(
                "parameter %s: found %s, expected %s".formatted(name, Shown.quoted(word), Shown.choice(words)));
    }

    /** A whole number within bounds. */
    long number(String name, long fallback, long least, long most) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            long number = Long.parseLong(text.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // answered below, like a number out of bounds
        }
        throw Refusal.misused("parameter %s: found %s, expected a whole number from %,d to %,d"
                .formatted(name, Shown.quoted(text.get()), least, most));
    }

    /** A text of the body's JSON object. */
    static String of(JsonNode body, String name) {
        if (!body.path(name).isTextual()) {
            throw Refusal.misused("body: found no text %s, expected {\"file\": ..., \"version\": ...}".formatted(name));
        }
        return body.path(name).textValue();
    }

    /** The body, a small object of JSON. */
    JsonNode body() throws IOException {
        byte[] bytes;
        try (InputStream in = stream()) {
            bytes = in.readNBytes(LONGEST_BODY + 1);
        }
        if (bytes.length > LONGEST_BODY) {
            throw new Refusal(413, "body: found more than %,d bytes, expected less".formatted(LONGEST_BODY));
        }
        try {
            JsonNode body = JSON.readTree(bytes);
            if (body.isObject()) {
                return body;
            }
        } catch (JsonProcessingException e) {
            // answered below, like JSON of another kind
        }
        throw Refusal.misused("body: found no object of JSON, expected one");
    }

    /** The body as it comes over the wire. */
    InputStream stream() {
        InputStream in = exchange.getMessage().getBody(InputStream.class);
        return in == null ? InputStream.nullInputStream() : in;
    }
}
