package pipeline.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which permissions AWS asks for a call. Every operation that is known is named here with what it takes; any other takes the
 * action of its own name on everything, which a policy that is tight does not allow.
 *
 * <p>Sources: "Actions, resources, and condition keys" of Amazon S3, DynamoDB, SQS and SNS (Service Authorization
 * Reference); "Required permissions for Amazon S3 API operations" (S3 User Guide).
 */
final class Permissions {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String IN_REGION = ":us-east-1:000000000000:";

    private Permissions() {}

    static List<Permission> of(Call call, Request request) throws IOException {
        return switch (call.service()) {
            case "s3" -> s3(call, request);
            case "dynamodb" -> dynamoDb(call);
            case "sqs" -> List.of(new Permission(sqs(call.operation()), "arn:aws:sqs" + IN_REGION + call.target()));
            default ->
                List.of(new Permission(
                        call.operation(),
                        call.operation().equals("sns:ListTopics") ? "*" : "arn:aws:sns" + IN_REGION + call.target()));
        };
    }

    private static List<Permission> s3(Call call, Request request) {
        String target = "arn:aws:s3:::" + call.target();
        String bucket = "arn:aws:s3:::" + S3Object.of(request.path()).bucket();
        List<Permission> needed = new ArrayList<>();
        switch (call.operation()) {
            case "s3:HeadBucket", "s3:ListObjects", "s3:ListObjectsV2" ->
                needed.add(new Permission("s3:ListBucket", target));
            case "s3:GetObject" -> needed.add(new Permission("s3:GetObject", target));
            case "s3:HeadObject" -> {
                needed.add(new Permission("s3:GetObject", target));
                // Or what is not there is answered 403 instead of 404 ("HeadObject", Amazon S3 API Reference).
                needed.add(new Permission("s3:ListBucket", bucket));
            }
            case "s3:PutObject", "s3:CreateMultipartUpload", "s3:UploadPart", "s3:CompleteMultipartUpload" ->
                needed.add(new Permission("s3:PutObject", target));
            case "s3:CopyObject" -> {
                needed.add(new Permission("s3:GetObject", source(request)));
                needed.add(new Permission("s3:PutObject", target));
                // Tags are copied along, where there are any, unless the request says otherwise.
                if (!request.header("x-amz-tagging-directive").orElse("COPY").equals("REPLACE")) {
                    needed.add(new Permission("s3:GetObjectTagging", source(request)));
                    needed.add(new Permission("s3:PutObjectTagging", target));
                }
            }
            case "s3:UploadPartCopy" -> {
                needed.add(new Permission("s3:GetObject", source(request)));
                needed.add(new Permission("s3:PutObject", target));
            }
            case "s3:AbortMultipartUpload" -> needed.add(new Permission("s3:AbortMultipartUpload", target));
            case "s3:DeleteObject" -> needed.add(new Permission("s3:DeleteObject", target));
            default -> needed.add(new Permission(call.operation(), target));
        }
        // "Add preconditions to S3 operations with conditional requests" (S3 User Guide): to compare takes reading.
        if (!call.detail().isEmpty() && !request.method().equals("GET")) {
            needed.add(new Permission("s3:GetObject", target));
        }
        return needed;
    }

    private static String source(Request request) {
        return "arn:aws:s3:::" + S3Object.of(request.header("x-amz-copy-source").orElseThrow());
    }

    private static List<Permission> dynamoDb(Call call) throws IOException {
        JsonNode body = JSON.readTree(call.detail());
        String tables = "arn:aws:dynamodb" + IN_REGION + "table/";
        List<Permission> needed = new ArrayList<>();
        if (body.has("RequestItems")) {
            body.path("RequestItems")
                    .fieldNames()
                    .forEachRemaining(table -> needed.add(new Permission(call.operation(), tables + table)));
        } else {
            String index =
                    body.has("IndexName") ? "/index/" + body.path("IndexName").asText() : "";
            needed.add(new Permission(call.operation(), tables + call.target() + index));
        }
        return needed;
    }

    /** The batches have the permission of the single call ("Amazon SQS API permissions", SQS Developer Guide). */
    private static String sqs(String operation) {
        return operation.replaceFirst("Batch$", "");
    }
}
