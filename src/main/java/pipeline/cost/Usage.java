package pipeline.cost;

import java.util.Optional;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.stream.Stream;

/**
 * How much was used of what AWS charges for: by the whole process, or by one attempt at a file. Safe for use by many
 * threads.
 *
 * <p>A worker's calls are made on its own thread, through Camel's components and by ourselves alike; so what is used while
 * an attempt is {@linkplain #begin begun} on a thread is that attempt's. Whoever works for it on another thread says so
 * ({@link #during}).
 */
public final class Usage {
    private static final ThreadLocal<Usage> ON_THIS_THREAD = new ThreadLocal<>();

    private final Optional<Usage> total;
    private final DoubleAdder[] used =
            Stream.generate(DoubleAdder::new).limit(Charge.values().length).toArray(DoubleAdder[]::new);

    /** Nothing yet, and part of no total. */
    public Usage() {
        this.total = Optional.empty();
    }

    private Usage(Usage total) {
        this.total = Optional.of(total);
    }

    /** From now on what this thread uses is counted by a new one, and in the total as before. */
    public static Usage begin(Usage total) {
        Usage begun = new Usage(total);
        ON_THIS_THREAD.set(begun);
        return begun;
    }

    /** The one begun on this thread and not ended. */
    static Optional<Usage> onThisThread() {
        return Optional.ofNullable(ON_THIS_THREAD.get());
    }

    /** From now on what this thread uses counts in the total alone. */
    public static void end() {
        ON_THIS_THREAD.remove();
    }

    /** What this thread uses meanwhile is counted here. */
    public void during(Runnable work) {
        Usage before = ON_THIS_THREAD.get();
        ON_THIS_THREAD.set(this);
        try {
            work.run();
        } finally {
            if (before == null) {
                ON_THIS_THREAD.remove();
            } else {
                ON_THIS_THREAD.set(before);
            }
        }
    }

    /** Counts here, and in the total that this is a part of. */
    public Usage add(Charge charge, double units) {
        used[charge.ordinal()].add(units);
        total.ifPresent(whole -> whole.add(charge, units));
        return this;
    }

    /** So many units were used; capacity comes in halves. */
    public double of(Charge charge) {
        return used[charge.ordinal()].sum();
    }
}
