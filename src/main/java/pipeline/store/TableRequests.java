package pipeline.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import pipeline.check.Row;
import pipeline.claim.Attempt;
import pipeline.dataset.Dataset;
import pipeline.observe.Counters;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/**
 * Puts rows into tables, however often they must be asked. What a table left unprocessed or throttled is sent again, after
 * a growing, jittered wait, for as long as there is progress. All files that go to one table share what it takes
 * ({@link RateLimiter}). Safe for use by many threads.
 */
final class TableRequests {
    private final BatchWriteItem batchWriteItem;
    private final Concurrency concurrency;
    private final Counters counters;
    private final BackOff backOff;
    private final Map<String, RateLimiter> limiters = new ConcurrentHashMap<>();
    private final Supplier<RateLimiter> newLimiter;

    TableRequests(
            BatchWriteItem batchWriteItem,
            Concurrency concurrency,
            Counters counters,
            BackOff backOff,
            Supplier<RateLimiter> newLimiter) {
        this.batchWriteItem = batchWriteItem;
        this.concurrency = concurrency;
        this.counters = counters;
        this.backOff = backOff;
        this.newLimiter = newLimiter;
    }

    /**
     * When it returns, every row is in the table.
     *
     * @param rows no more than {@link BatchWriteItem#ITEMS}
     * @param mayGoOn asked before each request: what it throws ends the writing
     * @throws DynamoDbException when the table refuses
     * @throws TableBusyException when it takes nothing however long we wait
     */
    void put(Attempt attempt, Dataset dataset, List<Row> rows, Runnable mayGoOn) {
        putItems(attempt, dataset, items(dataset, rows), mayGoOn);
    }

    /**
     * One item a key: within a batch DynamoDB refuses a key twice, and of two rows with one key the later counts. Where
     * rows may not replace each other, each key ends in the time of the row, which no other row of the file has.
     */
    private static List<Map<String, AttributeValue>> items(Dataset dataset, List<Row> rows) {
        if (!dataset.upsert()) {
            return rows.stream().map(Row::item).toList();
        }
        Map<Map<String, AttributeValue>, Map<String, AttributeValue>> byKey = new LinkedHashMap<>();
        rows.forEach(row -> byKey.put(dataset.tableKeyOf(row.item()), row.item()));
        return new ArrayList<>(byKey.values());
    }

    private void putItems(Attempt attempt, Dataset dataset, List<Map<String, AttributeValue>> items, Runnable mayGoOn) {
        String table = dataset.table();
        RateLimiter limiter = limiters.computeIfAbsent(table, name -> newLimiter.get());
        List<Map<String, AttributeValue>> left = items;
        int withoutProgress = 0;
        Duration refused = Duration.ZERO;
        while (!left.isEmpty()) {
            Duration limited = limiter.reserve(left.size());
            backOff.pause(mayGoOn, limited.compareTo(refused) > 0 ? limited : refused);
            int before = left.size();
            left = unprocessed(attempt, dataset, left);
            limiter.answered(before - left.size(), left.size());
            withoutProgress = left.size() < before ? 0 : withoutProgress + 1;
            if (withoutProgress > BackOff.TRIES_WITHOUT_PROGRESS) {
                throw new TableBusyException(table, BackOff.TRIES_WITHOUT_PROGRESS);
            }
            refused = BackOff.after(withoutProgress);
            counters.retried(left.size());
            attempt.resent(left.size());
        }
        counters.batchStored();
    }

    private List<Map<String, AttributeValue>> unprocessed(
            Attempt attempt, Dataset dataset, List<Map<String, AttributeValue>> items) {
        counters.sent(items.size());
        try {
            long sentAt = System.nanoTime();
            BatchWriteItem.Answer answer = batchWriteItem.put(dataset.table(), items);
            concurrency.answered(sentAt, System.nanoTime() - sentAt);
            attempt.consumed(answer.writeUnits());
            counters.consumed(dataset.name(), answer.writeUnits());
            return answer.unprocessed();
        } catch (DynamoDbException e) {
            if (!e.isThrottlingException()) {
                throw e;
            }
            return items;
        }
    }
}
