package pipeline.jar;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * AWS Lambda as its function sees it: hands out events and takes what comes of them ("Using the Lambda runtime API for
 * custom runtimes" in the developer guide), on loopback.
 */
final class RuntimeApi implements AutoCloseable {
    private static final String ROOT = "/2018-06-01/runtime/";

    private record Invocation(String id, String event, long deadlineMillis) {}

    /**
     * What a function has said.
     *
     * @param path {@code response} or {@code error} of the invocation, {@code init/error} before the first
     */
    record Said(String path, String body) {}

    private final BlockingQueue<Invocation> next = new LinkedBlockingQueue<>();
    private final BlockingQueue<Said> said = new LinkedBlockingQueue<>();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "runtime-api");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpServer server;

    private RuntimeApi(HttpServer server) {
        this.server = server;
    }

    static RuntimeApi start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        RuntimeApi api = new RuntimeApi(server);
        server.setExecutor(api.threads);
        server.createContext(ROOT, api::answer);
        server.start();
        return api;
    }

    /** As the function finds it in {@code AWS_LAMBDA_RUNTIME_API}. */
    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring(ROOT.length());
        try (exchange) {
            if (path.equals("invocation/next")) {
                asked.countDown();
                handOut(exchange, next.take());
            } else {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                said.add(new Said(path.replaceFirst("^invocation/[^/]*/", ""), body));
                exchange.sendResponseHeaders(202, -1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void handOut(HttpExchange exchange, Invocation invocation) throws IOException {
        byte[] event = invocation.event().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", invocation.id());
        exchange.getResponseHeaders().set("Lambda-Runtime-Deadline-Ms", Long.toString(invocation.deadlineMillis()));
        exchange.getResponseHeaders()
                .set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:pipeline");
        exchange.sendResponseHeaders(200, event.length);
        exchange.getResponseBody().write(event);
    }

    /** Waits until the function asks for its first event: its initialisation is over. */
    void awaitReady(Duration patience) throws InterruptedException {
        assertTrue(asked.await(patience.toMillis(), TimeUnit.MILLISECONDS), "it has not asked for an event");
    }

    /** Hands out an event and waits for what comes of it. */
    Said invoke(String event, Duration time) throws InterruptedException {
        next.add(new Invocation(UUID.randomUUID().toString(), event, System.currentTimeMillis() + time.toMillis()));
        return awaitSaid(time);
    }

    /** What it says next. */
    Said awaitSaid(Duration patience) throws InterruptedException {
        Said one = said.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        assertTrue(one != null, "it has not answered in time");
        return one;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
