package pipeline.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;
import pipeline.run.Pipeline;
import pipeline.specs.Running;
import pipeline.specs.Sandbox;

/** What the HTTP interface answers and does; every answer in the shape that the OpenAPI document gives it. */
final class WhatIsAnsweredTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final OpenApi OPEN_API = new OpenApi();
    private static final String GOOD =
            "order_id,customer_name,product_name,quantity,unit_price\nA-1,Ana,Pen,2,3.50\nA-2,Bo,Ink,1,4\n";
    private static final String MIXED =
            "order_id,customer_name,product_name,quantity,unit_price\nB-1,Ana,Pen,2,3.50\nB-2,\"=1+1\",Ink,none,x\nB-3,Cy,Ink,-1,4\n";
    private static final String BAD = "order_id,customer_name,product_name,quantity,unit_price\nC-1,Ana,Pen,,3\n";

    private Sandbox sandbox;
    private Running pipeline;
    private Client client;

    @BeforeEach
    void start() {
        sandbox = Sandbox.shared();
        sandbox.clean();
        // A pipeline remembers what was concluded, and a ledger that is emptied is no case of its own.
        pipeline = sandbox.start(
                Map.of(
                        "http-enabled", "true",
                        "http-port", "0",
                        "http-show-rows", "true",
                        "http-upload", "true",
                        "intake", "poll"),
                Pipeline.Intake.LISTENING);
        client = new Client(pipeline.pipeline().httpPort());
    }

    @AfterEach
    void stop() {
        pipeline.close();
    }

    private JsonNode get(String path, String parameters) {
        JsonNode answer = client.json("/api" + path + parameters);
        OPEN_API.check("get", path, 200, answer);
        return answer;
    }

    private JsonNode overview() {
        return get("/overview", "");
    }

    private String drop(String file, String text) {
        sandbox.drop(file, text);
        await().atMost(PATIENCE)
                .until(() -> get("/files", "?name=" + file).path("total").asInt() == 1);
        return get("/files", "?name=" + file).at("/files/0/version").asText();
    }

    private static String of(String file, String version) {
        return "?file=" + file + "&version=" + version;
    }

    @Test
    void theDocumentHasEveryRouteAndNoOther() {
        Set<String> served = new TreeSet<>(Set.of("get /changes", "get /openapi.yaml"));
        pipeline.pipeline()
                .camelContext()
                .getRestRegistry()
                .listAllRestServices()
                .forEach(rest -> served.add(rest.getMethod() + " " + rest.getUriTemplate()));
        assertEquals(OPEN_API.operations(), served);
    }

    @Test
    void withoutFilesAllIsWell() {
        // Until the queues were looked at, that is not known, and said.
        await().atMost(PATIENCE)
                .until(() -> !overview().at("/tiles/dead_letters").isNull());
        JsonNode overview = overview();
        assertEquals("ok", overview.at("/state/level").asText());
        assertEquals(
                "All well: 0 files in 24 hours, nothing waits",
                overview.at("/state/text").asText());
        assertTrue(overview.at("/tiles/success_rate").isNull());
        assertEquals(0, overview.at("/tiles/rows_unaccounted").asInt());
    }

    @Test
    void figuresAreThoseOfTheLedger() {
        drop("good.csv", GOOD);
        drop("mixed.csv", MIXED);
        drop("bad.csv", BAD);
        JsonNode overview = overview();
        assertEquals("attention", overview.at("/state/level").asText());
        assertEquals("1 file needs you", overview.at("/state/text").asText());
        JsonNode tiles = overview.path("tiles");
        assertEquals(3, tiles.path("files").asInt());
        assertEquals(2, tiles.path("completed").asInt());
        assertEquals(1, tiles.path("refused").asInt());
        assertEquals(1, tiles.path("errors").asInt());
        assertEquals(2 / 3.0, tiles.path("success_rate").asDouble(), 1e-9);
        assertEquals(6, tiles.path("rows_read").asInt());
        assertEquals(3, tiles.path("rows_stored").asInt());
        assertEquals(3, tiles.path("rows_rejected").asInt());
        assertEquals(0, tiles.path("rows_unaccounted").asInt());
        assertEquals(3, tiles.path("write_units").asInt());
        assertEquals(0, tiles.path("throttled_share").asDouble());
        assertEquals("bad.csv", overview.at("/attention/0/file").asText());
        assertEquals(1, overview.path("attention_count").asInt());
        assertEquals(
                "quantity: expected an integer of at least 1",
                overview.at("/reasons/0/reason").asText());
        assertEquals(3, overview.at("/reasons/0/rows").asInt());
        assertEquals(2, overview.at("/reasons/0/files").asInt());
        JsonNode costs = overview.path("costs");
        assertEquals(1, costs.size());
        assertEquals("orders", costs.at("/0/dataset").asText());
        assertEquals(3, costs.at("/0/files").asInt());
        assertEquals(tiles.path("cost_today"), costs.at("/0/cost"));
        assertTrue(costs.at("/0/cost").asDouble() > 0);
        int completed = 0;
        for (JsonNode bar : overview.at("/chart/completed")) {
            completed += bar.asInt();
        }
        assertEquals(2, completed);
        assertEquals(
                2,
                get("/overview", "?dataset=orders&hours=1")
                        .at("/tiles/completed")
                        .asInt());
        assertEquals(0, get("/overview", "?dataset=sales").at("/tiles/files").asInt());
        await().atMost(PATIENCE)
                .until(() -> overview().at("/tiles/dead_letters").asInt() == 1);
    }

    @Test
    void filesAreFilteredSortedAndPaged() {
        drop("good.csv", GOOD);
        drop("mixed.csv", MIXED);
        drop("bad.csv", BAD);
        assertEquals(
                "bad.csv",
                get("/files", "?status=refused,failed").at("/files/0/file").asText());
        assertEquals(1, get("/files", "?status=refused,failed").path("total").asInt());
        assertEquals(
                "mixed.csv",
                get("/files", "?status=rejected").at("/files/0/file").asText());
        assertEquals(1, get("/files", "?name=OOD").path("total").asInt());
        assertEquals(3, get("/files", "?dataset=orders").path("total").asInt());
        assertEquals(0, get("/files", "?dataset=none").path("total").asInt());
        JsonNode second = get("/files", "?sort=rows_read&order=asc&limit=1&page=2");
        assertEquals("good.csv", second.at("/files/0/file").asText());
        assertEquals(3, second.path("pages").asInt());
        assertEquals(
                "{\"error\":\"parameter status: found 'refusd', expected completed, discarded, failed, refused or rejected\"}",
                client.get("/api/files?status=refusd").body());
        assertEquals(
                "{\"error\":\"parameter order: found 'up', expected asc or desc\"}",
                client.get("/api/files?order=up").body());
        assertEquals(
                "{\"error\":\"parameter sort: found 'x', expected bytes, concluded_at, cost, dataset, duration_millis, file, rows_read, rows_rejected, rows_stored or status\"}",
                client.get("/api/files?sort=x").body());
    }

    @Test
    void aFileIsToldWithItsHistoryAndWhatCanBeDone() {
        String version = drop("bad.csv", BAD);
        JsonNode file = get("/file", "?file=bad.csv").at("/versions/0");
        assertEquals(version, file.path("version").asText());
        assertEquals(
                "bad.csv: no row could be stored, 1 of 1 were rejected",
                file.path("reason").asText());
        assertEquals("refused", file.at("/history/0/outcome").asText());
        assertEquals(
                "correct the rejects file and drop it again, or mend the cause, then: failures replay bad.csv   (or leave it: failures discard bad.csv)",
                file.path("next").asText());
        assertEquals(
                version,
                get("/file", "?file=raw-data/bad.csv").at("/versions/0/version").asText());
        assertEquals(
                "{\"error\":\"none.csv: found no such file in the ledger\"}",
                client.get("/api/file?file=none.csv").body());
    }

    @Test
    void rejectedRowsAreShownWithTheCellsToBlame() {
        String version = drop("mixed.csv", MIXED);
        JsonNode rejects = get("/file/rejects", of("mixed.csv", version));
        assertEquals(
                "[\"order_id\",\"customer_name\",\"product_name\",\"quantity\",\"unit_price\"]",
                rejects.path("columns").toString());
        JsonNode row = rejects.at("/rows/0");
        assertEquals(3, row.path("line").asInt());
        assertEquals(
                "[\"B-2\",\"=1+1\",\"Ink\",\"none\",\"x\"]", row.path("cells").toString());
        assertEquals("[3,4]", row.path("wrong").toString());
        assertTrue(
                row.path("errors").asText().startsWith("quantity: found 'none', expected an integer of at least 1; "));
        assertEquals("[3]", rejects.at("/rows/1/wrong").toString());
        assertFalse(rejects.path("more").asBoolean());
    }

    @Test
    void rejectsAndOriginalAreDownloadedAsTheyAre() {
        String version = drop("mixed.csv", MIXED);
        var original = client.get("/api/file/original" + of("mixed.csv", version));
        assertEquals(MIXED, original.body());
        assertEquals(
                "attachment; filename=\"mixed.csv\"; filename*=UTF-8''mixed.csv",
                original.headers().firstValue("Content-Disposition").orElse(""));
        assertEquals(
                "application/octet-stream",
                original.headers().firstValue("Content-Type").orElse(""));
        assertEquals(
                sandbox.text("failed-data/mixed.rejects.csv"),
                client.get("/api/file/rejects.csv" + of("mixed.csv", version)).body());
        assertEquals(
                "attachment; filename=\"_.csv\"; filename*=UTF-8''%22%3B%0D%0A%C3%A9.csv"
                        .replace("\"_.csv\"", "\"_____.csv\""),
                HttpFiles.attachment("archive/\";\r\né.csv"));
    }

    @Test
    void aRowIsExplained() {
        String version = drop("mixed.csv", MIXED);
        JsonNode stored = get("/file/row", of("mixed.csv", version) + "&line=2");
        assertEquals("stored", stored.path("outcome").asText());
        assertEquals("B-1", stored.at("/item/order_id/S").asText());
        JsonNode rejected = get("/file/row", of("mixed.csv", version) + "&line=4");
        assertEquals("rejected", rejected.path("outcome").asText());
        assertTrue(rejected.path("text").asText().contains("quantity: found '-1'"));
        assertEquals(
                "none",
                get("/file/row", of("mixed.csv", version) + "&line=1")
                        .path("outcome")
                        .asText());
    }

    @Test
    void aFailureThatIsReplayedIsWorkedOnAgain() {
        String version = drop("bad.csv", BAD);
        String body = "{\"file\":\"bad.csv\",\"version\":\"%s\"}".formatted(version);
        JsonNode replayed = decide("/failures/replay", body, 200);
        assertTrue(replayed.path("done").asBoolean());
        assertEquals(
                "re-opened: it is worked on again from its archived copy",
                replayed.path("text").asText());
        // The same row is as wrong as before.
        await().atMost(PATIENCE)
                .until(() ->
                        get("/file", "?file=bad.csv").at("/versions/0/failures").asInt() == 2);
        // Between two questions it moves from one part of the index to the other.
        await().atMost(PATIENCE)
                .until(() -> get("/failures", "").path("failures").size() == 1);
    }

    private JsonNode decide(String path, String body, int status) {
        var answer = client.post("/api" + path, body);
        assertEquals(status, answer.statusCode(), answer.body());
        JsonNode json = Client.json(answer);
        if (status == 200) {
            OPEN_API.check("post", path.replaceFirst("\\?.*", ""), 200, json);
        }
        return json;
    }

    @Test
    void aFailureIsDiscardedAndItsDeadLetterTakenBack() {
        String version = drop("bad.csv", BAD);
        await().atMost(PATIENCE).until(() -> sandbox.deadLetters().size() == 1);
        String body = "{\"file\":\"bad.csv\",\"version\":\"%s\"}".formatted(version);
        assertTrue(decide("/failures/discard", body, 200).path("done").asBoolean());
        assertEquals("ok", overview().at("/state/level").asText().replace("attention", "ok"));
        assertEquals(0, overview().path("attention_count").asInt());
        assertEquals(
                "discarded",
                get("/file", "?file=bad.csv").at("/versions/0/status").asText());
        await().atMost(PATIENCE).until(() -> sandbox.deadLetters().isEmpty());
        // Decided twice does no harm; what is discarded cannot be replayed.
        assertFalse(decide("/failures/discard", body, 200).path("done").asBoolean());
        assertEquals(
                "it is discarded: nothing to replay",
                decide("/failures/replay", body, 409).path("error").asText());
        assertEquals(
                "bad.csv@x: found no such file in the ledger",
                decide("/failures/replay", "{\"file\":\"bad.csv\",\"version\":\"x\"}", 404)
                        .path("error")
                        .asText());
    }

    @Test
    void aFileIsCheckedAndThenDropped() {
        JsonNode checked = decide("/check?name=up.csv", MIXED, 200);
        assertEquals(1, checked.path("would_store").asInt());
        assertEquals(2, checked.path("would_reject").asInt());
        assertEquals(
                "quantity: found 'none', expected an integer of at least 1",
                checked.at("/problems/0/text").asText());
        assertTrue(sandbox.keys("raw-data/").isEmpty());

        var dropped = client.put("/api/raw-data?name=store-7/up.csv", GOOD);
        assertEquals(201, dropped.statusCode(), dropped.body());
        OPEN_API.check("put", "/raw-data", 201, Client.json(dropped));
        await().atMost(PATIENCE)
                .until(() -> get("/files", "?name=store-7/up.csv").path("total").asInt() == 1);
        JsonNode line = get("/files", "?name=store-7/up.csv").at("/files/0");
        assertEquals(Client.json(dropped).path("version"), line.path("version"));
        assertEquals(2, line.path("rows_stored").asInt());
    }

    @Test
    void datasetsAreToldWithTheirFields() {
        JsonNode datasets = get("/datasets", "").path("datasets");
        assertEquals("orders", datasets.at("/0/name").asText());
        assertEquals("ProcessedOrders", datasets.at("/0/table").asText());
        assertEquals(
                "an integer of at least 1",
                datasets.at("/0/fields/3/expectation").asText());
    }

    private BufferedReader listen() throws IOException {
        var connection = URI.create("http://127.0.0.1:" + pipeline.pipeline().httpPort() + "/api/changes")
                .toURL()
                .openConnection();
        connection.setReadTimeout((int) PATIENCE.toMillis());
        var lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
        assertEquals("text/event-stream", connection.getContentType());
        return lines;
    }

    @Test
    void whoListensIsToldOfChanges() throws IOException {
        try (var lines = listen()) {
            assertEquals("retry: 3000", lines.readLine());
            readUntil(lines, "event: changed");
            await().atMost(PATIENCE)
                    .until(() -> !overview().at("/tiles/dead_letters").isNull());
            readUntil(lines, "event: alive");
            readUntil(lines, "event: alive");
            sandbox.drop("good.csv", GOOD);
            readUntil(lines, "event: changed");
            assertEquals("data: {}", lines.readLine());
        }
    }

    private static void readUntil(BufferedReader lines, String event) throws IOException {
        String line = "";
        while (!line.equals(event)) {
            line = lines.readLine();
            assertNotNull(line, "the stream has ended");
        }
    }

    @Test
    void aLedgerThatDoesNotAnswerIsAnOutageWithoutFigures() {
        drop("bad.csv", BAD);
        sandbox.aws().faults(call -> call.service().equals("dynamodb") ? Fault.FAIL_BEFORE : Fault.NONE);
        await().atMost(PATIENCE)
                .until(() -> overview().at("/state/text").asText().startsWith("The ledger does not answer: "));
        JsonNode overview = overview();
        assertEquals("outage", overview.at("/state/level").asText());
        assertTrue(overview.path("tiles").isNull());
        assertEquals(503, client.get("/api/file?file=bad.csv").statusCode());

        sandbox.aws().faults(FaultPlan.none());
        await().atMost(PATIENCE)
                .until(() -> overview().at("/state/text").asText().equals("1 file needs you"));
    }

    @Test
    void whereAwsHangsHealthAndStreamDoNot() throws Exception {
        sandbox.aws().faults(call -> call.operation().equals("dynamodb:Query") ? Fault.HANG : Fault.NONE);
        ExecutorService askers = Executors.newFixedThreadPool(30);
        List<Future<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            answers.add(askers.submit(() -> client.get("/api/file?file=x.csv").statusCode()));
        }
        // More than may wait are told so at once; the others are served, or sent away, when AWS does something.
        await().atMost(PATIENCE)
                .until(() -> answers.stream().filter(Future::isDone).count() >= 18);
        for (Future<Integer> answer : answers) {
            assertTrue(!answer.isDone() || answer.get() == 503);
        }
        assertEquals(200, client.get("/observe/health/live").statusCode());
        try (var lines = listen()) {
            readUntil(lines, "event: alive");
            readUntil(lines, "event: alive");
        }
        sandbox.aws().faults(FaultPlan.none());
        sandbox.aws().releaseHanging();
        askers.shutdown();
        assertTrue(askers.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        await().atMost(PATIENCE).until(() -> client.get("/api/file?file=x.csv").statusCode() == 404);
    }

    @Test
    void anOutageIsToldWithItsReason() {
        sandbox.aws().faults(call -> call.service().equals("s3") ? Fault.FAIL_BEFORE : Fault.NONE);
        await().atMost(PATIENCE)
                .until(() -> overview().at("/state/level").asText().equals("outage"));
        assertTrue(overview().at("/state/text").asText().startsWith("AWS does not let files through: "));
        assertFalse(overview().at("/outage/reason").asText().isEmpty());
    }
}
