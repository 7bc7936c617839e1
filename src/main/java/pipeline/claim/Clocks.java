package pipeline.claim;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The two clocks of a process. Which of them is asked matters: what a replica may do to another's file is decided by the
 * monotonic clock alone, since the time of day may differ between machines and be set back.
 *
 * @param wall the time of day: for what people read, for the rows' {@code processed_timestamp} and for back-off
 * @param monotonic nanoseconds since some moment of this process, never set back: for leases
 */
public record Clocks(InstantSource wall, LongSupplier monotonic) {
    /** Those of this machine. */
    public static final Clocks SYSTEM = new Clocks(InstantSource.system(), System::nanoTime);
}
