package pipeline.doctor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Something written to the bucket and taken back at once, whatever fails in between; also what S3 may have stored although
 * its answer was an error or got lost.
 */
final class Probe {
    /** Calls that take the probe back, before a person is asked to. */
    private static final int TRIES = 3;

    private final S3Client s3;
    private final String bucket;
    private final String key;
    private final String copy;
    private final Map<String, Tried<?>> failed = new LinkedHashMap<>();
    private Optional<String> leftBehind = Optional.empty();

    /**
     * What came of it.
     *
     * @param failed calls that failed, by the action that they need
     * @param leftBehind the command that takes away what could not be taken back
     */
    record Outcome(Map<String, Tried<?>> failed, Optional<String> leftBehind) {}

    Probe(Account account, String key) {
        this.s3 = account.s3();
        this.bucket = account.bucket();
        this.key = key;
        this.copy = key + "-copy";
    }

    /** Puts an object, reads it and copies it, as the pipeline does. For a bucket that keeps no versions. */
    Outcome object() {
        Tried<PutObjectResponse> put = attempt(
                "s3:PutObject",
                () -> s3.putObject(
                        request -> request.bucket(bucket).key(key).ifNoneMatch("*"),
                        RequestBody.fromString("written by the verb doctor")));
        try {
            put.answer().ifPresent(there -> readAndCopy(there.eTag()));
        } finally {
            takeBack(key, put);
        }
        return new Outcome(failed, leftBehind);
    }

    private void readAndCopy(String eTag) {
        attempt(
                "s3:GetObject",
                () -> s3.getObjectAsBytes(
                        request -> request.bucket(bucket).key(key).ifMatch(eTag)));
        Tried<CopyObjectResponse> copied = attempt(
                "s3:PutObject",
                () -> s3.copyObject(request -> request.sourceBucket(bucket)
                        .sourceKey(key)
                        .copySourceIfMatch(eTag)
                        .destinationBucket(bucket)
                        .destinationKey(copy)
                        .ifNoneMatch("*")));
        takeBack(copy, copied);
    }

    /**
     * Begins an upload and gives it up. It needs the same permissions and the same key of KMS as an object, and becomes
     * none: no version, no event, no lock.
     */
    Outcome upload() {
        Tried<CreateMultipartUploadResponse> begun = attempt(
                "s3:PutObject",
                () -> s3.createMultipartUpload(request -> request.bucket(bucket).key(key)));
        begun.answer().ifPresent(upload -> giveUp(upload.uploadId()));
        if (begun.unclear()) {
            giveUpWhateverBegan();
        }
        return new Outcome(failed, leftBehind);
    }

    private <T> Tried<T> attempt(String action, Supplier<T> call) {
        Tried<T> tried = Tried.to(call);
        if (!tried.ok()) {
            failed.putIfAbsent(action, tried);
        }
        return tried;
    }

    /**
     * Only what may be there: a write that was refused has left nothing. Every other time under the one condition that
     * always holds, since a bucket may refuse deletes that have none.
     */
    private void takeBack(String name, Tried<?> written) {
        if (written.ok() || written.unclear()) {
            again(
                    time -> s3.deleteObject(
                            request -> request.bucket(bucket).key(name).ifMatch(time % 2 == 0 ? null : "*")),
                    Mend.aws("s3", "rm", "s3://" + bucket + "/" + name));
        }
    }

    private void giveUp(String id) {
        again(
                time -> s3.abortMultipartUpload(
                        request -> request.bucket(bucket).key(key).uploadId(id)),
                Mend.aws("s3api", "abort-multipart-upload", "--bucket", bucket, "--key", key, "--upload-id", id));
    }

    /** The answer with the upload's id was lost, or was an error: whether there is one, only a list can tell. */
    private void giveUpWhateverBegan() {
        IntFunction<ListMultipartUploadsResponse> list = time ->
                s3.listMultipartUploads(request -> request.bucket(bucket).prefix(key));
        again(list, Mend.aws("s3api", "list-multipart-uploads", "--bucket", bucket, "--prefix", key))
                .ifPresent(found -> found.uploads().forEach(upload -> giveUp(upload.uploadId())));
    }

    private <T> Optional<T> again(IntFunction<T> call, String command) {
        for (int i = 0; i < TRIES; i++) {
            int time = i;
            Tried<T> tried = Tried.to(() -> call.apply(time));
            if (tried.ok() || tried.status() == 404) {
                return tried.answer();
            }
        }
        leftBehind = Optional.of(command);
        return Optional.empty();
    }
}
