package pipeline.claim;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The right of one attempt to work on one file version, for a while. Time is this process's monotonic clock: no wall
 * clock decides, so replicas need not agree on the time.
 */
public final class Lease {
    private final String owner;
    private final Duration length;
    private final Duration call;
    private final LongSupplier nanoTime;
    private volatile long renewedAt;
    private volatile boolean lost;
    private volatile boolean handBack;
    private long beat;

    /**
     * @param owner random, new for each claim
     * @param renewedAt when the claim was sent, by the given clock
     * @param call the longest that one call may take
     */
    Lease(String owner, long beat, long renewedAt, Duration length, Duration call, LongSupplier nanoTime) {
        this.owner = owner;
        this.beat = beat;
        this.renewedAt = renewedAt;
        this.length = length;
        this.call = call;
        this.nanoTime = nanoTime;
    }

    String owner() {
        return owner;
    }

    /**
     * The counter that the holder moves on to show that it is alive, moved on. Each try has a number of its own: one
     * that was served without an answer has been seen by others, who count from there.
     */
    synchronized long nextBeat() {
        return ++beat;
    }

    /** A beat was served. */
    void renewed(long at) {
        renewedAt = at;
    }

    /** Another has taken the file: nothing may be written any more. */
    void lose() {
        lost = true;
    }

    /** The process is to stop: the holder gives the file back at the next step. */
    void askToHandBack() {
        handBack = true;
    }

    /**
     * Passes while it is certain that a call begun now ends before the lease does.
     *
     * @throws LeaseLostException when the lease was taken over, or has too little time left
     * @throws HandBackException when the process is stopping
     */
    public void check() {
        if (handBack) {
            throw new HandBackException();
        }
        checkHeld();
    }

    /** Like {@link #check()}, for steps that end an attempt and are taken even while the process is stopping. */
    public void checkHeld() {
        if (lost || nanoTime.getAsLong() - renewedAt > length.minus(call).toNanos()) {
            throw new LeaseLostException();
        }
    }
}
