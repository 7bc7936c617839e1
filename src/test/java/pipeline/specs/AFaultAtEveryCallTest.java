package pipeline.specs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import pipeline.claim.Clocks;
import pipeline.local.FaultPlan;
import pipeline.observe.Journal.Event;
import pipeline.run.Pipeline;
import pipeline.specs.FaultyRun.Scenario;
import pipeline.specs.FaultyRun.Step;

/**
 * Each of a few small scenarios is run once to learn its calls, and then again and again: each time another call goes
 * wrong, until every call has gone wrong in every way. Afterwards everything must be as after the quiet run. (The method
 * is that of SQLite's tests of I/O errors: "How SQLite Is Tested", section 3.2.)
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AFaultAtEveryCallTest {
    /** No heartbeat, which would be a call of its own, falls into a run; copies and deletes are made as on AWS. */
    private static final Map<String, String> ONE_BY_ONE =
            Map.of("files-at-once", "1", "lease-seconds", "300", "conditional-writes", "true");

    /** A lease, and a little more. */
    private static final Duration LEASE = Duration.ofSeconds(301);

    /** More than these say nothing new. */
    private static final int ENOUGH = 2;

    private final Sandbox sandbox = Sandbox.shared();
    /** The second worker's; its time of day is not the first one's, for no wall clock decides. */
    private final ShiftedClock clock = new ShiftedClock(Duration.ofMinutes(7));

    private Running first;
    private Running second;
    private CompletableFuture<Void> crossing = CompletableFuture.completedFuture(null);
    private final Map<Scenario, Quiet> quiet = new EnumMap<>(Scenario.class);
    private int runs;

    /** A scenario in which nothing goes wrong: its calls, its outcome, and what did not hold at some instant. */
    private record Quiet(List<Step> calls, Outcome outcome, List<String> broken) {}

    @BeforeAll
    void runQuietly() {
        first = sandbox.start(ONE_BY_ONE, Pipeline.Intake.ON_DEMAND, Clocks.SYSTEM, "first");
        second = sandbox.start(ONE_BY_ONE, Pipeline.Intake.ON_DEMAND, clock.clocks(), "second");
        for (Scenario scenario : Scenario.values()) {
            FaultyRun run = begin(new FaultyRun(sandbox, scenario, folder()));
            workAs(first, run);
            List<Step> calls = run.steps();
            assertFalse(calls.isEmpty(), scenario + " has called nothing");
            Found found = end();
            found.assertPromises();
            quiet.put(scenario, new Quiet(calls, run.outcome(found), run.broken()));
            assertEquals(scenario.stored(), found.storedItems().size(), "rows stored by " + scenario);
        }
        assertEquals(
                Set.of("s3:HeadObject", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"),
                quiet.get(Scenario.REPAIRED).calls().stream()
                        .filter(Step::isOfEvents)
                        .map(Step::operation)
                        .collect(Collectors.toSet()),
                "calls made because of events");
    }

    @AfterAll
    void stop() {
        sandbox.clean();
        first.close();
        second.close();
    }

    @ParameterizedTest
    @EnumSource
    void isNotNeededToSeeWhetherThePromisesHoldAtEveryInstant(Scenario scenario) {
        assertEquals(List.of(), quiet.get(scenario).broken());
    }

    static Stream<Arguments> changesNothing() {
        return Stream.of(Scenario.values())
                .flatMap(scenario -> Stream.of(Mishap.values()).map(mishap -> Arguments.of(scenario, mishap)));
    }

    @ParameterizedTest
    @MethodSource
    void changesNothing(Scenario scenario, Mishap mishap) {
        Quiet expected = quiet.get(scenario);
        List<String> differences = new ArrayList<>();
        int faults = 0;
        int before = runs;
        for (Step call : expected.calls()) {
            FaultyRun run = begin(new FaultyRun(sandbox, scenario, folder(), call, mishap));
            run.until(() -> !first.events(Event.Retried.class).isEmpty());
            try {
                run(run, mishap, expected.outcome());
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
                "a fault at every call: %-8s N = %d; %-16s %d runs, %d faults, %d runs with another outcome%n",
                scenario, expected.calls().size(), mishap, runs - before, faults, differences.size());
        assertEquals(List.of(), differences);
    }

    private void run(FaultyRun run, Mishap mishap, Outcome expected) {
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
            assertOutcome(run, mishap, Found.in(sandbox, survivor), expected);
            run.wake();
            join(work);
            join(crossing);
            assertOutcome(run, mishap, Found.in(sandbox, survivor), expected);
        } else {
            workAs(first, run);
            assertOutcome(run, mishap, end(), expected);
        }
    }

    private static void join(CompletableFuture<Void> work) {
        work.orTimeout(Sandbox.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private void workAs(Running worker, FaultyRun run) {
        workOff(worker);
        run.dropCorrected();
        receiveAll(worker);
    }

    private void assertOutcome(FaultyRun run, Mishap mishap, Found found, Outcome expected) {
        assertAll(
                mishap.isToldOnce() ? found::assertPromises : found::assertPromisesExceptOnce,
                () -> assertEquals("", run.outcome(found).differenceTo(expected)),
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
