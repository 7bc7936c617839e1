package pipeline.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps what is put as a bucket's versioning, Object Lock, encryption, lifecycle and notifications, and gives it back; the
 * store behind knows none of them. They are kept, not obeyed: objects are neither versioned nor locked, nothing is sent.
 */
final class BucketSettings implements Service {
    private static final String S3 = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";

    /** What S3 answers for a bucket as it is created, by the part of the operation's name; without it, an error's code. */
    private static final Map<String, String> AS_CREATED = Map.of(
            "BucketVersioning",
            "<VersioningConfiguration" + S3 + "/>",
            "BucketNotificationConfiguration",
            "<NotificationConfiguration" + S3 + "/>",
            "BucketEncryption",
            "<ServerSideEncryptionConfiguration" + S3 + "><Rule><ApplyServerSideEncryptionByDefault>"
                    + "<SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>",
            "BucketLockConfiguration",
            "ObjectLockConfigurationNotFoundError",
            "BucketLifecycleConfiguration",
            "NoSuchLifecycleConfiguration");

    private final Service objects;
    private final Map<String, String> kept = new ConcurrentHashMap<>();

    BucketSettings(Service objects) {
        this.objects = objects;
    }

    @Override
    public Answer answer(Call call, Request request) throws IOException {
        String name = call.operation().replaceFirst("^s3:(Get|Put|Delete)", "");
        if (!AS_CREATED.containsKey(name)) {
            return objects.answer(call, request);
        }
        String which = call.target() + " " + name;
        switch (request.method()) {
            case "PUT" -> kept.put(which, new String(request.body().readAllBytes(), StandardCharsets.UTF_8));
            case "DELETE" -> kept.remove(which);
            default -> {
                String found = kept.getOrDefault(which, AS_CREATED.get(name));
                return found.startsWith("<")
                        ? Answer.of(200, "application/xml", found)
                        : Errors.of("s3", 404, found, "There is no such configuration");
            }
        }
        return new Answer(200, List.of(), new byte[0]);
    }
}
