package pipeline.bench;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** One bucket, with the conditions that the pipeline relies on. Objects are in memory or where a file lies. */
final class SinkObjects {
    private static final int PAGE = 1000;
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final Figures figures;
    private final ConcurrentNavigableMap<String, StoredObject> objects = new ConcurrentSkipListMap<>();
    private final Map<String, Upload> uploads = new ConcurrentHashMap<>();
    private final AtomicLong uploadsBegun = new AtomicLong();

    SinkObjects(Figures figures) {
        this.figures = figures;
    }

    private record StoredObject(SinkContent content, String eTag, Instant stored, Map<String, String> headers) {
        static StoredObject of(SinkContent content, Map<String, String> headers) {
            return new StoredObject(content, content.eTag(), Instant.now().truncatedTo(ChronoUnit.SECONDS), headers);
        }
    }

    private record Upload(Map<String, String> headers, TreeMap<Integer, SinkContent> parts) {}

    void place(String key, Path file) throws IOException {
        objects.put(key, StoredObject.of(SinkContent.of(file), Map.of()));
    }

    Collection<String> keys() {
        return objects.keySet();
    }

    void clear() {
        objects.clear();
        uploads.clear();
    }

    Sink.Answer answer(FullHttpRequest request, QueryStringDecoder uri) {
        int slash = uri.path().indexOf('/', 1);
        String key = slash < 0 ? "" : uri.path().substring(slash + 1);
        HttpHeaders headers = request.headers();
        return switch (request.method().name()) {
            case "GET" -> key.isEmpty() ? list(uri) : get(key, headers);
            case "HEAD" -> key.isEmpty() ? headBucket() : head(key);
            case "PUT" -> uri.parameters().containsKey("uploadId") ? uploadPart(uri, request) : put(key, request);
            case "POST" -> uri.parameters().containsKey("uploads") ? begin(key, headers) : complete(key, uri, headers);
            case "DELETE" -> delete(key, uri, headers);
            default -> throw new IllegalArgumentException("the sink does not know " + request.method());
        };
    }

    private Sink.Answer headBucket() {
        figures.request("s3:HeadBucket");
        return xml("");
    }

    private Sink.Answer list(QueryStringDecoder uri) {
        figures.request("s3:ListObjects");
        String prefix = parameter(uri, "prefix").orElse("");
        boolean second = uri.parameters().containsKey("list-type");
        // A token goes back as it came; a marker is a key, and encoded like one.
        String after = second
                ? parameter(uri, "continuation-token").map(SinkObjects::key).orElse("")
                : parameter(uri, "marker").orElse("");
        int most = parameter(uri, "max-keys").map(Integer::parseInt).orElse(PAGE);
        StringBuilder contents = new StringBuilder();
        String last = "";
        int listed = 0;
        boolean more = false;
        for (Map.Entry<String, StoredObject> each : objects.tailMap(after.isEmpty() ? prefix : after, after.isEmpty())
                .entrySet()) {
            if (!each.getKey().startsWith(prefix) || listed == most) {
                more = each.getKey().startsWith(prefix);
                break;
            }
            listed++;
            last = each.getKey();
            contents.append(
                    "<Contents><Key>%s</Key><LastModified>%s</LastModified><ETag>\"%s\"</ETag><Size>%d</Size></Contents>"
                            .formatted(
                                    URLEncoder.encode(last, StandardCharsets.UTF_8),
                                    each.getValue().stored(),
                                    each.getValue().eTag(),
                                    each.getValue().content().length()));
        }
        String next = "";
        if (more) {
            next = second
                    ? "<NextContinuationToken>%s</NextContinuationToken>".formatted(token(last))
                    : "<NextMarker>%s</NextMarker>".formatted(URLEncoder.encode(last, StandardCharsets.UTF_8));
        }
        return xml(
                "<ListBucketResult><EncodingType>url</EncodingType><KeyCount>%d</KeyCount><IsTruncated>%s</IsTruncated>%s%s</ListBucketResult>"
                        .formatted(listed, more, next, contents));
    }

