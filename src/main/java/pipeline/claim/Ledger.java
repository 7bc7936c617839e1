package pipeline.claim;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ComparisonOperator;
import software.amazon.awssdk.services.dynamodb.model.Condition;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * The table of all file versions ({@code ProcessedFiles}). Reads and conditional changes of single entries, nothing
 * else: what a change means is decided by those who make it.
 */
public final class Ledger {
    /** Sparse index of entries that need somebody: a machine ({@link #WORK}) or a person ({@link #FAILURE}). */
    public static final String OPEN_INDEX = "open";

    /** Index of concluded entries by day. */
    public static final String DAY_INDEX = "by-day";

    /** What the index by day shows of an entry beside its keys. */
    public static final List<String> COUNTS = List.of(
            "status",
            "dataset",
            "attempts",
            "bytes",
            "rows_read",
            "rows_stored",
            "rows_rejected",
            "write_units",
            "duration_millis",
            "cost",
            "items_resent",
            "rejected_for");

    /** Processing, waiting, or concluded with something left to announce or to tidy. */
    public static final String WORK = "work";

    /** Refused or failed, and announced. */
    public static final String FAILURE = "failure";

    // DynamoDB refuses to look for other keys ("Quotas in Amazon DynamoDB").
    private static final int LONGEST_FILE = 2048;
    private static final int LONGEST_VERSION = 1024;

    private final DynamoDbClient dynamoDb;
    private final String table;

    public Ledger(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /** The entry of a version as it is now. Anything may be asked for: what can be no key has none. */
    public Optional<Entry> find(String file, String version) {
        if (!isKey(file, LONGEST_FILE) || !isKey(version, LONGEST_VERSION)) {
            return Optional.empty();
        }
        Map<String, AttributeValue> item = dynamoDb.getItem(request -> request.tableName(table)
                        .consistentRead(true)
                        .key(Map.of("file", AttributeValue.fromS(file), "version", AttributeValue.fromS(version))))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(new Entry(item));
    }

    private static boolean isKey(String text, int longest) {
        return !text.isEmpty() && text.getBytes(StandardCharsets.UTF_8).length <= longest;
    }

    /** All versions of a file, as they are now. */
    public List<Entry> versionsOf(String file) {
        if (!isKey(file, LONGEST_FILE)) {
            return List.of();
        }
        return entries("file", file, request -> request.consistentRead(true)).toList();
    }

    /** The key of the index {@link #OPEN_INDEX} for entries that wait for a machine, as a condition of a Query. */
    public Map<String, Condition> openWork() {
        return Map.of(
                "open",
                Condition.builder()
                        .comparisonOperator(ComparisonOperator.EQ)
                        .attributeValueList(AttributeValue.fromS(WORK))
                        .build());
    }

    /**
     * The open entries of a kind, page after page as they are asked for. An index follows its table after a moment:
     * whoever acts on an entry does so with a condition.
     *
     * @param kind {@link #WORK} or {@link #FAILURE}
     */
    public Stream<Entry> open(String kind) {
        return entries("open", kind, request -> request.indexName(OPEN_INDEX));
    }

    /**
     * What was concluded on a day (UTC), page after page as it is asked for, in no particular order; of each entry only its
     * key, {@code day}, {@code concluded_at} and {@link #COUNTS}. An entry that was re-opened since is still there, with
     * the figures of that conclusion, until it is concluded anew.
     */
    public Stream<Entry> concludedOn(LocalDate day) {
        return concludedOn(day, Instant.MIN);
    }

    /** The same, of what was concluded at an instant or later. */
    public Stream<Entry> concludedOn(LocalDate day, Instant from) {
        return shards(day).flatMap(shard -> concludedIn(shard, from));
    }

    /** The keys under which the index by day has a day, {@link Conclusions#SHARDS} of them. */
    public static Stream<String> shards(LocalDate day) {
        return IntStream.range(0, Conclusions.SHARDS).mapToObj(shard -> day + "#" + shard);
    }

    /** What the index by day has under one of its keys and was concluded at an instant or later, the latest first. */
    public Stream<Entry> concludedIn(String shard, Instant from) {
        // Without the Z, since a full second has no fraction in the ledger, and '.' comes before 'Z'.
        String second = from.equals(Instant.MIN)
                ? "0"
                : from.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", "");
        return entries("day", shard, request -> request.indexName(DAY_INDEX)
                        .scanIndexForward(false)
                        .keyConditionExpression("#key = :value AND #at >= :from")
                        .expressionAttributeNames(Map.of("#key", "day", "#at", "concluded_at"))
                        .expressionAttributeValues(
                                Map.of(":value", AttributeValue.fromS(shard), ":from", AttributeValue.fromS(second))))
                .filter(entry -> !entry.concludedAt().orElse(Instant.MIN).isBefore(from));
    }

    private Stream<Entry> entries(String key, String value, Consumer<QueryRequest.Builder> where) {
        return dynamoDb
                .queryPaginator(request -> request.tableName(table)
                        .keyConditionExpression("#key = :value")
                        .expressionAttributeNames(Map.of("#key", key))
                        .expressionAttributeValues(Map.of(":value", AttributeValue.fromS(value)))
                        .applyMutation(where))
                .items()
                .stream()
                .map(Entry::new);
    }

    /**
     * What came of a conditional change.
     *
     * @param applied whether the condition held and the change was made
     * @param entry the entry as it is now; empty when there is none
     */
    record Change(boolean applied, Optional<Entry> entry) {}

    /** Makes one conditional change. */
    Change change(String file, String version, Update update) {
        try {
            return new Change(
                    true,
                    Optional.of(new Entry(
                            dynamoDb.updateItem(update.of(table, file, version)).attributes())));
        } catch (ConditionalCheckFailedException e) {
            // An endpoint that does not return the old item is asked for it.
            return new Change(
                    false, e.hasItem() && !e.item().isEmpty() ? Optional.of(new Entry(e.item())) : find(file, version));
        }
    }
}
