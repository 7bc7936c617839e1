package pipeline.specs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pipeline.claim.Entry;
import pipeline.local.Call;
import pipeline.local.Fault;
import pipeline.observe.Journal.Event;
import pipeline.run.Pipeline;

/**
 * When a message of the intake queue is in sight, hidden and deleted. The worker takes a message when it is told to, and
 * the clock of the queues is put forward, so that no spec waits for a message that nobody sends.
 */
class AMessageOnTheQueueTest extends FaultSpecs {
    private static final Duration SHORT = Duration.ofSeconds(5);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private static final ShiftedClock CLOCK = new ShiftedClock();
    private static Running worker;

    @BeforeAll
    static void start() {
        worker = Sandbox.shared().start(Map.of(), Pipeline.Intake.ON_DEMAND, CLOCK.clocks());
    }

    @AfterAll
    static void stop() {
        worker.close();
    }

    @BeforeEach
    void forget() {
        worker.forget();
    }

    /** It is the process itself that takes long: a call may not take longer than a third of the lease. */
    @Test
    void staysHiddenForAsLongAsItsFileTakes() {
        Running slow = sandbox.pipeline(SHORT_LEASE);
        slow.forget();
        sandbox.drop("orders.csv", Orders.goodAndOneBad(2));
        sandbox.announce("orders.csv");
        AtomicReference<Instant> received = new AtomicReference<>();
        AtomicInteger inSight = new AtomicInteger(-1);
        sandbox.aws().faults(Faults.at(1, "s3:HeadObject", "raw-data/", () -> {
            received.set(Instant.now());
            return Fault.NONE;
        }));
        slow.pipeline().journal().listen(event -> {
            if (event instanceof Event.Concluded && inSight.get() < 0) {
                Instant hiddenUntil = received.get().plus(SHORT);
                await("the end of its visibility").atMost(Sandbox.PATIENCE).until(() -> Instant.now()
                        .isAfter(hiddenUntil));
                inSight.set(sandbox.inSight());
            }
        });

        slow.receive();

        assertEquals(0, inSight.get(), "messages in sight while the file was worked on");
        assertConcludedOnce("orders.csv", slow);
    }

    @Test
    void ofSeveralRecordsStaysUntilEachOfThemIsSettled() {
        long gone = worker.count("pipeline.events.gone");
        sandbox.drop("anothers.csv", Orders.good(4));
        claimAndDie("anothers.csv");
        sandbox.drop("replaced.csv", Orders.good(1));
        sandbox.drop("rubbish.csv", "what,ever\n1,2\n");
        sandbox.drop("good.csv", Orders.goodAndOneBad(2));
        sandbox.announce("replaced.csv", "rubbish.csv", "gone.csv", "anothers.csv", "good.csv");
        sandbox.aws().faults(Faults.at(1, "s3:CopyObject", "archive/", () -> {
            sandbox.drop("replaced.csv", Orders.good(3));
            return Fault.NONE;
        }));

        worker.receive();

        assertEquals(
                List.of(
                        "anothers.csv processing",
                        "replaced.csv superseded",
                        "rubbish.csv refused",
                        "good.csv completed"),
                statuses());
        assertEquals(gone + 1, worker.count("pipeline.events.gone"));
        assertEquals(List.of(0, 1), List.of(sandbox.inSight(), sandbox.queued()), "in sight, and in all");
        leasesRunOut();
        worker.receive();

        assertEquals(
                List.of(
                        "anothers.csv completed",
                        "replaced.csv superseded",
                        "rubbish.csv refused",
                        "good.csv completed",
                        "replaced.csv completed"),
                statuses());
        assertEquals(4 + 2 + 3, sandbox.items("ProcessedOrders").size());
        Found found = Found.in(sandbox, worker);
        found.assertPromises();
        found.assertCounts();
    }

    @Test
    void aboutAVersionThatWasReplacedBringsInThePresentOne() {
        long gone = worker.count("pipeline.events.gone");
        sandbox.drop("orders.csv", Orders.good(5));
        sandbox.announce("orders.csv");
        sandbox.drop("orders.csv", Orders.goodAndOneBad(2));
        sandbox.announce("orders.csv");

        worker.receive();
        assertCompleted("orders.csv", 1, 2, 1);
        worker.receive();

        assertEquals(gone + 1, worker.count("pipeline.events.gone"), "events of what had its end already");
        assertConcludedOnce("orders.csv");
    }

