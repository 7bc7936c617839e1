package pipeline.specs;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import pipeline.claim.Clocks;

/** A monotonic clock that can be put forward, beside a time of day that is right, or ahead by so much. */
final class ShiftedClock {
    private final AtomicLong shift = new AtomicLong();
    private final Duration ahead;

    ShiftedClock() {
        this(Duration.ZERO);
    }

    ShiftedClock(Duration ahead) {
        this.ahead = ahead;
    }

    Clocks clocks() {
        return new Clocks(() -> Instant.now().plus(ahead), () -> System.nanoTime() + shift.get());
    }

    void forward(Duration time) {
        shift.addAndGet(time.toNanos());
    }
}
