package pipeline.specs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pipeline.claim.Clocks;
import pipeline.local.FaultPlan;
import pipeline.observe.Journal.Event;
import pipeline.run.Pipeline;
import pipeline.specs.FaultyRun.Step;

/**
 * A small scenario is run once to learn its calls, and then again and again: each time another call goes wrong, until
 * every call has gone wrong in every way. Afterwards everything must be as after the quiet run. (The method is that of
 * SQLite's tests of I/O errors: "How SQLite Is Tested", section 3.2.)
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AFaultAtEveryCallTest {
    /** No heartbeat, which would be a call of its own, falls into a run. */
    private static final Map<String, String> ONE_BY_ONE = Map.of("files-at-once", "1", "lease-seconds", "300");

    /** A lease, and a little more. */
    private static final Duration LEASE = Duration.ofSeconds(301);

    /** More than these say nothing new. */
    private static final int ENOUGH = 2;

    private final Sandbox sandbox = Sandbox.shared();
    private final ShiftedClock clock = new ShiftedClock();
    private Running first;
    private Running second;
    private CompletableFuture<Void> crossing = CompletableFuture.completedFuture(null);
    private List<Step> calls;
    private Outcome quiet;
    private List<String> brokenInQuiet;
    private String rejects;
    private int runs;

    @BeforeAll
    void runQuietly() {
        first = sandbox.start(ONE_BY_ONE, Pipeline.Intake.ON_DEMAND, Clocks.SYSTEM, "first");
        second = sandbox.start(ONE_BY_ONE, Pipeline.Intake.ON_DEMAND, clock.clocks(), "second");
        FaultyRun run = begin(new FaultyRun(sandbox, folder()));
        first.workOff();
        rejects = run.rejects();
        run.dropCorrected(rejects);
        receiveAll(first);
        calls = run.steps();
        assertEquals(
                Set.of("s3:HeadObject", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"),
                calls.stream().filter(Step::isOfEvents).map(Step::operation).collect(Collectors.toSet()),
                "calls made because of events");
        Found found = end();
        found.assertPromises();
        quiet = run.outcome(found);
        brokenInQuiet = run.broken();
        assertEquals(29, found.storedItems().size(), "rows stored by the scenario");
    }

    @AfterAll
    void stop() {
        sandbox.clean();
        first.close();
        second.close();
    }

    @Test
    void isNotNeededToSeeWhetherThePromisesHoldAtEveryInstant() {
        assertEquals(List.of(), brokenInQuiet);
    }

    @ParameterizedTest
    @EnumSource
    void changesNothing(Mishap mishap) {
        List<String> differences = new ArrayList<>();
        int faults = 0;
        int before = runs;
        for (Step call : calls) {
            FaultyRun run = begin(new FaultyRun(sandbox, folder(), call, mishap));
            run.until(() -> !first.events(Event.Retried.class).isEmpty());
            try {
                run(run, mishap);
                assertTrue(run.faults() > 0, "the call did not come");
            } catch (AssertionError | RuntimeException e) {
                differences.add(mishap + " at " + call + ": " + e.getMessage());
            }
            faults += run.faults();
            if (differences.size() == ENOUGH) {
                break;
            }
        }
        System.out.printf(
                "a fault at every call: N = %d, of which %d because of events; %-16s %d runs, %d faults, %d runs with another outcome%n",
                calls.size(),
                calls.stream().filter(Step::isOfEvents).count(),
                mishap,
                runs - before,
                faults,
                differences.size());
        assertEquals(List.of(), differences);
    }

    private void run(FaultyRun run, Mishap mishap) {
        if (mishap == Mishap.STOPS) {
            CompletableFuture<Void> work = CompletableFuture.runAsync(() -> workAs(first, run));
            await().pollInterval(Duration.ofMillis(2))
                    .atMost(Sandbox.PATIENCE)
                    .until(() -> run.faults() > 0 || work.isDone());
            Running survivor = run.hasStopped("second") ? first : second;
            if (survivor == first) {
                join(work);
            }
            workAs(survivor, run);
            workOff(survivor);
            assertOutcome(run, mishap, Found.in(sandbox, survivor));
            run.wake();
            join(work);
            join(crossing);
            assertOutcome(run, mishap, Found.in(sandbox, survivor));
        } else {
            workAs(first, run);
            assertOutcome(run, mishap, end());
        }
    }

    private static void join(CompletableFuture<Void> work) {
        work.orTimeout(Sandbox.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private void workAs(Running worker, FaultyRun run) {
        workOff(worker);
        run.dropCorrected(rejects);
        receiveAll(worker);
    }

    private void assertOutcome(FaultyRun run, Mishap mishap, Found found) {
        assertAll(
                mishap.isToldOnce() ? found::assertPromises : found::assertPromisesExceptOnce,
                () -> assertEquals("", run.outcome(found).differenceTo(quiet)),
                () -> assertEquals(List.of(), run.broken()));
    }

    private String folder() {
        return "run-" + ++runs;
    }

    private FaultyRun begin(FaultyRun run) {
        sandbox.clean();
        first.forget();
        second.forget();
        run.drop();
        run.whileItIsStored(() -> cross(run));
        sandbox.aws().faults(run);
        return run;
    }

    private Found end() {
        sandbox.aws().faults(FaultPlan.none());
        workOff(second);
        return Found.in(sandbox, first);
    }

    /** The other worker takes a message, or stops at it; a message that is there is no wait. */
    private void cross(FaultyRun run) {
        if (sandbox.inSight() > 0) {
            crossing = CompletableFuture.runAsync(second::receive);
            await().pollInterval(Duration.ofMillis(2))
                    .atMost(Sandbox.PATIENCE)
                    .until(() -> crossing.isDone() || run.hasStopped("second"));
        }
    }

    /** A message that is hidden is in sight again when its time has passed, and a lease is over then. */
    private void receiveAll(Running worker) {
        await("an empty intake queue")
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Sandbox.PATIENCE)
                .until(() -> {
                    if (sandbox.inSight() > 0) {
                        worker.receive();
                    } else {
                        sandbox.aws().queuesForward(LEASE);
                        clock.forward(LEASE);
                    }
                    return sandbox.queued() == 0;
                });
    }

    /** What is another's is looked at, and again when that lease has run out. */
    private void workOff(Running worker) {
        await("nothing left to do")
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Sandbox.PATIENCE)
                .until(() -> {
                    boolean left = worker.workOffOnce();
                    clock.forward(LEASE);
                    return !left;
                });
    }
}
