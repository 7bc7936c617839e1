package pipeline.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events (HTML standard, "Server-sent events"): whoever listens is told that something has changed, and asks for
 * what it shows. Nothing is looked for while nobody listens. The thread that looks is its own: where AWS hangs, so does one
 * look, and nobody else.
 */
final class Changes implements Handler<RoutingContext>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);
    private static final int MOST_LISTENERS = 64;
    private static final long LOOK_EVERY_MILLIS = 2_000;

    /** Five minutes. */
    private static final int IDLE_LOOKS = 150;

    private final Vertx vertx;
    private final WorkerExecutor worker;
    private final Supplier<Object> state;
    private final Runnable idle;
    private final Set<HttpServerResponse> listeners = ConcurrentHashMap.newKeySet();
    private final long timer;
    private Object told = "";
    private boolean looking;
    private int looksWithoutListeners;

    /**
     * @param state what is equal as long as nothing has changed; may ask AWS
     * @param idle is run when nobody has listened for minutes
     */
    Changes(Vertx vertx, Supplier<Object> state, Runnable idle) {
        this.vertx = vertx;
        this.state = state;
        this.idle = idle;
        worker = vertx.createSharedWorkerExecutor("changes", 1);
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
            if (looksWithoutListeners % IDLE_LOOKS == 0) {
                worker.executeBlocking(() -> {
                    idle.run();
                    return null;
                });
            }
            return;
        }
        looksWithoutListeners = 0;
        // Said even while a look hangs: it is the connection that is alive.
        tell("alive");
        if (looking) {
            return;
        }
        looking = true;
        worker.executeBlocking(this::isNew).onComplete(isNew -> {
            looking = false;
            if (isNew.failed()) {
                LOG.error("what has changed could not be found out", isNew.cause());
            } else if (isNew.result()) {
                tell("changed");
            }
        });
    }

    private boolean isNew() {
        Object now = state.get();
        boolean isNew = !now.equals(told);
        told = now;
        return isNew;
    }

    private void tell(String event) {
        String text = "event: %s\ndata: {}\n\n".formatted(event);
        listeners.forEach(listener -> send(listener, text));
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
        worker.close();
        listeners.forEach(HttpServerResponse::end);
    }
}
