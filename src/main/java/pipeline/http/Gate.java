package pipeline.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import pipeline.settings.Settings;

/**
 * Before everything that is served: decides who may ask what, and sends the headers that keep a browser from doing harm.
 * Health and metrics are open to whoever reaches the port; they name no file.
 */
final class Gate implements Handler<RoutingContext> {
    /** What probes and scrapers ask for, without credentials and without a limit. */
    private static final Set<String> OPEN =
            Set.of("/observe/health", "/observe/health/live", "/observe/health/ready", "/observe/metrics");

    /** Asks by POST, since it needs a body, and changes nothing. */
    private static final String CHECK = "/api/check";

    /** Names by which a machine calls itself: a page of elsewhere that has its own name point here is none of them. */
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** What a page of another origin may send without being asked for leave. */
    private static final Set<String> FORMS = Set.of("application/x-www-form-urlencoded", "multipart/");

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** Of the server's twenty workers: what hangs here must not keep health checks from theirs. */
    private static final int MOST_AT_ONCE = 12;

    /** Waits for news without a worker. */
    private static final String CHANGES = "/api/changes";

    private final Semaphore room = new Semaphore(MOST_AT_ONCE);
    private final Optional<byte[]> secret;
    private final boolean readOnly;
    private final boolean page;
    private final long longestBody;
    private final RequestRates rates;
    private final BooleanSupplier serving;

    /** @param serving whether the routes behind it run */
    Gate(Settings settings, RequestRates rates, BooleanSupplier serving) {
        this.secret = settings.httpSecret().map(Gate::digest);
        this.readOnly = settings.httpReadOnly();
        this.page = settings.httpPage();
        this.longestBody = settings.httpMaxUploadBytes();
        this.rates = rates;
        this.serving = serving;
    }

    @Override
    public void handle(RoutingContext context) {
        headers(context.response());
        if (OPEN.contains(context.request().path())) {
            context.next();
            return;
        }
        Optional<Refusal> refusal = refuse(context).or(() -> refuseParameters(context));
        if (refusal.isPresent()) {
            answer(context, refusal.get());
        } else if (!isWork(context)) {
            context.next();
        } else if (!serving.getAsBoolean()) {
            answer(context, new Refusal(503, "the service is starting or stopping; ask again in a moment"));
        } else if (room.tryAcquire()) {
            context.addEndHandler(ended -> room.release());
            context.next();
        } else {
            answer(
                    context,
                    new Refusal(503, "found %d requests that wait for AWS, expected fewer".formatted(MOST_AT_ONCE)));
        }
    }

    /** Whether a worker is needed to answer it. */
    private static boolean isWork(RoutingContext context) {
        return isApi(context) && !CHANGES.equals(context.normalizedPath());
    }

    /** Routes are found by the path as it is when it has been decoded and its dots are gone. */
    private static boolean isApi(RoutingContext context) {
        return context.normalizedPath().startsWith("/api/");
    }

    private static void headers(HttpServerResponse response) {
        response.putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cache-Control", "no-store");
    }

    private Optional<Refusal> refuse(RoutingContext context) {
        HttpServerRequest request = context.request();
        String address =
                request.remoteAddress() == null ? "" : request.remoteAddress().hostAddress();
        if (!page) {
            return Optional.of(new Refusal(404, "found no page here, since pipeline.http-page is false"));
        }
        boolean known = secret.isPresent() && isKnown(request.getHeader("Authorization"));
        // Behind a proxy all have one address: who guesses there keeps nobody out who knows. To find a secret of that
        // length by guessing is hopeless at any rate.
        if (!rates.take(known ? "known at " + address : address)) {
            return Optional.of(new Refusal(429, "found too many requests from one address; wait a moment"));
        }
        if (secret.isPresent() && !known) {
            rates.penalise(address);
            return Optional.of(
                    new Refusal(401, "found no credentials that are known, expected basic or bearer with the secret"));
        }
        if (secret.isEmpty() && !isLoopback(request.authority())) {
            return Optional.of(new Refusal(
                    403, "found another host than this machine, expected http://127.0.0.1 or http://localhost"));
        }
        // Camel holds a body in memory until it has arrived: one that does not say how long it is may be of any length.
        if (request.getHeader("Transfer-Encoding") != null
                || isChange(request) && request.getHeader("Content-Length") == null) {
            return Optional.of(new Refusal(411, "found a body without a length, expected Content-Length before it"));
        }
        return isChange(request) ? refuseChange(context) : refuseQuestion(context);
    }

