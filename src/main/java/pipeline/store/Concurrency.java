package pipeline.store;

import com.netflix.concurrency.limits.Limit;
import com.netflix.concurrency.limits.limit.VegasLimit;
import com.netflix.concurrency.limits.limit.WindowedLimit;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many requests are under way at the same time: as many as shorten the work, which answers tell by the time that they
 * take (TCP Vegas: more, until they queue up somewhere). Whoever waits longest comes next, so a huge file does not keep
 * small ones from being written.
 */
final class Concurrency {
    /** With this many under way nobody learns anything yet. */
    private static final int FIRST = 4;

    private final Permits permits;
    private final Limit limit;
    private int granted;

    /** @param most never more than these */
    Concurrency(int most) {
        granted = Math.min(FIRST, most);
        permits = new Permits(granted);
        limit = WindowedLimit.newBuilder()
                .minWindowTime(100, TimeUnit.MILLISECONDS)
                .maxWindowTime(1, TimeUnit.SECONDS)
                .minRttThreshold(1, TimeUnit.NANOSECONDS)
                .build(VegasLimit.newBuilder()
                        .initialLimit(granted)
                        .maxConcurrency(most)
                        .build());
        limit.notifyOnChange(this::grant);
    }

    /** Waits until another request may be sent. */
    void acquire() throws InterruptedException {
        permits.acquire();
    }

    /** A request has ended in some way that tells nothing of how busy the table is. */
    void release() {
        permits.release();
    }

    /** Tells how long an answer took. */
    void answered(long sentAt, long nanos) {
        limit.onSample(sentAt, nanos, underWay(), false);
    }

    private synchronized int underWay() {
        return granted - permits.availablePermits();
    }

    private synchronized void grant(int most) {
        if (most > granted) {
            permits.release(most - granted);
        } else {
            permits.shrink(granted - most);
        }
        granted = most;
    }

    /** Permits whose number can be lowered while they are held. */
    private static final class Permits extends Semaphore {
        private static final long serialVersionUID = 1L;

        Permits(int number) {
            super(number, true);
        }

        void shrink(int by) {
            reducePermits(by);
        }
    }
}
