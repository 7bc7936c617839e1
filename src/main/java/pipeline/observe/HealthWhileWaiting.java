package pipeline.observe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.settings.Settings;

/**
 * Answers for health while AWS does not answer at a start, before the routes run: alive, so that nobody restarts the
 * process for what it waits for, and not ready. Closed, it leaves the port to the routes.
 */
public final class HealthWhileWaiting implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthWhileWaiting.class);

    private final Optional<HttpServer> server;

    private HealthWhileWaiting(Optional<HttpServer> server) {
        this.server = server;
    }

    /** Listens where the settings say; where that cannot be, or is not wanted, nowhere. */
    public static HealthWhileWaiting open(Settings settings) {
        if (!settings.httpEnabled() || settings.httpPort() == 0) {
            return new HealthWhileWaiting(Optional.empty());
        }
        try {
            HttpServer server = HttpServer.create(
                    new InetSocketAddress(InetAddress.getByName(settings.httpHost()), settings.httpPort()), 0);
            server.createContext("/observe/health/live", exchange -> answer(exchange, 200, "{\"status\": \"UP\"}"));
            server.createContext(
                    "/observe/health/ready",
                    exchange ->
                            answer(exchange, 503, "{\"status\": \"DOWN\", \"reason\": \"waiting for AWS to answer\"}"));
            server.start();
            return new HealthWhileWaiting(Optional.of(server));
        } catch (IOException e) {
            LOG.debug("health is not served while waiting; the routes will warn of the port", e);
            return new HealthWhileWaiting(Optional.empty());
        }
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.ifPresent(listening -> listening.stop(0));
    }
}
