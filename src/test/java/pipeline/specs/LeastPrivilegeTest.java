package pipeline.specs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import pipeline.Main;
import pipeline.claim.Claim;
import pipeline.claim.Claims;
import pipeline.claim.Status;
import pipeline.conclude.Attempts;
import pipeline.conclude.Failures;
import pipeline.deploy.Policy;
import pipeline.deploy.Roles;
import pipeline.intake.ObjectVersion;
import pipeline.local.Call;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;
import pipeline.local.Permission;
import pipeline.run.Pipeline;

/**
 * The stack's role and its policy for people allow nothing that is not used, and all that is: each action on each resource
 * is one that calls need which were made here, and no call needs another. That no spec, fault or not, needs more is seen to by
 * the stand-ins, which refuse everything else to every pipeline of a {@link Sandbox}.
 */
class LeastPrivilegeTest {
    private static final Map<String, String> AS_DEPLOYED =
            Map.of("conditional-writes", "true", "intake", "events", "http-enabled", "false", "cloudwatch", "emf");
    private static final Map<String, String> IN_PARTS =
            Map.of("conditional-writes", "true", "lease-seconds", "5", "writes-at-once", "1");
    private static final String EDITED = "Edited";
    private static final String UPLOAD = "s3:UploadPartCopy";

    /** More bytes than one copy takes, with calls as short as that lease makes them. */
    private static final String ALL_BAD =
            Orders.HEADER + ("B0001," + "x".repeat(1_000_000) + ",Wireless mouse,1,29.99\n").repeat(30);

    private static final String WITH_A_GOOD_ROW = ALL_BAD + "A0001,Nora Vance,Wireless mouse,1,29.99\n";

    private static final Sandbox SANDBOX = Sandbox.shared();
    private static List<Call> calls = List.of();

    @BeforeAll
    static void doEverything() throws Exception {
        SANDBOX.clean();
        SANDBOX.aws().recordCalls(true);
        try {
            byEvents();
            byListing();
            largeFiles();
            editedDatasets();
            people();
            calls = SANDBOX.aws().calls();
        } finally {
            SANDBOX.aws().recordCalls(false);
            SANDBOX.clean();
        }
    }

    @AfterAll
    static void clean() {
        SANDBOX.dropTablesOfOthers();
    }

    /** Events of files that are good, partly bad, refused, failed, held by another; one that is no event. */
    private static void byEvents() throws IOException {
        try (Running running = SANDBOX.start(AS_DEPLOYED, Pipeline.Intake.LISTENING)) {
            for (String file :
                    List.of("orders-some-bad.csv", "sales-transactions.csv", "sensor-readings.csv", "picture.csv")) {
                SANDBOX.put("raw-data/" + file, Files.readAllBytes(Path.of("sample-data", file)));
                SANDBOX.send(SANDBOX.created("raw-data/" + file));
            }
            SANDBOX.send("no event");
            SANDBOX.drop("held.csv", Orders.good(2));
            claimAndDie("held.csv");
            SANDBOX.announce("held.csv");
            await().atMost(Sandbox.PATIENCE)
                    .until(() -> SANDBOX.ledger().stream()
                                    .filter(entry -> Set.of(Status.COMPLETED, Status.REFUSED)
                                            .contains(entry.status()))
                                    .count()
                            == 5);
            SANDBOX.awaitEmptyQueue();
            assertEquals(1, running.count("pipeline.files", "outcome", "refused"));
            // How deep the queues are is asked in the background.
            await().atMost(Sandbox.PATIENCE).until(() -> seen("sqs:GetQueueAttributes")
                    .containsAll(Set.of("ProcessCSVData-Queue", "ProcessCSVData-DLQ")));
        }
    }

    /** Another process claims a file, and is heard of no more. */
    private static void claimAndDie(String file) {
        Running other = SANDBOX.pipeline(IN_PARTS);
        var head = SANDBOX.head("raw-data/" + file);
        Claims claims = other.bean("claims", Claims.class);
        Claim claim = claims.claim(
                ObjectVersion.of("raw-data/" + file, head.eTag(), head.contentLength(), head.lastModified()),
                (Claim.NotClaimed) claims.notClaimed());
        other.bean("attempts", Attempts.class).end(claim);
    }

