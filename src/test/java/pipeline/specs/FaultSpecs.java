package pipeline.specs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import pipeline.claim.Claim;
import pipeline.claim.Claims;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.conclude.Attempts;
import pipeline.intake.ObjectVersion;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;
import pipeline.run.Pipeline;

/** What fault specs share. */
abstract class FaultSpecs {
    /** Where a file is taken over from a dead worker. Calls may take a third of it. */
    static final Map<String, String> SHORT_LEASE = Map.of("lease-seconds", "5");

    /** Where a spec tells a file's batches apart by the order in which they are written. */
    static final Map<String, String> ONE_BATCH_AT_A_TIME = Map.of("writes-at-once", "1");

    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "spec");
        thread.setDaemon(true);
        return thread;
    });

    final Sandbox sandbox = Sandbox.shared();
    final Running pipeline;

    FaultSpecs() {
        this(Map.of());
    }

    /** @param settings of the pipeline, where they differ */
    FaultSpecs(Map<String, String> settings) {
        pipeline = sandbox.pipeline(settings);
    }

    @BeforeEach
    void clean() {
        sandbox.clean();
    }

    @AfterAll
    static void nothingFails() {
        Sandbox.shared().clean();
    }

    /** Does something while the spec goes on; what it throws is what a dying process would throw. */
    static void meanwhile(Runnable work) {
        THREADS.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                // A pipeline that was cut off from AWS ends somehow.
            }
        });
    }

    /**
     * A process of its own is told to stop while it writes its second batch of orders, and has ended.
     *
     * @param work how it comes to the file
     */
    void stopInTheMiddle(Consumer<Running> work) throws InterruptedException {
        Running leaving = sandbox.start(ONE_BATCH_AT_A_TIME, Pipeline.Intake.ON_DEMAND);
        CountDownLatch gone = new CountDownLatch(1);
        sandbox.aws().faults(Faults.at(2, "dynamodb:BatchWriteItem", "ProcessedOrders", () -> {
            meanwhile(() -> {
                try {
                    leaving.pipeline().close();
                } finally {
                    gone.countDown();
                }
            });
            await().until(() -> !leaving.pipeline().camelContext().getStatus().isStarted());
            return Fault.NONE;
        }));
        meanwhile(() -> work.accept(leaving));
        gone.await();
        leaving.clients().close();
    }

    /** A process other than the one of the spec claims a file, for 30 s where the settings say nothing else, and is heard of no more. */
    void claimAndDie(String file) {
        claimAndDie(pipeline, file);
    }

    void claimAndDie(Running other, String file) {
        var head = sandbox.head("raw-data/" + file);
        Claims claims = other.bean("claims", Claims.class);
        Claim claim = claims.claim(
                ObjectVersion.of("raw-data/" + file, head.eTag(), head.contentLength(), head.lastModified()),
                (Claim.NotClaimed) claims.notClaimed());
        assertEquals("claimed", claim.kind());
        other.bean("attempts", Attempts.class).end(claim);
    }

    /** The file waits, its attempt unspent and its first batch at least known to be stored. */
    Entry assertHandedBack(String file) {
        Entry entry = sandbox.entry(file);
        assertEquals(List.of(Status.WAITING, 0), List.of(entry.status(), entry.attempts()));
        assertTrue(entry.storedThrough() >= 25, () -> entry.item().toString());
        return entry;
    }

    /** One pass while AWS does not answer; not even the listing need succeed. */
    static void passInAnOutage(Running pipeline) {
        try {
            pipeline.workOffOnce();
        } catch (RuntimeException e) {
            // As the timers of a running pipeline, which try again.
        }
    }

    /** From now on no call fails. */
    void recover() {
        sandbox.aws().faults(FaultPlan.none());
    }

    /**
     * @param attempt by the history: the entry's own count begins again at 1 when a heartbeat falls into an attempt that
     *     has got further than those before it
     */
    void assertCompleted(String file, int attempt, long stored, long rejected) {
        Entry entry = sandbox.entry(file);
        var last = entry.history().get(entry.history().size() - 1);
        assertEquals(
                List.of(Status.COMPLETED, Integer.toString(attempt), stored, rejected),
                List.of(entry.status(), last.get("attempt"), entry.rowsStored(), entry.rowsRejected()),
                () -> entry.item().toString());
    }
}
