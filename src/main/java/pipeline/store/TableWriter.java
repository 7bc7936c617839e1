package pipeline.store;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import pipeline.aws.DynamoDbWire;
import pipeline.check.Batch;
import pipeline.claim.Attempt;
import pipeline.dataset.Dataset;
import pipeline.observe.Counters;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/**
 * Writes accepted rows to their dataset's table, several batches at the same time. What it gives back is in the table, and
 * so is everything before it in the file.
 */
public final class TableWriter {
    private final TableRequests requests;
    private final Executor threads;
    private final Concurrency concurrency;
    private final Memory memory;
    private final Map<Attempt, FileWrites> open = new ConcurrentHashMap<>();

    /** @param atOnce never more requests at the same time than these */
    public TableWriter(DynamoDbClient dynamoDb, DynamoDbWire wire, Counters counters, int atOnce) {
        this(
                new WireBatchWriteItem(wire, new SdkBatchWriteItem(dynamoDb)),
                counters,
                atOnce,
                Executors.newCachedThreadPool(task -> {
                    Thread thread = new Thread(task, "table-write");
                    thread.setDaemon(true);
                    return thread;
                }),
                new BackOff(),
                () -> new RateLimiter(System::nanoTime, RandomGenerator.getDefault()));
    }

    TableWriter(
            BatchWriteItem batchWriteItem,
            Counters counters,
            int atOnce,
            Executor threads,
            BackOff backOff,
            Supplier<RateLimiter> newLimiter) {
        this.threads = threads;
        concurrency = new Concurrency(atOnce);
        memory = new Memory();
        requests = new TableRequests(batchWriteItem, concurrency, counters, backOff, newLimiter);
    }

    /**
     * Sends the accepted rows of a batch on their way; one that an earlier attempt has stored is left out. Waits while
     * enough is under way. A call that throws has not sent all of it: when it is made again for the same batch, what has
     * failed is tried again first.
     *
     * @return the parts of batches, of this call and earlier ones, that are stored since the last call, in the order of the
     *     file and without a gap
     * @throws pipeline.claim.LeaseLostException before a write that might be no longer ours to make
     * @throws DynamoDbException when the table refuses
     * @throws TableBusyException when it takes nothing however long we wait
     */
    public List<Batch.Parted> store(Attempt attempt, Dataset dataset, Batch.Parted batch) {
        return open.computeIfAbsent(attempt, this::begin).store(dataset, batch);
    }

    private FileWrites begin(Attempt attempt) {
        return new FileWrites(attempt, requests, threads, concurrency, memory);
    }

    /**
     * Waits until all batches of a file are stored.
     *
     * @return those that are stored since the last call
     * @throws RuntimeException as {@link #store} does
     */
    public List<Batch.Parted> end(Attempt attempt) {
        FileWrites writes = open.get(attempt);
        List<Batch.Parted> last = writes == null ? List.of() : writes.end();
        open.remove(attempt);
        return last;
    }

    /**
     * When it returns, nothing of a file is under way any more, stored or not.
     *
     * @return the batches that are stored since the last call, in the order of the file and without a gap
     */
    public List<Batch.Parted> abandon(Attempt attempt) {
        FileWrites writes = open.remove(attempt);
        return writes == null ? List.of() : writes.abandon();
    }
}
