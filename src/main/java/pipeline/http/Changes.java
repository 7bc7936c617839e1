package pipeline.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events (HTML standard, "Server-sent events"): whoever listens is told that something has changed, and asks for
 * what it shows. Nothing is looked for while nobody listens.
 */
final class Changes implements Handler<RoutingContext>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);
    private static final int MOST_LISTENERS = 64;
    private static final long LOOK_EVERY_MILLIS = 2_000;

    /** Five minutes. */
    private static final int IDLE_LOOKS = 150;

    private final Vertx vertx;
    private final Supplier<Object> state;
    private final Runnable idle;
    private final Set<HttpServerResponse> listeners = ConcurrentHashMap.newKeySet();
    private final long timer;
    private Object told = "";
    private int looksWithoutListeners;

    /**
     * @param state what is equal as long as nothing has changed; may ask AWS
     * @param idle is run when nobody has listened for minutes
     */
    Changes(Vertx vertx, Supplier<Object> state, Runnable idle) {
        this.vertx = vertx;
        this.state = state;
        this.idle = idle;
        timer = vertx.setPeriodic(LOOK_EVERY_MILLIS, tick -> look());
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerResponse response = context.response();
        if (listeners.size() >= MOST_LISTENERS) {
            response.setStatusCode(503)
                    .putHeader("Content-Type", "application/json")
                    .end(Answers.text(Answers.error(
                            "found %d listeners, expected fewer; close a page".formatted(MOST_LISTENERS))));
            return;
        }
        response.setChunked(true).putHeader("Content-Type", "text/event-stream");
        response.closeHandler(closed -> listeners.remove(response));
        response.exceptionHandler(broken -> listeners.remove(response));
        // Browsers come again by themselves, after this time.
        response.write("retry: 3000\n\n");
        listeners.add(response);
    }

    private void look() {
        if (listeners.isEmpty()) {
            looksWithoutListeners++;
            if (looksWithoutListeners == IDLE_LOOKS) {
                vertx.executeBlocking(
                        () -> {
                            idle.run();
                            return null;
                        },
                        false);
            }
            return;
        }
        looksWithoutListeners = 0;
        vertx.<String>executeBlocking(this::news, false).onComplete(news -> {
            if (news.failed()) {
                LOG.debug("what has changed could not be found out", news.cause());
            }
            // A comment keeps the connection open, and shows whether it still is.
            String text = news.succeeded() ? news.result() : ": no answer from AWS\n\n";
            listeners.forEach(listener -> send(listener, text));
        });
    }

    private synchronized String news() {
        Object now = state.get();
        if (now.equals(told)) {
            return ": nothing new\n\n";
        }
        told = now;
        return "event: changed\ndata: {}\n\n";
    }

    /** One that does not read is not waited for: it comes again, and asks for everything anyway. */
    private void send(HttpServerResponse listener, String text) {
        if (listener.writeQueueFull()) {
            listeners.remove(listener);
            listener.reset();
        } else {
            listener.write(text);
        }
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        listeners.forEach(HttpServerResponse::end);
    }
}
