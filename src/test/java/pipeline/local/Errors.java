package pipeline.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.UUID;
import pipeline.local.Answer.Field;

/** Error answers in the format of each service: S3 and SNS speak XML, DynamoDB and SQS JSON. */
final class Errors {
    private Errors() {}

    static Answer failedBefore(String service) {
        return service.equals("dynamodb")
                ? of(service, 500, "InternalServerError", "Internal server error")
                : of(service, 503, "ServiceUnavailable", "Please try again later");
    }

    static Answer failedAfter(String service) {
        String code =
                switch (service) {
                    case "s3" -> "InternalError";
                    case "dynamodb" -> "InternalServerError";
                    default -> "InternalFailure";
                };
        return of(service, 500, code, "We encountered an internal error. Please try again.");
    }

    static Answer throttled(String service) {
        return switch (service) {
            case "s3" -> of(service, 503, "SlowDown", "Please reduce your request rate.");
            case "dynamodb" ->
                of(
                        service,
                        400,
                        "ProvisionedThroughputExceededException",
                        "The level of configured provisioned throughput for the table was exceeded.");
            case "sqs" -> of(service, 400, "RequestThrottled", "Rate exceeded");
            default -> of(service, 400, "Throttling", "Rate exceeded");
        };
    }

    static Answer denied(String service) {
        return switch (service) {
            case "s3" -> of(service, 403, "AccessDenied", "Access Denied");
            case "dynamodb" ->
                of(service, 400, "AccessDeniedException", "User is not authorized to perform this operation");
            case "sqs" -> of(service, 403, "AccessDenied", "Access to the resource is denied.");
            default -> of(service, 403, "AuthorizationError", "User is not authorized to perform this operation");
        };
    }

    /** As {@link #denied(String)}, and says what is missing, as AWS does. */
    static Answer denied(String service, String caller, Permission missing) {
        String code =
                switch (service) {
                    case "dynamodb" -> "AccessDeniedException";
                    case "sns" -> "AuthorizationError";
                    default -> "AccessDenied";
                };
        String message =
                "User: %s is not authorized to perform: %s on resource: %s because no identity-based policy allows the %s action"
                        .formatted(caller, missing.action(), missing.resource(), missing.action());
        return of(service, service.equals("dynamodb") ? 400 : 403, code, message);
    }

    static Answer expired(String service) {
        return switch (service) {
            case "s3" -> of(service, 400, "ExpiredToken", "The provided token has expired.");
            case "dynamodb" ->
                of(service, 400, "ExpiredTokenException", "The security token included in the request is expired");
            default -> of(service, 403, "ExpiredToken", "The security token included in the request is expired");
        };
    }

    static Answer keyDisabled() {
        return of(
                "s3",
                400,
                "KMS.DisabledException",
                "arn:aws:kms:us-east-1:000000000000:key/11112222-3333-4444-5555-666677778888 is disabled.");
    }

    static Answer invalidRequest() {
        return of(
                "s3",
                400,
                "InvalidRequest",
                "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.");
    }

    static Answer notImplemented(String service) {
        return of(
                service, 501, "NotImplemented", "A header you provided implies functionality that is not implemented.");
    }

    static Answer unsigned(boolean json) {
        return json
                ? of("dynamodb", 403, "MissingAuthenticationTokenException", "Request is missing Authentication Token")
                : of("s3", 403, "AccessDenied", "Access Denied");
    }

    static Answer preconditionFailed(String condition) {
        return xml(
                412,
                "<Error>" + element("Code", "PreconditionFailed")
                        + element("Message", "At least one of the pre-conditions you specified did not hold")
                        + element("Condition", condition) + element("RequestId", requestId()) + "</Error>");
    }

    static Answer noSuchKey(String key) {
        return xml(
                404,
                "<Error>" + element("Code", "NoSuchKey") + element("Message", "The specified key does not exist.")
                        + element("Key", key) + element("RequestId", requestId()) + "</Error>");
    }

    /** An error of this service; services other than the four answer as S3 does. */
    static Answer of(String service, int status, String code, String message) {
        return switch (service) {
            case "dynamodb" -> json("com.amazonaws.dynamodb.v20120810#", status, code, message);
            case "sqs" -> json("com.amazonaws.sqs#", status, code, message);
            case "sns" ->
                xml(
                        status,
                        "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error>"
                                + element("Type", fault(status)) + element("Code", code) + element("Message", message)
                                + "</Error>" + element("RequestId", requestId()) + "</ErrorResponse>");
            default ->
                xml(
                        status,
                        "<Error>" + element("Code", code) + element("Message", message)
                                + element("RequestId", requestId()) + "</Error>");
        };
    }

    static String element(String name, String text) {
        return "<" + name + ">" + escape(text) + "</" + name + ">";
    }

    static String requestId() {
        return UUID.randomUUID().toString();
    }

    private static Answer json(String prefix, int status, String code, String message) {
        String body = JsonNodeFactory.instance
                .objectNode()
                .put("__type", prefix + code)
                .put("message", message)
                .toString();
        return Answer.of(
                status,
                "application/x-amz-json-1.0",
                body,
                new Field("x-amzn-RequestId", requestId()),
                new Field("x-amzn-query-error", code + ";" + fault(status)));
    }

    private static Answer xml(int status, String body) {
        return Answer.of(status, "application/xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + body);
    }

    private static String fault(int status) {
        return status < 500 ? "Sender" : "Receiver";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\r", "&#13;");
    }
}
