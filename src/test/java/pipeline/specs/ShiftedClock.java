package pipeline.specs;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import pipeline.claim.Clocks;

/** A monotonic clock that can be put forward, beside a time of day that is right. */
final class ShiftedClock {
    private final AtomicLong shift = new AtomicLong();

    Clocks clocks() {
        return new Clocks(InstantSource.system(), () -> System.nanoTime() + shift.get());
    }

    void forward(Duration time) {
        shift.addAndGet(time.toNanos());
    }
}
