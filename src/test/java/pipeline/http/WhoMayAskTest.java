package pipeline.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pipeline.run.Pipeline;
import pipeline.settings.ConfigurationException;
import pipeline.settings.Settings;
import pipeline.specs.Running;
import pipeline.specs.Sandbox;

/** Requests that must not be answered, and are not: without credentials, from elsewhere, too large, out of bounds. */
final class WhoMayAskTest {
    private static final String SECRET = "correct horse battery staple";
    private static final String BAD =
            "order_id,customer_name,product_name,quantity,unit_price\nA-1,Ana,Pen,minus two,3\n";

    private static Sandbox sandbox;

    /** On this machine alone, as it ships. */
    private static Running open;

    /** With a secret, rows and uploads. */
    private static Running guarded;

    /** The same for those who do not know it, as wrong credentials use up what an address may ask. */
    private static Running guessed;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.shared();
        sandbox.clean();
        open = start(Map.of("http-max-upload-bytes", "20000", "http-upload", "true"));
        guarded = start(Map.of("http-secret", SECRET, "http-show-rows", "true", "http-read-only", "true"));
        guessed = start(Map.of("http-secret", SECRET, "http-show-rows", "true"));
        sandbox.drop("store-7/bad.csv", BAD);
        sandbox.pipeline().workOff();
    }

    private static Running start(Map<String, String> changes) {
        Map<String, String> all = new HashMap<>(changes);
        all.putAll(Map.of("http-enabled", "true", "http-port", "0", "intake", "poll", "poll-every-seconds", "3600"));
        return sandbox.start(all, Pipeline.Intake.LISTENING);
    }

    @AfterAll
    static void stop() {
        open.close();
        guarded.close();
        guessed.close();
    }

    private static Client to(Running pipeline) {
        return new Client(pipeline.pipeline().httpPort());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/page.js",
                "/page.css",
                "/api/overview",
                "/api/files",
                "/api/file?file=store-7/bad.csv",
                "/api/file/rejects.csv?file=x&version=y",
                "/api/failures",
                "/api/datasets",
                "/api/changes",
                "/api/openapi.yaml",
                "/observe/info",
                "/nothing",
                "/observe/health/../../api/failures",
                "//observe/health",
                "/observe/metrics/../../api/overview"
            })
    void withoutCredentialsNothingIsTold(String path) {
        for (String authorization : List.of(
                "",
                "Bearer wrong",
                "Bearer",
                "Basic !!!",
                Client.basic("operator", "wrong"),
                Client.basic(SECRET, ""),
                "Digest " + SECRET)) {
            String answer = to(guessed)
                    .raw("GET " + path + " HTTP/1.1\r\nHost: any\r\nConnection: close\r\n"
                            + (authorization.isEmpty() ? "" : "Authorization: " + authorization + "\r\n") + "\r\n");
            // Who tries too many is not even told that it was wrong.
            assertTrue(
                    answer.startsWith("HTTP/1.1 401") || answer.startsWith("HTTP/1.1 429"),
                    () -> path + " " + authorization + ": " + answer);
            assertFalse(answer.contains("store-7"), answer);
        }
    }

    @Test
    void whoDoesNotKnowTheSecretIsAskedForItAndSoonNotAnsweredAnyMore() {
        Running pipeline = start(Map.of("http-secret", SECRET));
        try {
            HttpResponse<String> first = to(pipeline).get("/api/overview");
            assertEquals(401, first.statusCode());
            assertEquals(
                    "Basic realm=\"camel-data-pipeline\", charset=\"UTF-8\"",
                    first.headers().firstValue("WWW-Authenticate").orElse(""));
            int guesses = 0;
            int status = 401;
            while (status == 401) {
                status = to(pipeline)
                        .get("/api/overview", "Authorization", "Bearer guess" + guesses)
                        .statusCode();
                guesses++;
                assertTrue(guesses < 100, "guesses go on for ever");
            }
            assertEquals(429, status);
            assertEquals(200, to(pipeline).get("/observe/health/live").statusCode());
        } finally {
            pipeline.close();
        }
    }

    @Test
    void whoKnowsTheSecretIsAnswered() {
        Running pipeline = start(Map.of("http-secret", SECRET));
        try {
            assertEquals(
                    200,
                    to(pipeline)
                            .get("/", "Authorization", Client.basic("ana", SECRET))
                            .statusCode());
            for (String authorization : List.of(
                    "Bearer " + SECRET,
                    "bearer " + SECRET,
                    Client.basic("", SECRET).replace("Basic", "BASIC"))) {
                assertEquals(
                        200,
                        to(pipeline)
                                .get("/api/overview", "Authorization", authorization)
                                .statusCode());
            }
            // From the same address, somebody guesses.
            for (int guesses = 0; guesses < 100; guesses++) {
                to(pipeline).get("/api/overview", "Authorization", "Bearer guess" + guesses);
            }
            assertEquals(
                    200,
                    to(pipeline)
                            .get("/api/overview", "Authorization", "Bearer " + SECRET)
                            .statusCode());
        } finally {
            pipeline.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/observe/health", "/observe/health/live", "/observe/health/ready", "/observe/metrics"})
    void healthAndMetricsAreOpenAndNameNoFile(String path) {
        HttpResponse<String> answer = to(guarded).get(path);
        assertEquals(200, answer.statusCode());
        assertFalse(answer.body().contains("bad.csv"), answer.body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Origin          | http://evil.example       | 403",
                "Origin          | null                      | 403",
                "Origin          | http://127.0.0.1:1        | 403",
                "Origin          | not a url                 | 403",
                "Sec-Fetch-Site  | cross-site                | 403",
                "Sec-Fetch-Site  | same-site                 | 403",
                "Sec-Fetch-Site  | same-origin               | 404",
                "X-Else          | nothing against it        | 404"
            })
    void aPageOfElsewhereChangesNothing(String header, String value, int status) {
        for (String path : List.of("/api/failures/replay", "/api/failures/discard")) {
            assertEquals(
                    status,
                    to(open).post(path, "{\"file\":\"x\",\"version\":\"y\"}", header, value)
                            .statusCode());
        }
    }

    @Test
    void aPageOfElsewhereHasNothingAskedOfAws() {
        for (String site : List.of("cross-site", "same-site")) {
            for (String path : List.of("/api/overview", "/%61pi/overview", "/x/../api/overview", "//api/overview")) {
                String answer = to(open).raw("GET " + path
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nSec-Fetch-Site: " + site + "\r\n\r\n");
                assertTrue(answer.startsWith("HTTP/1.1 403"), () -> path + ": " + answer);
            }
            // A link from elsewhere to the page is one.
            assertEquals(200, to(open).get("/", "Sec-Fetch-Site", site).statusCode());
        }
    }

    @Test
    void whatAFormOfElsewhereCouldSendChangesNothing() {
        for (String type :
                List.of("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain")) {
            HttpResponse<String> answer = to(open).send(
                            "/api/failures/discard", request -> request.POST(HttpRequest.BodyPublishers.ofString("{}"))
                                    .header("Content-Type", type));
            assertEquals(403, answer.statusCode(), type);
            assertEquals(
                    "{\"error\":\"found no header X-Requested-With, expected one with any value\"}", answer.body());
        }
        assertEquals(
                415,
                to(open).send("/api/failures/discard", request -> request.POST(
                                        HttpRequest.BodyPublishers.ofString("a=b"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .header("X-Requested-With", "x"))
                        .statusCode());
        assertEquals("refused", sandbox.entry("store-7/bad.csv").status().text());
    }

    @Test
    void aNameOfElsewhereThatPointsHereIsNotThisMachine() {
        for (String host : List.of("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "")) {
            String answer =
                    to(open).raw("GET /api/failures HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            assertTrue(
                    answer.startsWith("HTTP/1.1 403") || answer.startsWith("HTTP/1.1 400"),
                    () -> "'" + host + "': " + answer);
        }
        for (String host : List.of("localhost:8080", "127.0.0.1", "[::1]:9", "LOCALHOST")) {
            String answer =
                    to(open).raw("GET /api/failures HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 200"), () -> host + ": " + answer);
        }
    }

    @Test
    void whatIsTooLargeIsNotTaken() {
        String large = "a".repeat(20_001);
        List<String> before = sandbox.keys("");
        assertEquals(413, to(open).put("/api/raw-data?name=large.csv", large).statusCode());
        assertEquals(413, to(open).post("/api/check?name=large.csv", large).statusCode());
        // Without a length before it, it might be of any.
        HttpResponse<String> chunked = to(open).send("/api/raw-data?name=large.csv", request -> request.PUT(
                        HttpRequest.BodyPublishers.ofInputStream(() ->
                                new ByteArrayInputStream(large.getBytes(java.nio.charset.StandardCharsets.UTF_8))))
                .header("Content-Type", "text/csv")
                .header("X-Requested-With", "x"));
        assertEquals(411, chunked.statusCode());
        assertEquals(
                "{\"error\":\"found a body without a length, expected Content-Length before it\"}", chunked.body());
        assertTrue(to(open).raw(
                        "GET /api/files HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello")
                .startsWith("HTTP/1.1 400"));
        assertEquals(
                413,
                to(open).post("/api/failures/replay", "{\"file\":\"" + "a".repeat(17_000) + "\"}")
                        .statusCode());
        assertEquals(before, sandbox.keys(""));
    }

    @Test
    void aFileThatDoesNotArriveWholeIsNotDropped() throws IOException {
        List<String> before = sandbox.keys("");
        // More than are dealt with at a time.
        for (int i = 0; i < 5; i++) {
            try (Socket socket = new Socket("127.0.0.1", open.pipeline().httpPort())) {
                socket.getOutputStream()
                        .write(("PUT /api/raw-data?name=half.csv HTTP/1.1\r\nHost: localhost\r\nX-Requested-With: x\r\n"
                                        + "Content-Type: text/csv\r\nContent-Length: 1000\r\n\r\norder_id,")
                                .getBytes(StandardCharsets.US_ASCII));
            }
        }
        await("room for the next one")
                .atMost(Duration.ofSeconds(60))
                .until(() -> to(open).post("/api/check?name=x.csv", BAD).statusCode() == 200);
        assertEquals(before, sandbox.keys(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../../etc/passwd",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/..%2f..%2fetc/passwd",
                "/page.js/../../../pom.xml",
                "/pipeline/defaults.properties",
                "/uPlot.min.css/../../../../META-INF/MANIFEST.MF",
                "/\\..\\pom.xml",
                "/api/file?file=../../etc/passwd",
                "/api/file/original?file=../../etc/passwd&version=x",
                "/api/file?file=%00",
                "/api/file?file=%ff%fe"
            })
    void noPathLeadsAnywhereElse(String path) {
        String answer = to(open).raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertTrue(
                answer.startsWith("HTTP/1.1 404")
                        || answer.startsWith("HTTP/1.1 400")
                        || answer.startsWith("HTTP/1.1 403"),
                answer);
        assertFalse(answer.contains("root:"), answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x.csv",
                "/x.csv",
                "a/../b.csv",
                "a//b.csv",
                "a/",
                ".",
                "a/./b.csv",
                "a\u0000.csv",
                "a\\..\\b.csv",
                "a\r\nb.csv",
                " ",
                "a/ /b.csv"
            })
    void aNameThatIsNoPlainKeyIsNotDropped(String name) {
        List<String> before = sandbox.keys("");
        for (String verb : List.of("/api/raw-data?name=", "/api/check?name=")) {
            HttpResponse<String> answer = verb.contains("raw")
                    ? to(open).put(verb + Client.encoded(name), "a,b\n")
                    : to(open).post(verb + Client.encoded(name), "a,b\n");
            assertEquals(400, answer.statusCode(), answer.body());
        }
        assertEquals(before, sandbox.keys(""));
    }

    @Test
    void parametersThatMakeNoSenseAreOneSentence() {
        assertEquals(
                "{\"error\":\"found parameters that cannot be decoded, expected them percent-encoded\"}",
                to(open).raw("GET /api/file?file=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                        .replaceFirst("(?s).*\r\n\r\n", ""));
        assertEquals(
                "{\"error\":\"parameter hours: found '999', expected a whole number from 1 to 168\"}",
                to(open).get("/api/overview?hours=999").body());
        assertEquals(
                "{\"error\":\"parameter file: found nothing, expected it\"}",
                to(open).get("/api/file").body());
        assertEquals(
                "{\"error\":\"body: found no object of JSON, expected one\"}",
                to(open).post("/api/failures/replay", "[1").body());
        assertEquals(
                "{\"error\":\"body: found no text version, expected {\\\"file\\\": ..., \\\"version\\\": ...}\"}",
                to(open).post("/api/failures/replay", "{\"file\":\"x\",\"version\":1}")
                        .body());
        assertEquals(
                405,
                to(open).send("/api/files", request -> request.DELETE().header("X-Requested-With", "x"))
                        .statusCode());
    }

    @Test
    void readOnlyChangesNothingAndStillChecks() {
        String version = sandbox.entry("store-7/bad.csv").version();
        String secret = "Bearer " + SECRET;
        for (String path : List.of("/api/failures/replay", "/api/failures/discard")) {
            HttpResponse<String> answer = to(guarded)
                    .post(
                            path,
                            "{\"file\":\"store-7/bad.csv\",\"version\":\"%s\"}".formatted(version),
                            "Authorization",
                            secret);
            assertEquals(403, answer.statusCode());
            assertEquals(
                    "{\"error\":\"found pipeline.http-read-only, so nothing is changed over HTTP\"}", answer.body());
        }
        assertEquals(
                403,
                to(guarded)
                        .put("/api/raw-data?name=x.csv", BAD, "Authorization", secret)
                        .statusCode());
        assertEquals("refused", sandbox.entry("store-7/bad.csv").status().text());
        assertEquals(
                200,
                to(guarded)
                        .post("/api/check?name=x.csv", BAD, "Authorization", secret)
                        .statusCode());
    }

    @Test
    void rowsAreShownOnlyWhereTheOperatorSaidSo() {
        String version = sandbox.entry("store-7/bad.csv").version();
        String of = "?file=store-7/bad.csv&line=2&version=" + version;
        for (String path :
                List.of("/api/file/rejects", "/api/file/rejects.csv", "/api/file/original", "/api/file/row")) {
            HttpResponse<String> hidden = to(open).get(path + of);
            assertEquals(403, hidden.statusCode(), path);
            assertFalse(hidden.body().contains("minus two"), hidden.body());
            HttpResponse<String> shown = to(guarded).get(path + of, "Authorization", "Bearer " + SECRET);
            assertEquals(200, shown.statusCode(), shown.body());
            assertTrue(shown.body().contains("minus two"), shown.body());
        }
    }

    @Test
    void aReasonThatQuotesTheFileIsToldWithoutIt() {
        sandbox.drop("private.csv", "Ana's secret,4711\n1,2\n");
        sandbox.pipeline().workOff();
        assertTrue(sandbox.entry("private.csv").reason().orElseThrow().contains("4711"));
        for (String path : List.of("/api/overview", "/api/failures", "/api/file?file=private.csv")) {
            // What was told a moment ago may be told again for a second.
            HttpResponse<String> answer = await(path)
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> to(open).get(path), told -> told.body().contains("private.csv"));
            assertFalse(answer.body().contains("4711") || answer.body().contains("secret,"), answer.body());
        }
    }

    @Test
    void whatOthersReachAsksForASecretOrIsNotStarted(@TempDir Path folder) throws IOException {
        assertEquals(
                "pipeline.http-host: found 0.0.0.0, which others reach, and no secret, expected one as PIPELINE_HTTP_SECRET or in pipeline.http-secret-file; or pipeline.http-page=false, which leaves health and metrics",
                refused(Map.of("PIPELINE_HTTP_HOST", "0.0.0.0")));
        assertEquals(
                "pipeline.http-secret: found 5 characters, expected at least 16; 'openssl rand -hex 16' makes some",
                refused(Map.of("PIPELINE_HTTP_HOST", "0.0.0.0", "PIPELINE_HTTP_SECRET", "short")));
        assertEquals(
                "pipeline.http-secret-file: found '/nowhere/at all', expected a file that can be read, with the secret in it",
                refused(Map.of("PIPELINE_HTTP_SECRET_FILE", "/nowhere/at all")));
        Path file = Files.writeString(folder.resolve("secret"), SECRET + "\n");
        Settings settings =
                settings(Map.of("PIPELINE_HTTP_HOST", "0.0.0.0", "PIPELINE_HTTP_SECRET_FILE", file.toString()));
        HttpInterface.check(settings);
        assertEquals(SECRET, settings.httpSecret().orElseThrow());
        HttpInterface.check(settings(Map.of("PIPELINE_HTTP_HOST", "0.0.0.0", "PIPELINE_HTTP_PAGE", "false")));
        HttpInterface.check(settings(Map.of("PIPELINE_HTTP_HOST", "0.0.0.0", "PIPELINE_HTTP_ENABLED", "false")));
        HttpInterface.check(settings(Map.of("PIPELINE_HTTP_HOST", "::1")));

        Path edited = Files.writeString(folder.resolve("application.properties"), "pipeline.http-secret=" + SECRET);
        String sentence = assertThrows(ConfigurationException.class, () -> Settings.loadOffline(edited, Map.of()))
                .getMessage();
        assertTrue(sentence.contains("expected it in the environment as PIPELINE_HTTP_SECRET"), sentence);
        assertFalse(sentence.contains(SECRET), sentence);
        assertFalse(
                settings(Map.of("PIPELINE_HTTP_SECRET", SECRET)).asProperties().containsValue(SECRET));
    }

    private static Settings settings(Map<String, String> environment) {
        return Settings.loadOffline(Path.of("none"), environment);
    }

    private static String refused(Map<String, String> environment) {
        Settings settings = settings(environment);
        return assertThrows(ConfigurationException.class, () -> HttpInterface.check(settings))
                .getMessage();
    }

    @Test
    void withoutThePageThereAreHealthAndMetricsAlone() {
        Running pipeline = start(Map.of("http-page", "false"));
        try {
            assertEquals(200, to(pipeline).get("/observe/metrics").statusCode());
            for (String path : List.of("/", "/api/overview", "/api/failures", "/page.js")) {
                assertEquals(404, to(pipeline).get(path).statusCode(), path);
            }
        } finally {
            pipeline.close();
        }
    }

    @Test
    void everyAnswerForbidsABrowserWhatItNeedNotDo() {
        for (String path : List.of("/", "/page.js", "/api/overview", "/nothing", "/observe/health")) {
            var headers = to(open).get(path).headers();
            assertTrue(
                    headers.firstValue("Content-Security-Policy")
                            .orElse("")
                            .startsWith("default-src 'none'; script-src 'self';"),
                    path);
            assertEquals("nosniff", headers.firstValue("X-Content-Type-Options").orElse(""), path);
            assertTrue(headers.firstValue("Access-Control-Allow-Origin").isEmpty(), path);
        }
    }
}