    /** Corrected rows, a failure and its replay, a file that is replaced or dropped again; with and without conditions. */
    private static void byListing() throws IOException {
        for (String conditions : List.of("true", "false")) {
            Running running = SANDBOX.pipeline(Map.of("conditional-writes", conditions));
            String rejects = SANDBOX.text("failed-data/orders-some-bad.rejects.csv");
            SANDBOX.drop("corrected-" + conditions + ".csv", rejects.replace("abc", "1.50"));
            running.workOff();

            String failing = "failing-" + conditions + ".csv";
            SANDBOX.aws().faults(Faults.all("s3:CopyObject", "processed-data/", Fault.DENIED));
            SANDBOX.drop(failing, Orders.goodAndOneBad(3));
            running.workOff();
            SANDBOX.aws().faults(FaultPlan.none());
            assertTrue(running.bean("failures", Failures.class).replay(SANDBOX.entry(failing)));
            running.workOff();
            assertEquals(Status.COMPLETED, SANDBOX.entry(failing).status());

            // Filed, and then it cannot be written down: its copy is taken away again.
            String unwritten = "unwritten-" + conditions + ".csv";
            SANDBOX.aws()
                    .faults(call -> call.operation().equals("dynamodb:UpdateItem")
                                    && call.detail().contains("\"completed\"")
                            ? Fault.DENIED
                            : Fault.NONE);
            SANDBOX.drop(unwritten, Orders.good(3));
            running.workOff();
            SANDBOX.aws().faults(FaultPlan.none());

            SANDBOX.drop(failing, Orders.goodAndOneBad(3));
            running.workOff();
            SANDBOX.drop(failing, Orders.good(4));
            running.workOff();
        }
    }

    /** A file that is copied in parts, and those copies broken off in each of its places; rejects that are. */
    private static void largeFiles() {
        Running running = SANDBOX.pipeline(IN_PARTS);
        for (String place : List.of("archive/", "processed-data/", "failed-data/")) {
            SANDBOX.aws().faults(Faults.first(1, UPLOAD, place, Fault.DENIED));
            SANDBOX.drop(
                    "large-" + place.replace("/", ".csv"), place.equals("failed-data/") ? ALL_BAD : WITH_A_GOOD_ROW);
            running.workOff();
        }
        SANDBOX.aws().faults(FaultPlan.none());
    }

    /** Of each dataset a file that failed half-way and is replayed by an edited one, which takes its rows out. */
    private static void editedDatasets() throws IOException {
        for (String[] one : new String[][] {
            {"orders", "sample-data/orders.csv"},
            {"sales", "sample-data/sales-transactions.csv"},
            {"sensors", "sample-data/sensor-readings.csv"}
        }) {
            List<String> lines = Files.readAllLines(Path.of(one[1]));
            String rows = lines.get(0) + "\n"
                    + IntStream.range(0, 40)
                            .mapToObj(i -> lines.get(1 + i % (lines.size() - 1)))
                            .collect(Collectors.joining("\n", "", "\n"));
            String file = "edited-" + one[0] + ".csv";
            Running running = SANDBOX.pipeline(IN_PARTS);
            // Three failures in a row would be an outage.
            running.forget();
            AtomicInteger writes = new AtomicInteger();
            SANDBOX.aws()
                    .faults(call -> call.operation().equals("dynamodb:BatchWriteItem") && writes.incrementAndGet() > 1
                            ? Fault.DENIED
                            : Fault.NONE);
            SANDBOX.drop(file, rows);
            running.workOff();
            SANDBOX.aws().faults(FaultPlan.none());
            assertEquals(Status.FAILED, SANDBOX.entry(file).status());
            String declared = Files.readString(Pipeline.DATASETS.resolve(one[0] + ".yaml"));
            String table = declared.replaceAll("(?s).*\\ntable: (\\w+).*", "$1");
            var edited = Sandbox.datasets(Map.of(one[0] + ".yaml", declared.replace(table, EDITED + table)));
            try (Running other = SANDBOX.start(IN_PARTS, Pipeline.Intake.ON_DEMAND, edited)) {
                assertTrue(other.bean("failures", Failures.class).replay(SANDBOX.entry(file)));
                other.workOff();
                assertEquals(Status.COMPLETED, SANDBOX.entry(file).status());
            }
        }
    }

