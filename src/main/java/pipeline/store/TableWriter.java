package pipeline.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import pipeline.check.Batch;
import pipeline.check.Row;
import pipeline.claim.Attempt;
import pipeline.dataset.Dataset;
import pipeline.observe.Counters;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Writes accepted rows to their dataset's table. When it returns, every row is in the table: what DynamoDB left
 * unprocessed or throttled was sent again, after a growing, jittered wait, for as long as there was progress. All files
 * that go to one table share what it takes ({@link RateLimiter}).
 */
public final class TableWriter {
    /** BatchWriteItem takes at most 25 items of together 16 MB; an item has at most 400 KB (API reference). */
    private static final int BATCH = 25;

    private final DynamoDbClient dynamoDb;
    private final Counters counters;
    private final BackOff backOff;
    private final Map<String, RateLimiter> limiters = new ConcurrentHashMap<>();
    private final Supplier<RateLimiter> newLimiter;

    public TableWriter(DynamoDbClient dynamoDb, Counters counters) {
        this(dynamoDb, counters, new BackOff(), () -> new RateLimiter(System::nanoTime, RandomGenerator.getDefault()));
    }

    TableWriter(DynamoDbClient dynamoDb, Counters counters, BackOff backOff, Supplier<RateLimiter> newLimiter) {
        this.dynamoDb = dynamoDb;
        this.counters = counters;
        this.backOff = backOff;
        this.newLimiter = newLimiter;
    }

    /**
     * Stores the accepted rows of a batch; one that an earlier attempt has stored is left out.
     *
     * @throws pipeline.claim.LeaseLostException before a write that might be no longer ours to make
     * @throws DynamoDbException when the table refuses
     * @throws TableBusyException when it takes nothing however long we wait
     */
    public void store(Attempt attempt, Dataset dataset, Batch.Parted batch) {
        if (attempt.storedBefore(batch.accepted().size() + batch.rejected().size())) {
            return;
        }
        List<WriteRequest> puts = puts(dataset, batch.accepted());
        for (int from = 0; from < puts.size(); from += BATCH) {
            write(attempt, dataset.table(), puts.subList(from, Math.min(from + BATCH, puts.size())));
        }
    }

    /** One write a key: within a batch DynamoDB refuses a key twice, and of two rows with one key the later counts. */
    private static List<WriteRequest> puts(Dataset dataset, List<Row> rows) {
        Map<Map<String, AttributeValue>, WriteRequest> byKey = new LinkedHashMap<>();
        for (Row row : rows) {
            byKey.put(
                    dataset.tableKeyOf(row.item()),
                    WriteRequest.builder()
                            .putRequest(put -> put.item(row.item()))
                            .build());
        }
        return new ArrayList<>(byKey.values());
    }

    private void write(Attempt attempt, String table, List<WriteRequest> requests) {
        RateLimiter limiter = limiters.computeIfAbsent(table, name -> newLimiter.get());
        List<WriteRequest> left = requests;
        int withoutProgress = 0;
        Duration refused = Duration.ZERO;
        while (!left.isEmpty()) {
            Duration limited = limiter.reserve(left.size());
            backOff.pause(attempt.lease(), limited.compareTo(refused) > 0 ? limited : refused);
            int before = left.size();
            left = unprocessed(attempt, table, left);
            limiter.answered(before - left.size(), left.size());
            withoutProgress = left.size() < before ? 0 : withoutProgress + 1;
            if (withoutProgress > BackOff.TRIES_WITHOUT_PROGRESS) {
                throw new TableBusyException(table, BackOff.TRIES_WITHOUT_PROGRESS);
            }
            refused = BackOff.after(withoutProgress);
            counters.retried(left.size());
        }
        counters.batchStored();
    }

    private List<WriteRequest> unprocessed(Attempt attempt, String table, List<WriteRequest> requests) {
        try {
            BatchWriteItemResponse response = dynamoDb.batchWriteItem(request ->
                    request.requestItems(Map.of(table, requests)).returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
            response.consumedCapacity().forEach(consumed -> attempt.consumed(consumed.capacityUnits()));
            return response.unprocessedItems().getOrDefault(table, List.of());
        } catch (DynamoDbException e) {
            if (!e.isThrottlingException()) {
                throw e;
            }
            return requests;
        }
    }
}
