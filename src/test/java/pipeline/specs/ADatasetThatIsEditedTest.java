package pipeline.specs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.conclude.Failures;
import pipeline.dataset.Datasets;
import pipeline.local.Call;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;
import pipeline.run.Pipeline;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A file fails half-way, its dataset is edited, and it is worked on again: what is in the tables then is what today's
 * declaration stores, and nothing that only the earlier one did.
 */
class ADatasetThatIsEditedTest extends FaultSpecs {
    private static final int ROWS = 60;

    /** Half of the rows are of one piece, the other half of five. */
    private static final String ORDERS = Orders.HEADER
            + IntStream.rangeClosed(1, ROWS)
                    .mapToObj(i -> "A%04d,Customer %04d,Wireless mouse,%d,29.99\n".formatted(i, i, i % 2 == 0 ? 1 : 5))
                    .collect(Collectors.joining());

    private static final String AT_LEAST_ONE = "minimum: 1}";

    private static final List<CompletableFuture<Void>> STOPPING = new ArrayList<>();

    private final List<Running> started = new ArrayList<>();
    private final ShiftedClock clock = new ShiftedClock();

    ADatasetThatIsEditedTest() {
        super(ONE_BATCH_AT_A_TIME);
    }

    /** A pipeline that works when it is told to has nothing left to do: the next spec need not wait until it has stopped. */
    @AfterEach
    void stop() {
        recover();
        started.forEach(running -> STOPPING.add(CompletableFuture.runAsync(running::close)));
    }

    @AfterAll
    static void stopped() {
        CompletableFuture.allOf(STOPPING.toArray(CompletableFuture[]::new)).join();
        Sandbox.shared().dropTablesOfOthers();
    }

