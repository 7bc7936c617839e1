package pipeline.local;

import java.util.List;

/**
 * One request that reached the local AWS.
 *
 * @param service {@code s3}, {@code sqs}, {@code sns} or {@code dynamodb}
 * @param operation service and API action, such as {@code s3:CopyObject} or {@code dynamodb:BatchWriteItem}
 * @param target what the call is about, as far as the request tells: {@code bucket/key} (decoded), the table, queue or
 *     topic name; otherwise empty
 * @param caller the access key id of whoever signed it; empty if nobody did
 * @param detail what the request says beside that: the If-Match condition of an S3 call, without quotes, and the body of
 *     a call to another service; otherwise empty
 * @param needs what its caller must be allowed; empty where nobody asked
 */
public record Call(
        String service, String operation, String target, String caller, String detail, List<Permission> needs) {

    Call(String service, String operation, String target, String caller, String detail) {
        this(service, operation, target, caller, detail, List.of());
    }

    /** The same call with what its caller must be allowed. */
    Call needing(List<Permission> permissions) {
        return new Call(service, operation, target, caller, detail, List.copyOf(permissions));
    }

    /** The same call with nothing but its name and target. */
    Call plain() {
        return new Call(service, operation, target, "", "");
    }
}
