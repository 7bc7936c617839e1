package pipeline.claim;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Tells when another's lease has run out, without comparing clocks: once the same owner and beat were seen for the
 * length of the lease, by this process's own monotonic clock. This is the algorithm of the Amazon DynamoDB Lock Client.
 */
final class LeaseWatch {
    private static final Duration FORGOTTEN = Duration.ofHours(2);

    private record Seen(String owner, long beat, long since, long looked) {}

    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    LeaseWatch(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** How much longer the entry must be left to its owner; zero = it may be taken. */
    Duration remaining(Entry entry) {
        long now = nanoTime.getAsLong();
        Seen since = seen.compute(
                entry.toString(),
                (key, before) ->
                        before != null && before.owner.equals(entry.leaseOwner()) && before.beat == entry.leaseBeat()
                                ? new Seen(before.owner, before.beat, before.since, now)
                                : new Seen(entry.leaseOwner(), entry.leaseBeat(), now, now));
        Duration left = Duration.ofSeconds(entry.leaseSeconds()).minusNanos(now - since.since());
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Forgets what nobody has asked for in a long time: a lease may be an hour at most. */
    void prune() {
        long now = nanoTime.getAsLong();
        seen.values().removeIf(entry -> now - entry.looked() > FORGOTTEN.toNanos());
    }

    void forget(Entry entry) {
        seen.remove(entry.toString());
    }
}
