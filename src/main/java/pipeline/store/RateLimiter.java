package pipeline.store;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Delays writes so that a table is asked for at most twice what it lately took, whichever files they are of. What it took
 * is counted for a second, or for ten answers if they take longer, in which items were left over; after a second in which
 * none was, twice as much as before is asked for.
 *
 * <p>Twice, so that a table that refuses nearly half, however slowly it is asked, is not asked ever more slowly; and so that replicas, each of which sees its own answers alone, keep their shares.
 */
final class RateLimiter {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** An answer that comes so long after the last one tells nothing about the time in between. */
    private static final long IDLE = Duration.ofSeconds(10).toNanos();

    /** Items a second at the least: a full BatchWriteItem every five seconds. */
    private static final double LEAST = 5;

    private static final double HEADROOM = 2;

    /** The rate falls to no less than this part of what it was, at a time. */
    private static final double STEADINESS = 0.8;

    /** Of fewer answers it is chance what was taken. */
    private static final int ENOUGH = 10;

    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private double itemsPerSecond = Double.POSITIVE_INFINITY;
    private long nextAt;
    private long lastAnswer;
    private long since;
    private int answers;
    private int taken;
    private int leftOver;

    RateLimiter(LongSupplier nanoTime, RandomGenerator random) {
        this.nanoTime = nanoTime;
        this.random = random;
        nextAt = nanoTime.getAsLong();
        begin(nextAt);
    }

    /**
     * How long to wait before a request of so many items: jittered by half, so that replicas do not keep step. What was
     * not asked for within the last second may be asked for at once.
     */
    synchronized Duration reserve(int items) {
        long now = nanoTime.getAsLong();
        long wait = Math.max(nextAt - now, -SECOND);
        nextAt = now + wait + (long) (items / itemsPerSecond * SECOND * (0.5 + random.nextDouble()));
        return Duration.ofNanos(Math.max(wait, 0));
    }

    /** What became of a request's items; of one that was throttled as a whole, all are left over. */
    synchronized void answered(int taken, int leftOver) {
        long now = nanoTime.getAsLong();
        if (now - lastAnswer > IDLE) {
            begin(now);
        }
        lastAnswer = now;
        answers++;
        this.taken += taken;
        this.leftOver += leftOver;
        if (now - since < SECOND) {
            return;
        }
        if (this.leftOver == 0) {
            itemsPerSecond *= HEADROOM;
            begin(now);
        } else if (answers >= ENOUGH) {
            slowDown(this.taken * (double) SECOND / (now - since));
            begin(now);
        }
    }

    private void slowDown(double takenPerSecond) {
        double least = Double.isInfinite(itemsPerSecond) ? LEAST : Math.max(LEAST, STEADINESS * itemsPerSecond);
        itemsPerSecond = Math.max(least, HEADROOM * takenPerSecond);
    }

    private void begin(long now) {
        since = now;
        lastAnswer = now;
        answers = 0;
        taken = 0;
        leftOver = 0;
    }
}
