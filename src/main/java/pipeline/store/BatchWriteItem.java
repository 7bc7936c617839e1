package pipeline.store;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** DynamoDB's BatchWriteItem, as far as it puts items into one table. */
@FunctionalInterface
interface BatchWriteItem {
    /** BatchWriteItem takes at most 25 items of together 16 MB; an item has at most 400 KB (API reference). */
    int ITEMS = 25;

    /**
     * Puts items, once.
     *
     * @param items 1 to {@link #ITEMS}, no two of one key
     * @throws SdkException when DynamoDB refuses, or does not answer; one that asks to slow down has put nothing
     */
    Answer put(String table, List<Map<String, AttributeValue>> items);

    /**
     * What became of the items.
     *
     * @param writeUnits consumed capacity
     * @param unprocessed those that were not put
     */
    record Answer(double writeUnits, List<Map<String, AttributeValue>> unprocessed) {}
}