    /** The shipped declaration of orders with one text in the place of another. */
    private static String edited(String shipped, String edited) {
        try {
            String text = Files.readString(Pipeline.DATASETS.resolve("orders.yaml"));
            assertTrue(text.contains(shipped), shipped);
            return text.replace(shipped, edited);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Datasets orders(String shipped, String edited) {
        return Sandbox.datasets(Map.of("orders.yaml", edited(shipped, edited)));
    }

    private static Datasets atLeastTwo() {
        return orders(AT_LEAST_ONE, "minimum: 2}");
    }

    private Running start(Map<String, String> changes, Datasets datasets) {
        Map<String, String> all = new HashMap<>(ONE_BATCH_AT_A_TIME);
        all.putAll(changes);
        Running running = sandbox.start(all, Pipeline.Intake.ON_DEMAND, clock.clocks(), datasets);
        started.add(running);
        return running;
    }

    /** Its first batches are stored, then the table refuses for good. */
    private void failHalfWay(Running pipeline, String file, String content, int batches) {
        AtomicInteger writes = new AtomicInteger();
        sandbox.aws()
                .faults(call -> call.operation().equals("dynamodb:BatchWriteItem") && writes.incrementAndGet() > batches
                        ? Fault.DENIED
                        : Fault.NONE);
        sandbox.drop(file, content);
        pipeline.workOff();
        recover();
        assertEquals(Status.FAILED, sandbox.entry(file).status());
        assertEquals(
                25 * batches,
                sandbox.tables().stream()
                        .mapToInt(table -> sandbox.items(table).size())
                        .sum());
    }

    private void replay(Running pipeline, String file) {
        assertTrue(pipeline.bean("failures", Failures.class).replay(sandbox.entry(file)));
        // What was told of the failure is no part of what comes of the replay.
        sandbox.takeDeadLetters();
        sandbox.aws().clearPublished();
        pipeline.workOff();
    }

    private void assertEnded(Running pipeline, Status status, long read, long stored) {
        Entry entry = sandbox.entry("orders.csv");
        assertEquals(
                List.of(status, read, stored, read - stored),
                List.of(entry.status(), entry.rowsRead(), entry.rowsStored(), entry.rowsRejected()),
                () -> entry.item().toString());
        assertTrue(entry.storedAs().isEmpty(), "what it has stored is known");
        Found.in(sandbox, pipeline).assertPromises();
    }

    private List<String> stored(String table, String attribute) {
        return sandbox.items(table).stream()
                .map(item -> item.get(attribute))
                .map(value -> value.s() == null ? value.n() : value.s())
                .sorted()
                .toList();
    }

    @Test
    void takesOutTheRowsThatItRejectsNow() {
        failHalfWay(pipeline, "orders.csv", ORDERS, 2);
        Running edited = start(Map.of(), atLeastTwo());
        sandbox.aws().recordCalls(true);

        replay(edited, "orders.csv");

        long deletes = calls("dynamodb:DeleteItem");
        sandbox.aws().recordCalls(false);
        assertEnded(edited, Status.COMPLETED, 60, 30);
        assertEquals(
                List.of("5"),
                stored("ProcessedOrders", "quantity").stream().distinct().toList());
        assertEquals(30, deletes, "one for each row that is rejected now, none for those that are stored again");
    }

    private long calls(String operation) {
        return sandbox.aws().calls().stream()
                .map(Call::operation)
                .filter(operation::equals)
                .count();
    }

    @ParameterizedTest
    @CsvSource({
        "table: ProcessedOrders, 'table: OrdersElsewhere', OrdersElsewhere",
        "'table: ProcessedOrders\nkey: order_id', 'table: OrdersByCustomer\nkey: customer_name', OrdersByCustomer",
        "'table: ProcessedOrders\nkey: order_id', 'table: OrdersAlone\nkey: order_id\nupsert: true', OrdersAlone",
    })
    void movesItsRowsToAnotherTableOrKeyAndBack(String shipped, String edit, String table) {
        failHalfWay(pipeline, "orders.csv", ORDERS, 2);
        Running edited = start(Map.of(), orders(shipped.replace("\\n", "\n"), edit.replace("\\n", "\n")));

        AtomicInteger writes = new AtomicInteger();
        sandbox.aws()
                .faults(call -> call.operation().equals("dynamodb:BatchWriteItem") && writes.incrementAndGet() > 1
                        ? Fault.DENIED
                        : Fault.NONE);
        replay(edited, "orders.csv");
        recover();
        assertEquals(Status.FAILED, sandbox.entry("orders.csv").status());
        assertEquals(
                List.of(0, 25),
                List.of(
                        sandbox.items("ProcessedOrders").size(),
                        sandbox.items(table).size()));

        replay(edited, "orders.csv");
        assertEnded(edited, Status.COMPLETED, 60, 60);
        assertEquals(60, sandbox.items(table).size());
        assertEquals(List.of(), sandbox.items("ProcessedOrders"));
    }

    @Test
    void mayBeEditedBackBeforeTheFileIsReplayed() {
        Running edited = start(
                Map.of(), orders("table: ProcessedOrders\nkey: order_id", "table: OrdersByPieces\nkey: quantity"));
        failHalfWay(edited, "orders.csv", ORDERS, 1);

        replay(pipeline, "orders.csv");

        assertEnded(pipeline, Status.COMPLETED, 60, 60);
        assertEquals(60, sandbox.items("ProcessedOrders").size());
        assertEquals(List.of(), sandbox.items("OrdersByPieces"));
    }

    /** A corrected row is in the table as another file's, under the key of its line: nobody may take it for the file's own. */
    @Test
    void neverTakesOutARowThatCameBackCorrected() {
        Running strict = start(Map.of(), orders(AT_LEAST_ONE, "minimum: 6}"));
        sandbox.drop("orders.csv", ORDERS);
        strict.workOff();
        Entry refused = sandbox.entry("orders.csv");
        assertEquals(Status.REFUSED, refused.status());
        sandbox.drop(
                "sheet.csv",
                Orders.HEADER.strip() + ",_source,_line,_errors\nA0060,Customer 0060,Wireless mouse,7,29.99," + refused
                        + ",61,\n");
        strict.workOff();
        AtomicInteger writes = new AtomicInteger();
        sandbox.aws()
                .faults(call -> call.operation().equals("dynamodb:BatchWriteItem") && writes.incrementAndGet() > 2
                        ? Fault.DENIED
                        : Fault.NONE);
        replay(pipeline, "orders.csv");
        recover();
        assertEquals(Status.FAILED, sandbox.entry("orders.csv").status());

        replay(strict, "orders.csv");

        assertEquals(Status.REFUSED, sandbox.entry("orders.csv").status());
        assertEquals(
                List.of("7"),
                sandbox.items("ProcessedOrders").stream()
                        .filter(item -> item.get("source_line").n().equals("61"))
                        .map(item -> item.get("quantity").n())
                        .toList());
    }

    @Test
    void leavesNothingOfAFileThatItRefuses() {
        failHalfWay(pipeline, "orders.csv", ORDERS, 2);
        Running edited = start(
                Map.of(),
                orders(
                        "    - name: email\n",
                        "    - name: channel\n      constraints: {required: true}\n    - name: email\n"));

        replay(edited, "orders.csv");

        assertEnded(edited, Status.REFUSED, 0, 0);
        assertEquals(List.of(), sandbox.items("ProcessedOrders"));
    }

    @Test
    void leavesNothingOfAFileOfWhichItRejectsEveryRow() {
        failHalfWay(pipeline, "orders.csv", ORDERS, 2);
        Running edited = start(Map.of(), orders(AT_LEAST_ONE, "minimum: 6}"));

        replay(edited, "orders.csv");

        assertEnded(edited, Status.REFUSED, 60, 0);
        assertEquals(List.of(), sandbox.items("ProcessedOrders"));
    }

    @Test
    void findsTheRowsThatWereReadWithAnotherDelimiter() {
        Running semicolons = start(Map.of(), orders("schema:\n", "dialect: {delimiter: \";\"}\nschema:\n"));
        failHalfWay(semicolons, "orders.csv", ORDERS.replace(',', ';'), 2);

        replay(pipeline, "orders.csv");

        assertEnded(pipeline, Status.REFUSED, 0, 0);
        assertEquals(List.of(), sandbox.items("ProcessedOrders"));
    }

    @Test
    void losesItsRowsToAnotherDatasetThatFitsBetter() {
        String content = ORDERS.replace("unit_price\n", "unit_price,channel\n").replace("29.99\n", "29.99,web\n");
        failHalfWay(pipeline, "orders.csv", content, 2);
        Running edited = start(
                Map.of(),
                Sandbox.datasets(
                        Map.of(
                                "web.yaml",
                                edited("name: orders\n", "name: web\n")
                                        .replace("table: ProcessedOrders", "table: WebOrders")
                                        .replace(
                                                "    - name: email\n",
                                                "    - name: channel\n      constraints: {required: true}\n    - name: email\n"))));

        replay(edited, "orders.csv");

        assertEnded(edited, Status.COMPLETED, 60, 60);
        assertEquals("web", sandbox.entry("orders.csv").dataset().orElse(""));
        assertEquals(60, sandbox.items("WebOrders").size());
        assertEquals(List.of(), sandbox.items("ProcessedOrders"));
    }

    /** What another file has stored under a key since is that file's. */
    @Test
    void leavesRowsOfOtherFilesUnderTheSameKeyAlone() {
        String upsert = "table: OrdersUpserted\nkey: order_id\nupsert: true";
        Running first = start(Map.of(), orders("table: ProcessedOrders\nkey: order_id", upsert));
        failHalfWay(first, "orders.csv", ORDERS, 2);
        sandbox.drop("later.csv", Orders.HEADER + "A0002,Someone Else,Desk lamp,1,19.90\n");
        first.workOff();
        Running edited = start(
                Map.of(),
                Sandbox.datasets(Map.of(
                        "orders.yaml",
                        edited("table: ProcessedOrders\nkey: order_id", upsert).replace(AT_LEAST_ONE, "minimum: 2}"))));

        replay(edited, "orders.csv");

        assertEquals(Status.COMPLETED, sandbox.entry("orders.csv").status());
        assertEquals(31, sandbox.items("OrdersUpserted").size());
        assertEquals(
                List.of("later.csv"),
                sandbox.items("OrdersUpserted").stream()
                        .filter(item -> item.get("quantity").equals(AttributeValue.fromN("1")))
                        .map(item -> item.get("source_file").s())
                        .toList());
    }

    /** A table that was made anew with another key, or is gone, holds none of the rows. */
    @Test
    void needsNoTableThatIsGone() {
        Running first = start(Map.of(), orders("table: ProcessedOrders", "table: OrdersForAWhile"));
        failHalfWay(first, "orders.csv", ORDERS, 2);
        sandbox.dropTable("OrdersForAWhile");

        replay(pipeline, "orders.csv");

        assertEnded(pipeline, Status.COMPLETED, 60, 60);
    }

    @Test
    void keepsEveryRowWhileItMayNotDelete() {
        failHalfWay(pipeline, "orders.csv", ORDERS, 2);
        Running edited = start(Map.of(), atLeastTwo());
        sandbox.aws().faults(Faults.all("dynamodb:DeleteItem", "ProcessedOrders", Fault.DENIED));

        replay(edited, "orders.csv");

        Entry failed = sandbox.entry("orders.csv");
        assertEquals(Status.FAILED, failed.status());
        assertTrue(failed.reason().orElse("").contains("AccessDenied"), () -> failed.reason()
                .toString());
        assertEquals(50, sandbox.items("ProcessedOrders").size(), "stored rows stay");
        recover();
        replay(edited, "orders.csv");
        assertEnded(edited, Status.COMPLETED, 60, 30);
    }

    // A process dies in the middle

    /** Between the claim and the first heartbeat: the ledger has heard nothing of the file yet but that it was claimed. */
    @Test
    void takesOutTheRowsOfAProcessThatDiedBeforeItSaidAnything() throws InterruptedException {
        sandbox.drop("orders.csv", ORDERS);
        die(
                start(SHORT_LEASE, Sandbox.datasets(Map.of())),
                Faults.at(2, "dynamodb:BatchWriteItem", "ProcessedOrders", () -> Fault.CUT_AFTER));
        Running edited = start(
                SHORT_LEASE, orders("table: ProcessedOrders\nkey: order_id", "table: OrdersByPieces\nkey: quantity"));

        takeOver(edited);

        assertEnded(edited, Status.COMPLETED, 60, 60);
        assertEquals(60, sandbox.items("OrdersByPieces").size());
        assertEquals(List.of(), sandbox.items("ProcessedOrders"));
    }

    private Datasets datasets(String edit) {
        return switch (edit) {
            case "stricter" -> atLeastTwo();
            case "gone" -> Sandbox.datasets(Map.of("orders.yaml", ""));
            default -> Sandbox.datasets(Map.of());
        };
    }

    /** By whatever datasets it is taken out, and whoever takes over: what the survivor's datasets say is what is there. */
    @ParameterizedTest
    @CsvSource({
        "stricter, stricter, COMPLETED, 60, 30",
        "stricter, as shipped, COMPLETED, 60, 60",
        "gone, as shipped, COMPLETED, 60, 60",
        "gone, stricter, COMPLETED, 60, 30",
        "stricter, gone, REFUSED, 0, 0",
    })
    void bearsThatAProcessDiesInTheMiddleOfTakingOut(
            String dying, String surviving, Status status, long read, long stored) throws InterruptedException {
        Map<String, String> patient = new HashMap<>(ONE_BATCH_AT_A_TIME);
        patient.putAll(SHORT_LEASE);
        patient.put("max-attempts", "9");
        AtomicInteger writes = new AtomicInteger();
        sandbox.aws()
                .faults(call -> call.operation().equals("dynamodb:BatchWriteItem") && writes.incrementAndGet() > 2
                        ? Fault.DENIED
                        : Fault.NONE);
        sandbox.drop("orders.csv", ORDERS);
        sandbox.pipeline(patient).workOffOnce();
        recover();
        assertEquals(
                List.of(Status.WAITING, 50L),
                List.of(
                        sandbox.entry("orders.csv").status(),
                        sandbox.entry("orders.csv").storedThrough()));
        die(
                start(patient, datasets(dying)),
                Faults.at(5, "dynamodb:DeleteItem", "ProcessedOrders", () -> Fault.CUT_AFTER));
        await().atMost(Sandbox.PATIENCE)
                .until(() -> sandbox.items("ProcessedOrders").size() == 45);
        Running survivor = start(patient, datasets(surviving));

        takeOver(survivor);

        assertEnded(survivor, status, read, stored);
        assertEquals(stored, sandbox.items("ProcessedOrders").size());
    }

    /** Runs a pipeline that reaches nothing any more from the call on that meets a fault. */
    private void die(Running victim, FaultPlan plan) throws InterruptedException {
        CountDownLatch dead = new CountDownLatch(1);
        sandbox.aws().faults(call -> {
            Fault fault = plan.next(call);
            if (fault != Fault.NONE) {
                victim.kill();
                dead.countDown();
            }
            return fault;
        });
        meanwhile(victim::workOffOnce);
        dead.await();
        started.remove(victim);
        meanwhile(victim.pipeline()::close);
        recover();
    }

    /** Works everything off; what a dead process holds is looked at, and again when its lease has run out. */
    private void takeOver(Running survivor) {
        await("nothing left to do")
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Sandbox.PATIENCE)
                .until(() -> {
                    boolean left = survivor.workOffOnce();
                    clock.forward(Duration.ofSeconds(6));
                    return !left;
                });
    }

    // What costs nothing

    @Test
    void costsNoCallWhereNoneWasEdited() {
        failHalfWay(pipeline, "orders.csv", ORDERS, 1);
        sandbox.aws().recordCalls(true);

        replay(pipeline, "orders.csv");

        List<String> operations = sandbox.aws().calls().stream()
                .filter(call -> call.target().contains("ProcessedOrders"))
                .map(Call::operation)
                .distinct()
                .toList();
        sandbox.aws().recordCalls(false);
        assertEquals(List.of("dynamodb:BatchWriteItem"), operations);
        assertEnded(pipeline, Status.COMPLETED, 60, 60);
    }

    /** The edit of a dataset whose key the file does not have says nothing about its rows: it goes on where it was. */
    @Test
    void ofOtherFilesLeavesTheResumePoint() throws IOException {
        AtomicInteger writes = new AtomicInteger();
        sandbox.aws()
                .faults(call -> call.operation().equals("dynamodb:BatchWriteItem") && writes.incrementAndGet() > 2
                        ? Fault.DENIED
                        : Fault.NONE);
        sandbox.drop("orders.csv", ORDERS);
        pipeline.workOffOnce();
        recover();
        assertEquals(Status.WAITING, sandbox.entry("orders.csv").status());
        Running edited = start(
                Map.of(),
                Sandbox.datasets(Map.of(
                        "sensors.yaml",
                        Files.readString(Pipeline.DATASETS.resolve("sensors.yaml"))
                                .replace("title: Sensor readings", "title: Readings"))));
        sandbox.aws().recordCalls(true);

        edited.workOff();

        long batches = calls("dynamodb:BatchWriteItem");
        long deletes = calls("dynamodb:DeleteItem");
        sandbox.aws().recordCalls(false);
        assertEquals(List.of(1L, 0L), List.of(batches, deletes));
        assertEnded(edited, Status.COMPLETED, 60, 60);
    }
}