    /** Every verb that people run, and the page. */
    private static void people() throws Exception {
        Running running = SANDBOX.pipeline(IN_PARTS);
        String version = SANDBOX.entry("picture.csv").version();
        System.setProperty("aws.accessKeyId", Sandbox.OPERATOR);
        try {
            verb("failures", "list");
            verb("failures", "show", "picture.csv");
            verb("failures", "replay", "picture.csv", "--dry-run");
            verb("failures", "replay", "picture.csv");
            running.workOff();
            verb("failures", "discard", "picture.csv@" + version);
            verb("failures", "show", "orders-some-bad.csv");
            verb("explain", "orders-some-bad.csv:2");
            verb("explain", "sales-transactions.csv:2");
            verb("explain", "sensor-readings.csv:2");
            verb("costs", "--since", "1d");
        } finally {
            System.setProperty("aws.accessKeyId", Sandbox.CALLER);
        }
        try (Running page = SANDBOX.start(
                Map.of(
                        "http-enabled",
                        "true",
                        "http-port",
                        "0",
                        "http-show-rows",
                        "true",
                        "http-upload",
                        "true",
                        "intake",
                        "poll"),
                Pipeline.Intake.LISTENING)) {
            URI api = URI.create("http://127.0.0.1:" + page.pipeline().httpPort() + "/api/");
            HttpClient http = HttpClient.newHttpClient();
            HttpResponse<String> dropped = http.send(
                    HttpRequest.newBuilder(api.resolve("raw-data?name=dropped.csv"))
                            .header("X-Requested-With", "test")
                            .header("Content-Type", "text/csv")
                            .PUT(HttpRequest.BodyPublishers.ofString(Orders.good(2), StandardCharsets.UTF_8))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertTrue(dropped.statusCode() < 300, () -> dropped.statusCode() + " " + dropped.body());
        }
    }

    private static void verb(String... arguments) {
        StringWriter said = new StringWriter();
        int status = Main.commandLine()
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true))
                .execute(arguments);
        assertEquals(0, status, () -> String.join(" ", arguments) + "\n" + said);
    }

    private static Set<String> seen(String operation) {
        return SANDBOX.aws().calls().stream()
                .filter(call ->
                        call.operation().equals(operation) && call.caller().equals(Sandbox.TASK))
                .map(Call::target)
                .collect(Collectors.toSet());
    }

    private static Set<Permission> needed(Collection<String> callers) {
        return calls.stream()
                .filter(call -> callers.contains(call.caller()))
                .flatMap(call -> call.needs().stream())
                // The stack has no tables but those of the datasets that ship.
                .filter(permission -> !permission.resource().contains(":table/" + EDITED))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void assertJustThat(Policy policy, Set<Permission> needed) {
        Set<String> notGranted = needed.stream()
                .filter(permission -> !policy.allows(permission))
                .map(Permission::toString)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> notUsed = policy.grants().stream()
                .filter(grant -> needed.stream().noneMatch(grant::allows))
                .map(Policy.Grant::toString)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals("not granted [], not used []", "not granted %s, not used %s".formatted(notGranted, notUsed));
    }

    @Test
    void tasksMayDoWhatTheyDoAndNothingElse() {
        assertJustThat(Roles.TASK, needed(Set.of(Sandbox.TASK)));
    }

    @Test
    void peopleMayDoWhatVerbsAndPageDoBesideTheTasksAndNothingElse() {
        Set<Permission> needed = needed(Set.of(Sandbox.OPERATOR));
        Set<Permission> byPage = needed(Set.of(Sandbox.PAGE));
        byPage.removeIf(Roles.TASK::allows);
        needed.addAll(byPage);
        assertJustThat(Roles.OPERATOR, needed);
    }
}
