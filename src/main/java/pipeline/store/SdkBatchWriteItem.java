package pipeline.store;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** BatchWriteItem as the SDK calls it. */
final class SdkBatchWriteItem implements BatchWriteItem {
    private final DynamoDbClient dynamoDb;

    SdkBatchWriteItem(DynamoDbClient dynamoDb) {
        this.dynamoDb = dynamoDb;
    }

    @Override
    public Answer put(String table, List<Map<String, AttributeValue>> items) {
        List<WriteRequest> puts = items.stream()
                .map(item ->
                        WriteRequest.builder().putRequest(put -> put.item(item)).build())
                .toList();
        BatchWriteItemResponse response = dynamoDb.batchWriteItem(request ->
                request.requestItems(Map.of(table, puts)).returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
        return new Answer(
                response.consumedCapacity().stream()
                        .mapToDouble(ConsumedCapacity::capacityUnits)
                        .sum(),
                response.unprocessedItems().getOrDefault(table, List.of()).stream()
                        .map(left -> left.putRequest().item())
                        .toList());
    }
}
