package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pipeline.intake.StoredObject;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;
import pipeline.place.Copies;
import pipeline.run.Pipeline;

/** Between two of the calls that a copy takes, a process may sleep until its lease is over, or be told to stop. */
class ACopyThatIsStoppedTest extends FaultSpecs {
    private static final Map<String, String> LONG_LEASE = Map.of("lease-seconds", "300");
    private static final Duration PAUSE = Duration.ofSeconds(299);

    /** Three parts, when a call may take a second. */
    private static final int LARGE = 40 * 1024 * 1024;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void beforeAnyCallLeavesNothingBehind(int which) {
        sandbox.put("raw-data/large.csv", new byte[LARGE]);
        Copies copies = new Copies(sandbox.s3(), sandbox.bucket(), Duration.ofSeconds(1), true);
        var head = sandbox.head("raw-data/large.csv");
        StoredObject source =
                new StoredObject("raw-data/large.csv", head.eTag().replace("\"", ""), head.contentLength());
        AtomicInteger asked = new AtomicInteger();

        assertTrue(copies.inParts(source));
        assertThrows(
                IllegalStateException.class,
                () -> copies.ensure(source, List.of("archive/large.csv"), "large", () -> {
                    if (asked.incrementAndGet() == which) {
                        throw new IllegalStateException("stop");
                    }
                }));

        assertEquals(which, asked.get());
        assertEquals(List.of("raw-data/large.csv"), sandbox.keys());
        assertEquals(
                List.of(),
                sandbox.s3()
                        .listMultipartUploads(request -> request.bucket(sandbox.bucket()))
                        .uploads());
    }

    @ParameterizedTest
    @ValueSource(strings = {"archive/", "processed-data/"})
    void byAPauseAfterItsPlaceWasLookedAtIsNotMade(String folder) {
        ShiftedClock clock = new ShiftedClock();
        try (Running paused = sandbox.start(LONG_LEASE, Pipeline.Intake.ON_DEMAND, clock.clocks())) {
            AtomicBoolean slept = new AtomicBoolean();
            AtomicInteger copied = new AtomicInteger();
            FaultPlan pause = Faults.at(1, "s3:HeadObject", folder, () -> {
                clock.forward(PAUSE);
                slept.set(true);
                return Fault.NONE;
            });
            sandbox.drop("orders.csv", Orders.good(2));
            sandbox.aws().faults(call -> {
                if (call.operation().equals("dynamodb:UpdateItem")) {
                    // It is claimed anew, or handed back.
                    slept.set(false);
                }
                if (slept.get() && call.operation().equals("s3:CopyObject")) {
                    copied.incrementAndGet();
                }
                return pause.next(call);
            });

            paused.workOff();

            assertEquals(0, copied.get(), "copies made after the lease was over");
            Found.in(sandbox, paused).assertPromises();
        }
    }

    @Test
    void norAreRejectsTakenAwayAfterAPause() {
        ShiftedClock clock = new ShiftedClock();
        try (Running paused = sandbox.start(LONG_LEASE, Pipeline.Intake.ON_DEMAND, clock.clocks())) {
            AtomicBoolean slept = new AtomicBoolean();
            AtomicInteger deleted = new AtomicInteger();
            // Each of three attempts looks for a place to put its rejects; then they are looked for to be taken away.
            FaultPlan pause = Faults.at(4, "s3:HeadObject", "failed-data/orders.rejects.csv", () -> {
                clock.forward(PAUSE);
                slept.set(true);
                return Fault.NONE;
            });
            FaultPlan unfiled = Faults.all("s3:CopyObject", "processed-data/", Fault.DENIED);
            sandbox.drop("orders.csv", Orders.goodAndOneBad(2));
            sandbox.aws().faults(call -> {
                if (call.operation().equals("dynamodb:UpdateItem")) {
                    slept.set(false);
                }
                if (slept.get() && call.operation().equals("s3:DeleteObject")) {
                    deleted.incrementAndGet();
                }
                return unfiled.next(call) == Fault.NONE ? pause.next(call) : Fault.DENIED;
            });

            paused.workOff();

            assertEquals(0, deleted.get(), "rejects taken away after the lease was over");
            recover();
            Found.in(sandbox, paused).assertPromises();
        }
    }
}