    private static Optional<Refusal> refuseQuestion(RoutingContext context) {
        if (length(context.request()) > 0) {
            return Optional.of(Refusal.misused("found a body where only a question is asked, expected none"));
        }
        // It could not read the answer, and yet have AWS asked, which costs.
        return isApi(context) && !isOfThisSite(context.request())
                ? Optional.of(new Refusal(403, "found a request from a page of another site, expected this one's"))
                : Optional.empty();
    }

    /** Browsers say where a request comes from (W3C, "Fetch Metadata Request Headers"); programs do not. */
    private static boolean isOfThisSite(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return site == null || site.equals("same-origin") || site.equals("none");
    }

    private static Optional<Refusal> refuseParameters(RoutingContext context) {
        try {
            context.queryParams();
            return Optional.empty();
        } catch (HttpException e) {
            return Optional.of(
                    Refusal.misused("found parameters that cannot be decoded, expected them percent-encoded"));
        }
    }

    private static boolean isChange(HttpServerRequest request) {
        return request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD;
    }

    private Optional<Refusal> refuseChange(RoutingContext context) {
        HttpServerRequest request = context.request();
        // A page of another origin can send neither header nor such a type without leave ("CORS-safelisted
        // request-header"
        // in the Fetch standard), and nothing here gives it.
        if (request.getHeader("X-Requested-With") == null) {
            return Optional.of(new Refusal(403, "found no header X-Requested-With, expected one with any value"));
        }
        if (!isOfThisOrigin(request)) {
            return Optional.of(new Refusal(403, "found a request from a page of another origin, expected this one's"));
        }
        String type = request.getHeader("Content-Type");
        if (type != null && FORMS.stream().anyMatch(type.toLowerCase(Locale.ROOT)::startsWith)) {
            return Optional.of(new Refusal(415, "found a form, expected application/json or text/csv"));
        }
        if (readOnly && !CHECK.equals(context.normalizedPath())) {
            return Optional.of(new Refusal(403, "found pipeline.http-read-only, so nothing is changed over HTTP"));
        }
        return length(request) > longestBody
                ? Optional.of(new Refusal(
                        413,
                        "found a body of more than %,d bytes, expected less; see pipeline.http-max-upload-bytes"
                                .formatted(longestBody)))
                : Optional.empty();
    }

    private static boolean isOfThisOrigin(HttpServerRequest request) {
        if (!isOfThisSite(request)) {
            return false;
        }
        String origin = request.getHeader("Origin");
        if (origin == null) {
            return true;
        }
        try {
            // Behind a proxy that ends TLS the scheme differs, and host and port do not.
            String authority = new URI(origin).getRawAuthority();
            return authority != null
                    && request.authority() != null
                    && authority.equalsIgnoreCase(request.authority().toString());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Of HTTP/1 the header Host, of HTTP/2 its pseudo-header. */
    private static boolean isLoopback(HostAndPort authority) {
        return authority != null && LOOPBACK.contains(authority.host().toLowerCase(Locale.ROOT));
    }

    private static long length(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Takes as long whatever is wrong with it. */
    private boolean isKnown(String authorization) {
        String[] words =
                authorization == null ? new String[0] : authorization.strip().split(" +", 2);
        // The scheme's case does not matter (RFC 9110, section 11.1).
        String given = words.length < 2
                ? ""
                : switch (words[0].toLowerCase(Locale.ROOT)) {
                    case "bearer" -> words[1];
                    case "basic" -> password(words[1]);
                    default -> "";
                };
        return MessageDigest.isEqual(digest(given), secret.orElseThrow());
    }

    /** What stands behind the user's name. */
    private static String password(String basic) {
        try {
            String both = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
            return both.substring(both.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(RoutingContext context, Refusal refusal) {
        HttpServerResponse response = context.response().setStatusCode(refusal.status());
        response.putHeader("Content-Type", "application/json");
        if (refusal.status() == 401) {
            response.putHeader("WWW-Authenticate", "Basic realm=\"camel-data-pipeline\", charset=\"UTF-8\"");
        }
        if (refusal.status() == 429 || refusal.status() == 503) {
            response.putHeader("Retry-After", "1");
        }
        // A body that is still to come is not read: the connection ends with the answer.
        if (isChange(context.request())) {
            response.putHeader("Connection", "close");
        }
        response.end(Answers.text(Answers.error(refusal.getMessage())));
    }
}
