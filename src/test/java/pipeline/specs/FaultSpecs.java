package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.local.FaultPlan;

/** What fault specs share. */
abstract class FaultSpecs {
    /** Where a file is taken over from a dead worker. Calls may take a third of it. */
    static final Map<String, String> SHORT_LEASE = Map.of("lease-seconds", "5");

    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "spec");
        thread.setDaemon(true);
        return thread;
    });

    final Sandbox sandbox = Sandbox.shared();
    final Running pipeline = sandbox.pipeline();

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