    private static String token(String key) {
        return Base64.getUrlEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String key(String token) {
        return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    }

    private Sink.Answer get(String key, HttpHeaders headers) {
        figures.request("s3:GetObject");
        StoredObject object = objects.get(key);
        if (object == null) {
            return error(404, "NoSuchKey");
        }
        if (headers.contains("If-Match") && !matches(headers.get("If-Match"), object)) {
            return error(412, "PreconditionFailed");
        }
        Optional<long[]> range = Optional.ofNullable(headers.get("Range"))
                .map(text -> range(text, object.content().length()));
        return new Sink.Answer(
                range.isPresent() ? 206 : 200,
                headersOf(object),
                range.map(bytes -> object.content().slice(bytes[0], bytes[1])).orElse(object.content()));
    }

    private static long[] range(String text, long length) {
        String[] bounds = text.replace("bytes=", "").split("-");
        return new long[] {
            Long.parseLong(bounds[0]), bounds.length == 1 ? length : Math.min(length, Long.parseLong(bounds[1]) + 1)
        };
    }

    private Sink.Answer head(String key) {
        figures.request("s3:HeadObject");
        StoredObject object = objects.get(key);
        return object == null
                ? new Sink.Answer(404, Map.of(), SinkContent.of(new byte[0]))
                : new Sink.Answer(200, headersOf(object), object.content());
    }

    private static Map<String, String> headersOf(StoredObject object) {
        Map<String, String> headers = new HashMap<>(object.headers());
        headers.put("ETag", '"' + object.eTag() + '"');
        headers.put("Last-Modified", HTTP_DATE.format(object.stored()));
        return headers;
    }

    private Sink.Answer put(String key, FullHttpRequest request) {
        HttpHeaders headers = request.headers();
        boolean copy = headers.contains("x-amz-copy-source");
        figures.request(copy ? "s3:CopyObject" : "s3:PutObject");
        Optional<StoredObject> source = copy ? source(headers) : Optional.empty();
        if (copy && source.isEmpty()) {
            return error(412, "PreconditionFailed");
        }
        StoredObject stored = StoredObject.of(
                source.map(StoredObject::content).orElseGet(() -> SinkContent.of(body(request))), metadata(headers));
        if (!store(key, stored, headers)) {
            return error(412, "PreconditionFailed");
        }
        return copy
                ? xml("<CopyObjectResult><ETag>\"%s\"</ETag><LastModified>%s</LastModified></CopyObjectResult>"
                        .formatted(stored.eTag(), stored.stored()))
                : new Sink.Answer(200, Map.of("ETag", '"' + stored.eTag() + '"'), SinkContent.of(new byte[0]));
    }

    private boolean store(String key, StoredObject object, HttpHeaders headers) {
        if ("*".equals(headers.get("If-None-Match"))) {
            return objects.putIfAbsent(key, object) == null;
        }
        if (headers.contains("If-Match")) {
            StoredObject there = objects.get(key);
            return there != null && matches(headers.get("If-Match"), there) && objects.replace(key, there, object);
        }
        objects.put(key, object);
        return true;
    }

    private Optional<StoredObject> source(HttpHeaders headers) {
        String path = URLDecoder.decode(headers.get("x-amz-copy-source"), StandardCharsets.UTF_8);
        String key = path.replaceFirst("^/?[^/]+/", "");
        String condition = headers.get("x-amz-copy-source-if-match");
        return Optional.ofNullable(objects.get(key)).filter(object -> condition == null || matches(condition, object));
    }

    private Sink.Answer begin(String key, HttpHeaders headers) {
        figures.request("s3:CreateMultipartUpload");
        String id = "upload-" + uploadsBegun.incrementAndGet();
        uploads.put(id, new Upload(metadata(headers), new TreeMap<>()));
        return xml("<InitiateMultipartUploadResult><Key>%s</Key><UploadId>%s</UploadId></InitiateMultipartUploadResult>"
                .formatted(key, id));
    }

    private Sink.Answer uploadPart(QueryStringDecoder uri, FullHttpRequest request) {
        HttpHeaders headers = request.headers();
        boolean copy = headers.contains("x-amz-copy-source");
        figures.request(copy ? "s3:UploadPartCopy" : "s3:UploadPart");
        SinkContent content;
        if (copy) {
            Optional<StoredObject> source = source(headers);
            if (source.isEmpty()) {
                return error(412, "PreconditionFailed");
            }
            SinkContent whole = source.get().content();
            long[] range = range(headers.get("x-amz-copy-source-range"), whole.length());
            content = whole.slice(range[0], range[1]);
        } else {
            content = SinkContent.of(body(request));
        }
        Upload upload = uploads.get(parameter(uri, "uploadId").orElseThrow());
        upload.parts().put(Integer.parseInt(parameter(uri, "partNumber").orElseThrow()), content);
        return copy
                ? xml("<CopyPartResult><ETag>\"%s\"</ETag></CopyPartResult>".formatted(content.eTag()))
                : new Sink.Answer(200, Map.of("ETag", '"' + content.eTag() + '"'), SinkContent.of(new byte[0]));
    }

    private Sink.Answer complete(String key, QueryStringDecoder uri, HttpHeaders headers) {
        figures.request("s3:CompleteMultipartUpload");
        Upload upload = uploads.remove(parameter(uri, "uploadId").orElseThrow());
        if (upload == null) {
            return error(404, "NoSuchUpload");
        }
        StoredObject object =
                StoredObject.of(SinkContent.of(List.copyOf(upload.parts().values())), upload.headers());
        return store(key, object, headers)
                ? xml("<CompleteMultipartUploadResult><Key>%s</Key><ETag>\"%s\"</ETag></CompleteMultipartUploadResult>"
                        .formatted(key, object.eTag()))
                : error(412, "PreconditionFailed");
    }

    private Sink.Answer delete(String key, QueryStringDecoder uri, HttpHeaders headers) {
        Optional<String> upload = parameter(uri, "uploadId");
        if (upload.isPresent()) {
            figures.request("s3:AbortMultipartUpload");
            uploads.remove(upload.get());
            return new Sink.Answer(204, Map.of(), SinkContent.of(new byte[0]));
        }
        figures.request("s3:DeleteObject");
        StoredObject there = objects.get(key);
        if (there != null && headers.contains("If-Match") && !matches(headers.get("If-Match"), there)) {
            return error(412, "PreconditionFailed");
        }
        objects.remove(key);
        return new Sink.Answer(204, Map.of(), SinkContent.of(new byte[0]));
    }

    private static boolean matches(String condition, StoredObject object) {
        return condition.replace("\"", "").equals(object.eTag());
    }

    private static Map<String, String> metadata(HttpHeaders headers) {
        Map<String, String> kept = new HashMap<>();
        headers.forEach(header -> {
            String name = header.getKey().toLowerCase(java.util.Locale.ROOT);
            if (name.startsWith("x-amz-meta-") || name.equals("content-type")) {
                kept.put(name, header.getValue());
            }
        });
        return kept;
    }

    /** The SDK sends what it signs chunk by chunk as "aws-chunked": a size in hex, a line's end, the bytes. */
    private static byte[] body(FullHttpRequest request) {
        byte[] sent = ByteBufUtil.getBytes(request.content());
        if (!request.headers().contains("x-amz-decoded-content-length")) {
            return sent;
        }
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(sent.length);
        int at = 0;
        while (true) {
            int end = at;
            while (sent[end] != '\r') {
                end++;
            }
            String size = new String(sent, at, end - at, StandardCharsets.US_ASCII).replaceFirst(";.*", "");
            int length = Integer.parseInt(size, 16);
            if (length == 0) {
                return decoded.toByteArray();
            }
            decoded.write(sent, end + 2, length);
            at = end + 2 + length + 2;
        }
    }

    private static Optional<String> parameter(QueryStringDecoder uri, String name) {
        return Optional.ofNullable(uri.parameters().get(name)).map(values -> values.get(0));
    }

    private static Sink.Answer xml(String body) {
        return Sink.Answer.of(200, "application/xml", body);
    }

    private static Sink.Answer error(int status, String code) {
        return Sink.Answer.of(
                status, "application/xml", "<Error><Code>%s</Code><Message>%s</Message></Error>".formatted(code, code));
    }
}
