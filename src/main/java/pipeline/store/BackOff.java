package pipeline.store;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import pipeline.claim.HandBackException;

/** How a busy table is waited for: not a moment longer than the file is ours and the process runs. */
final class BackOff {
    /** After so many tries in a row of which a table took nothing, it is waited for no longer. */
    static final int TRIES_WITHOUT_PROGRESS = 10;

    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    /** Whether to go on is looked at so often. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Sleep sleep;

    BackOff() {
        this(TimeUnit.NANOSECONDS::sleep);
    }

    /** @param sleep how the time is passed */
    BackOff(Sleep sleep) {
        this.sleep = sleep;
    }

    /** Lets so many nanoseconds pass. */
    @FunctionalInterface
    interface Sleep {
        void nanos(long nanos) throws InterruptedException;
    }

    /** Full jitter: between nothing and an exponentially growing bound, so that writers do not return in step. */
    static Duration after(int withoutProgress) {
        long bound = Math.min(FIRST.toNanos() << Math.min(withoutProgress, 10), LONGEST.toNanos());
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(bound) + 1);
    }

    /**
     * Waits.
     *
     * @param mayGoOn asked every second, and at the end, as what comes next may be a write: what it throws ends the wait
     * @throws HandBackException when the thread is interrupted, since the process is stopping
     */
    void pause(Runnable mayGoOn, Duration wait) {
        try {
            for (Duration left = wait; left.compareTo(Duration.ZERO) > 0; left = left.minus(LOOK)) {
                mayGoOn.run();
                sleep.nanos(Math.min(left.toNanos(), LOOK.toNanos()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HandBackException();
        }
        mayGoOn.run();
    }
}
