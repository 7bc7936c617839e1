package pipeline.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often an address may ask: {@link #BURST} times at once, then {@link #PER_SECOND} times a second. Wrong credentials
 * count as many requests, so that they cannot be tried through. Memory does not grow with the number of addresses.
 */
final class RequestRates {
    private static final double BURST = 200;
    private static final double PER_SECOND = 50;
    private static final double PENALTY = 20;
    private static final int MOST_ADDRESSES = 10_000;

    private final LongSupplier nanos;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    private static final class Bucket {
        private double tokens = BURST;
        private long filledAt;
    }

    /** @param nanos a clock that only goes forward, in nanoseconds */
    RequestRates(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether an address may ask now. */
    synchronized boolean take(String address) {
        Bucket bucket = filled(address);
        if (bucket.tokens < 1) {
            return false;
        }
        bucket.tokens--;
        return true;
    }

    /** The address has sent wrong credentials. */
    synchronized void penalise(String address) {
        filled(address).tokens -= PENALTY;
    }

    private Bucket filled(String address) {
        long now = nanos.getAsLong();
        Bucket bucket = buckets.computeIfAbsent(address, key -> {
            Bucket full = new Bucket();
            full.filledAt = now;
            return full;
        });
        bucket.tokens = Math.min(BURST, bucket.tokens + (now - bucket.filledAt) / 1e9 * PER_SECOND);
        bucket.filledAt = now;
        return bucket;
    }
}
