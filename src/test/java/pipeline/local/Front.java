package pipeline.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pipeline.local.Answer.Field;

/**
 * The one door: finds the service by the credential scope of the signature (IAM User Guide, "Elements of an AWS API
 * request signature": {@code AKID/date/region/service/aws4_request}; SigV4a has no region), refuses what a policy does not
 * allow the caller, lets the fault plan have its way, and passes request and answer on. Signatures are not checked.
 */
final class Front implements HttpHandler {
    private static final Pattern SCOPE = Pattern.compile("/\\d{8}/(?:[^/,]+/)?([^/,]+)/aws4_request");

    /** Set by the server itself. */
    private static final Set<String> OF_THE_SERVER =
            Set.of("connection", "content-length", "date", "keep-alive", "transfer-encoding");

    private final Map<String, Service> services;
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private volatile boolean recording;
    private volatile Optional<BiPredicate<String, Permission>> policy = Optional.empty();
    private volatile FaultPlan faults = FaultPlan.none();
    private volatile CountDownLatch hanging = new CountDownLatch(1);

    Front(Map<String, Service> services) {
        this.services = Map.copyOf(services);
    }

    void faults(FaultPlan plan) {
        this.faults = plan;
    }

    void policy(BiPredicate<String, Permission> allowed) {
        policy = Optional.of(allowed);
    }

    void recordCalls(boolean on) {
        calls.clear();
        recording = on;
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    synchronized void releaseHanging() {
        CountDownLatch released = hanging;
        hanging = new CountDownLatch(1);
        released.countDown();
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Request request = request(exchange);
            String service = service(request).orElse("");
            if (!services.containsKey(service)) {
                request.drain();
                write(exchange, unknown(service, request));
                return;
            }
            if (!service.equals("s3")) {
                request = request.withBody(request.body().readAllBytes());
            }
            Call call = call(service, request);
            if (recording || policy.isPresent()) {
                call = call.needing(Permissions.of(call, request));
            }
            if (recording) {
                calls.add(call);
            }
            Optional<Permission> missing = missing(call);
            if (missing.isPresent()) {
                refuse(exchange, request, Errors.denied(service, call.caller(), missing.get()));
            } else {
                serve(exchange, call, request);
            }
        }
    }

    private Optional<Permission> missing(Call call) {
        return policy.flatMap(allowed -> call.needs().stream()
                .filter(needed -> !allowed.test(call.caller(), needed))
                .findFirst());
    }

    private static Request request(HttpExchange exchange) {
        var headers = exchange.getRequestHeaders();
        String announced = headers.getFirst("Content-Length");
        long length = announced != null ? Long.parseLong(announced) : headers.containsKey("Transfer-Encoding") ? -1 : 0;
        String query = exchange.getRequestURI().getRawQuery();
        return new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                query == null ? "" : query,
                headers,
                exchange.getRequestBody(),
                length);
    }

    private static Optional<String> service(Request request) {
        String credential = request.header("Authorization")
                .or(() -> Optional.ofNullable(request.parameters().get("X-Amz-Credential")))
                .orElse("");
        Matcher scope = SCOPE.matcher(credential);
        return scope.find() ? Optional.of(scope.group(1)) : Optional.empty();
    }

    private static Answer unknown(String service, Request request) {
        return service.isEmpty()
                ? Errors.unsigned(request.header("X-Amz-Target").isPresent())
                : Errors.of("", 501, "NotImplemented", "There is no local stand-in for " + service);
    }

    private static Call call(String service, Request request) throws IOException {
        if (service.equals("s3")) {
            return Calls.of(service, request, new byte[0]);
        }
        InputStream body = request.body();
        body.mark(Integer.MAX_VALUE);
        byte[] content = body.readAllBytes();
        body.reset();
        return Calls.of(service, request, content);
    }

    private void serve(HttpExchange exchange, Call call, Request request) throws IOException {
        Service service = services.get(call.service());
        Fault fault = faults.next(call);
        switch (fault) {
            case DOWN -> {}
            case HANG -> hang();
            case FAIL_BEFORE -> refuse(exchange, request, Errors.failedBefore(call.service()));
            case THROTTLE -> refuse(exchange, request, Errors.throttled(call.service()));
            case DENIED -> refuse(exchange, request, Errors.denied(call.service()));
            case EXPIRED -> refuse(exchange, request, Errors.expired(call.service()));
            case KEY_DISABLED -> refuse(exchange, request, Errors.keyDisabled());
            case INVALID_REQUEST -> refuse(exchange, request, Errors.invalidRequest());
            case INTERNAL_ERROR -> refuse(exchange, request, Errors.failedAfter(call.service()));
            case NOT_IMPLEMENTED -> refuse(exchange, request, Errors.notImplemented(call.service()));
            case CUT_AFTER -> service.answer(call, request).close();
            case TRUNCATED -> truncate(exchange, service.answer(call, request).complete());
            case FAIL_AFTER -> {
                service.answer(call, request).close();
                write(exchange, Errors.failedAfter(call.service()));
            }
            case UNPROCESSED -> write(exchange, new HalfBatch(service).answer(call, request));
            case LATE, NONE -> {
                if (fault == Fault.LATE) {
                    hang();
                }
                Answer answer = service.answer(call, request);
                if (answer.status() >= 400) {
                    request.drain();
                }
                write(exchange, answer);
            }
        }
    }

    private void hang() {
        try {
            hanging.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The announced length is what tells the reader that something is missing. */
    private static void truncate(HttpExchange exchange, Answer whole) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD") || whole.length() == 0) {
            return;
        }
        byte[] body = whole.body().readAllBytes();
        copyHeaders(exchange, whole);
        exchange.sendResponseHeaders(whole.status(), body.length);
        OutputStream out = exchange.getResponseBody();
        out.write(body, 0, body.length / 2);
        out.flush();
    }

    private static void refuse(HttpExchange exchange, Request request, Answer error) throws IOException {
        request.drain();
        write(exchange, error);
    }

    private static void write(HttpExchange exchange, Answer answer) throws IOException {
        try (answer) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            copyHeaders(exchange, answer);
            String length = answer.header("Content-Length");
            if (head && !length.isEmpty()) {
                exchange.getResponseHeaders().set("Content-Length", length);
            }
            if (head || answer.length() == 0) {
                exchange.sendResponseHeaders(answer.status(), -1);
                return;
            }
            exchange.sendResponseHeaders(answer.status(), Math.max(answer.length(), 0)); // 0: chunked
            try (OutputStream out = exchange.getResponseBody()) {
                answer.body().transferTo(out);
            }
        }
    }

    private static void copyHeaders(HttpExchange exchange, Answer answer) {
        var headers = exchange.getResponseHeaders();
        for (Field field : answer.headers()) {
            if (!OF_THE_SERVER.contains(field.name().toLowerCase(Locale.ROOT))) {
                headers.add(field.name(), field.value());
            }
        }
    }
}
