package pipeline.store;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Delays writes so that a table is asked for a hundredth more than it lately took, whichever files they are of: enough to
 * notice that it takes more, and little that is sent twice. What it took is counted for a second, or for ten answers if
 * they take longer. After a second in which nothing was left over, more is asked for: a hundredth at first, then a
 * little more each time, up to twice as much.
 *
 * <p>Where a slower pace does not lower the share that is left over, the pace is not its reason, and is taken up again: one
 * partition is busier than the others, or the table refuses at random.
 */
final class RateLimiter {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** An answer that comes so long after the last one tells nothing about the time in between. */
    private static final long IDLE = Duration.ofMinutes(1).toNanos();

    /** Items a second at the least: a full BatchWriteItem every five seconds. */
    private static final double LEAST = 5;

    /** Before anything was counted. */
    private static final double LEAST_AT_FIRST = 100;

    private static final double HEADROOM = 0.01;

    /** What a table takes at once, out of what it saved up while it was idle, is so many times what it takes at length. */
    private static final double BURST = 10;

    /** Of fewer answers it is chance what was taken. */
    private static final int ENOUGH = 10;

    /** The share that is left over, at most, once the pace is right. */
    private static final double SMALL = 0.1;

    /** What is left over beyond this, though the pace was lowered again and again, is not left over because of it. */
    private static final double LARGE = 0.25;

    private static final int LOWERED_IN_VAIN = 3;
    private static final long MINUTES = 300 * SECOND;

    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private double itemsPerSecond = Double.POSITIVE_INFINITY;
    private double growth = HEADROOM;
    private long nextAt;

    // The present window.
    private long since;
    private long length = SECOND;
    private long lastAnswer;
    private int answers;
    private int taken;
    private int leftOver;

    /** In how many windows in a row the pace was lowered, and what it was before. */
    private int lowered;

    private double paceBefore;

    /** The share that is left over at any pace, for a while: then it is found out again. */
    private double shareAnyway;

    private long forgetAt;

    RateLimiter(LongSupplier nanoTime, RandomGenerator random) {
        this.nanoTime = nanoTime;
        this.random = random;
        nextAt = nanoTime.getAsLong();
        begin(nextAt, SECOND);
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
            begin(now, SECOND);
        }
        lastAnswer = now;
        answers++;
        this.taken += taken;
        this.leftOver += leftOver;
        double seconds = (now - since) / (double) SECOND;
        if (leftOver > 0 && Double.isInfinite(itemsPerSecond)) {
            slowDownAtFirst(now, this.taken / Math.max(seconds, 0.01));
        } else if (now - since >= length && (this.leftOver == 0 || answers >= ENOUGH)) {
            double asked = this.taken + this.leftOver;
            adapt(now, asked / seconds, this.taken / seconds, this.leftOver / asked);
            begin(now, SECOND);
        }
    }

    /** What the table has saved up is used up: the pace so far says little about what comes. */
    private void slowDownAtFirst(long now, double takenPerSecond) {
        itemsPerSecond = Math.max(LEAST_AT_FIRST, takenPerSecond / BURST);
        growth = 1;
        nextAt = now;
        begin(now, SECOND / 10);
    }

    private void adapt(long now, double askedPerSecond, double takenPerSecond, double share) {
        if (now - forgetAt > 0) {
            shareAnyway = 0;
        }
        if (lowered >= LOWERED_IN_VAIN && share > LARGE) {
            shareAnyway = share;
            forgetAt = now + MINUTES;
        }
        if (lowered > 0 && shareAnyway > 0 && share <= 1.5 * shareAnyway) {
            // That was not the reason.
            itemsPerSecond = paceBefore;
            lowered = 0;
        }
        double bearable = growth == 1 ? SMALL : 1.5 * shareAnyway;
        // A few left over mean that it took nearly what it may be asked for, even if it was asked for less just now.
        double pace = (share < SMALL ? itemsPerSecond * (1 - share) : takenPerSecond) * (1 + HEADROOM);
        if (pace >= itemsPerSecond || share <= bearable) {
            if (share <= Math.max(SMALL, bearable)) {
                lowered = 0;
            }
            if (askedPerSecond > itemsPerSecond / 2) {
                itemsPerSecond *= 1 + growth;
                growth = Math.min(1, 1.25 * growth);
            }
        } else {
            lowered++;
            if (lowered == 1) {
                paceBefore = itemsPerSecond;
            }
            itemsPerSecond = Math.max(LEAST, pace);
            growth = HEADROOM;
        }
    }

    private void begin(long now, long length) {
        since = now;
        this.length = length;
        lastAnswer = now;
        answers = 0;
        taken = 0;
        leftOver = 0;
    }
}
