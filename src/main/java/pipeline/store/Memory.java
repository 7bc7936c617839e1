package pipeline.store;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import pipeline.check.Batch;

/**
 * Bounds the rows of all files that are on their way to a table, by their characters: however wide they are and however
 * slow the table is, they take a small part of the heap. Whoever waits longest comes next.
 */
final class Memory {
    /** A row takes many times its characters while it is an item and a request. */
    private static final int PART_OF_HEAP = 32;

    private static final int UNIT = 1024;

    private final int units;
    private final Semaphore free;

    Memory() {
        this(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    /** @param characters so many of all batches at a time, but always one batch */
    Memory(long characters) {
        units = (int) Math.min(Integer.MAX_VALUE, Math.max(1, characters / UNIT));
        free = new Semaphore(units, true);
    }

    boolean tryTake(Batch.Parted batch) throws InterruptedException {
        // Not the one without a time: that one does not queue.
        return free.tryAcquire(units(batch), 0, TimeUnit.SECONDS);
    }

    void take(Batch.Parted batch) throws InterruptedException {
        free.acquire(units(batch));
    }

    void free(Batch.Parted batch) {
        free.release(units(batch));
    }

    private int units(Batch.Parted batch) {
        return (int) Math.min(units, 1 + batch.characters() / UNIT);
    }
}
