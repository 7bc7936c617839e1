package pipeline.local;

/**
 * One request that reached the local AWS.
 *
 * @param service {@code s3}, {@code sqs}, {@code sns} or {@code dynamodb}
 * @param operation service and API action, such as {@code s3:CopyObject} or {@code dynamodb:BatchWriteItem}
 * @param target what the call is about, as far as the request tells: {@code bucket/key} (decoded), the table, queue or
 *     topic name; otherwise empty
 */
public record Call(String service, String operation, String target) {}
