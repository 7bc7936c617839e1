package pipeline.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells from a request which call it is. */
final class Calls {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Pattern CALLER = Pattern.compile("Credential=([^/,]+)/");

    /** Query parameters that name a part of a bucket or object, and how the API actions call that part. */
    private static final Map<String, String> PARTS = Map.ofEntries(
            Map.entry("accelerate", "AccelerateConfiguration"),
            Map.entry("acl", "Acl"),
            Map.entry("attributes", "Attributes"),
            Map.entry("cors", "Cors"),
            Map.entry("encryption", "Encryption"),
            Map.entry("legal-hold", "LegalHold"),
            Map.entry("lifecycle", "LifecycleConfiguration"),
            Map.entry("location", "Location"),
            Map.entry("notification", "NotificationConfiguration"),
            Map.entry("object-lock", "LockConfiguration"),
            Map.entry("policy", "Policy"),
            Map.entry("retention", "Retention"),
            Map.entry("tagging", "Tagging"),
            Map.entry("versioning", "Versioning"));

    private Calls() {}

    static Call of(String service, Request request, byte[] content) throws IOException {
        return switch (service) {
            case "s3" -> s3(request);
            case "sns" -> sns(request, text(content));
            default -> json(service, request, content);
        };
    }

    private static Call call(Request request, String service, String action, String target, String detail) {
        Matcher credential = CALLER.matcher(request.header("Authorization").orElse(""));
        return new Call(service, service + ":" + action, target, credential.find() ? credential.group(1) : "", detail);
    }

    private static Call s3(Request request) {
        S3Object object = S3Object.of(request.path());
        String condition = request.header("If-Match").orElse("").replace("\"", "");
        return call(request, "s3", action(request, object), object.toString(), condition);
    }

    private static String action(Request request, S3Object object) {
        Set<String> query = request.parameters().keySet();
        for (Map.Entry<String, String> part : PARTS.entrySet()) {
            if (query.contains(part.getKey())) {
                return verb(request.method()) + (object.key().isEmpty() ? "Bucket" : "Object") + part.getValue();
            }
        }
        boolean upload = query.contains("uploadId");
        boolean copy = request.header("x-amz-copy-source").isPresent();
        if (object.bucket().isEmpty()) {
            return "ListBuckets";
        }
        if (object.key().isEmpty()) {
            return switch (request.method()) {
                case "PUT" -> "CreateBucket";
                case "HEAD" -> "HeadBucket";
                case "DELETE" -> "DeleteBucket";
                case "POST" -> query.contains("delete") ? "DeleteObjects" : "PostObject";
                default -> list(request.parameters());
            };
        }
        return switch (request.method()) {
            case "PUT" -> upload ? copy ? "UploadPartCopy" : "UploadPart" : copy ? "CopyObject" : "PutObject";
            case "HEAD" -> "HeadObject";
            case "DELETE" -> upload ? "AbortMultipartUpload" : "DeleteObject";
            case "POST" -> upload ? "CompleteMultipartUpload" : "CreateMultipartUpload";
            default -> upload ? "ListParts" : "GetObject";
        };
    }

    private static String list(Map<String, String> query) {
        if (query.containsKey("uploads")) {
            return "ListMultipartUploads";
        }
        if (query.containsKey("versions")) {
            return "ListObjectVersions";
        }
        return "2".equals(query.get("list-type")) ? "ListObjectsV2" : "ListObjects";
    }

    private static String verb(String method) {
        return switch (method) {
            case "PUT" -> "Put";
            case "DELETE" -> "Delete";
            default -> "Get";
        };
    }

    private static Call sns(Request request, String content) {
        Map<String, String> form = Request.form(content);
        String arn = form.getOrDefault("TopicArn", form.getOrDefault("TargetArn", form.getOrDefault("Name", "")));
        String topic = arn.substring(arn.lastIndexOf(':') + 1);
        return call(request, "sns", form.getOrDefault("Action", ""), topic, content);
    }

    private static Call json(String service, Request request, byte[] content) throws IOException {
        String header = request.header("X-Amz-Target").orElse("");
        if (header.isEmpty()) {
            String action = Request.form(text(content)).getOrDefault("Action", "");
            return call(request, service, action, "", text(content));
        }
        JsonNode body = content.length == 0 ? JSON.createObjectNode() : JSON.readTree(content);
        String action = header.substring(header.indexOf('.') + 1);
        return call(request, service, action, target(body), text(content));
    }

    private static String target(JsonNode body) {
        for (String name : List.of("TableName", "QueueName")) {
            if (body.path(name).isTextual()) {
                return body.path(name).textValue();
            }
        }
        if (body.path("QueueUrl").isTextual()) {
            String url = body.path("QueueUrl").textValue();
            return url.substring(url.lastIndexOf('/') + 1);
        }
        var tables = body.path("RequestItems").fieldNames();
        return tables.hasNext() ? tables.next() : "";
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }
}
