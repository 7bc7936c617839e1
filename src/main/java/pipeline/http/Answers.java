package pipeline.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.aws.Reasons;
import software.amazon.awssdk.core.exception.SdkException;

/** Answers to HTTP requests that came through a route. Whatever goes wrong is one sentence in JSON, never a stack trace. */
final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private Answers() {}

    /** What a request is answered with. */
    @FunctionalInterface
    interface Work {
        /** @return what is written as JSON */
        Object get() throws IOException;
    }

    /** What a request does that is no JSON: it fills the message itself. */
    @FunctionalInterface
    interface Filling {
        void run() throws IOException;
    }

    /** Answers 200 and JSON. */
    static void json(Exchange exchange, Work work) {
        fill(exchange, () -> put(exchange, 200, work.get()));
    }

    /** Answers 201 and JSON: something is there that was not. */
    static void created(Exchange exchange, Work work) {
        fill(exchange, () -> put(exchange, 201, work.get()));
    }

    /** Answers with what the work has put into the message. */
    static void fill(Exchange exchange, Filling work) {
        Query query = Query.of(exchange);
        try {
            work.run();
        } catch (Refusal refusal) {
            put(exchange, refusal.status(), error(refusal.getMessage()));
        } catch (SdkException e) {
            put(exchange, 503, error(Reasons.of(e)));
        } catch (IOException | RuntimeException e) {
            LOG.error("{} could not be answered", query.path(), e);
            put(exchange, 500, error("the request could not be answered; the log says why"));
        }
    }

    private static void put(Exchange exchange, int status, Object body) {
        // The parameters of the request came as headers: none of them goes back.
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
        exchange.getMessage().setBody(text(body));
    }

    static Map<String, String> error(String sentence) {
        return Map.of("error", sentence);
    }

    /** A value of maps, lists, texts and numbers as JSON. */
    static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