    @Test
    void isHiddenWhileAnotherHasItsFileAndComesBackWhenThatHasDied() {
        sandbox.drop("orders.csv", Orders.goodAndOneBad(2));
        claimAndDie("orders.csv");
        sandbox.announce("orders.csv");

        worker.receive();
        assertEquals(List.of(0, 1), List.of(sandbox.inSight(), sandbox.queued()), "in sight, and in all");
        sandbox.aws().queuesForward(LEASE.minus(SHORT));
        assertEquals(0, sandbox.inSight(), "messages in sight before the lease is over");
        leasesRunOut();
        assertEquals(1, sandbox.inSight(), "messages in sight when the lease is over");
        worker.receive();

        assertCompleted("orders.csv", 2, 2, 1);
        Found.in(sandbox, worker).assertPromises();
    }

    @Test
    void isInSightAtOnceWhenItsProcessStopsInTheMiddleOfTheFile() throws InterruptedException {
        sandbox.drop("orders.csv", Orders.goodAndOneBad(60));
        sandbox.announce("orders.csv");
        stopInTheMiddle(Running::receive);

        assertEquals(1, sandbox.inSight(), "messages in sight");
        assertHandedBack("orders.csv");
        worker.receive();

        assertCompleted("orders.csv", 1, 60, 1);
        Found.in(sandbox, worker).assertPromises();
    }

    /** It keeps its place and its count of receptions, of which a queue may allow few. */
    @Test
    void isFollowedByTheNextAtOnce() {
        sandbox.drop("first.csv", Orders.good(2));
        sandbox.drop("second.csv", Orders.good(3));
        sandbox.announce("first.csv");
        sandbox.announce("second.csv");

        worker.receiveAtItsTime();

        assertEquals(Set.of("first.csv completed", "second.csv completed"), Set.copyOf(statuses()));
        assertEquals(0, sandbox.queued());
    }

    @Test
    void isLeftAloneWhileAwsDoesNotAnswer() {
        sandbox.aws().faults(Faults.service("dynamodb", Fault.DOWN));
        passInAnOutage(worker);
        sandbox.drop("orders.csv", Orders.goodAndOneBad(2));
        sandbox.announce("orders.csv");
        sandbox.aws().recordCalls(true);

        worker.receive();
        assertEquals(List.of(0L, 1), List.of(called("sqs:ReceiveMessage"), sandbox.inSight()), "asked, and in sight");
        recover();
        worker.pipeline().camelContext().createProducerTemplate().send("direct:check-outage", exchange -> {});
        worker.receive();

        assertEquals(1, called("sqs:ReceiveMessage"));
        sandbox.aws().recordCalls(false);
        assertConcludedOnce("orders.csv");
    }

    @Test
    void andTheSweepThatFindsItsFileMakeOneAttempt() {
        AtomicBoolean swept = new AtomicBoolean();
        whileItIsStored(() -> {
            worker.workOffOnce();
            pipeline.workOffOnce();
            swept.set(true);
        });

        worker.receive();

        assertTrue(swept.get());
        assertConcludedOnce("orders.csv");
    }

    @Test
    void aboutAFileThatTheSweepHasFoundMakesNoAttempt() {
        AtomicBoolean received = new AtomicBoolean();
        whileItIsStored(() -> {
            worker.receive();
            received.set(true);
        });

        worker.workOff();

        assertTrue(received.get());
        assertEquals(List.of(0, 1), List.of(sandbox.inSight(), sandbox.queued()), "in sight, and in all");
        leasesRunOut();
        worker.receive();
        assertConcludedOnce("orders.csv");
    }

    private void whileItIsStored(Runnable happening) {
        sandbox.drop("orders.csv", Orders.goodAndOneBad(2));
        sandbox.announce("orders.csv");
        sandbox.aws().faults(Faults.at(1, "dynamodb:BatchWriteItem", "ProcessedOrders", () -> {
            happening.run();
            return Fault.NONE;
        }));
    }

    private void assertConcludedOnce(String file) {
        assertConcludedOnce(file, worker);
    }

    private void assertConcludedOnce(String file, Running by) {
        assertCompleted(file, 1, 2, 1);
        assertEquals(1, sandbox.entry(file).attempts());
        assertEquals(1, sandbox.entry(file).history().size(), "attempts");
        Found found = Found.in(sandbox, by);
        found.assertPromises();
        found.assertCounts();
    }

    /** And what was hidden until then is in sight. */
    private void leasesRunOut() {
        sandbox.aws().queuesForward(LEASE.plus(MOMENT));
        CLOCK.forward(LEASE.plus(MOMENT));
    }

    private long called(String operation) {
        return sandbox.aws().calls().stream()
                .filter(call -> !call.caller().equals(Sandbox.CALLER))
                .map(Call::operation)
                .filter(operation::equals)
                .count();
    }

    /** In the order of their first claims. */
    private List<String> statuses() {
        return sandbox.ledger().stream()
                .sorted(Comparator.comparing(Entry::firstClaim))
                .map(entry -> entry.file() + " " + entry.status().text())
                .toList();
    }
}
