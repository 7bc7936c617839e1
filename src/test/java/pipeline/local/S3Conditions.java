package pipeline.local;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * S3 whose conditions hold: check and change of an object are one step, whoever else writes.
 *
 * <p>If-None-Match and If-Match of PutObject, CopyObject, CompleteMultipartUpload and DeleteObject and the ETag conditions
 * on the source of a copy are decided here, because the store behind ignores some of them and checks the others without
 * holding the object. Answers as in the S3 User Guide, "Add preconditions to S3 operations with conditional requests": 412
 * if the condition does not hold, 404 if there is no object for an If-Match.
 */
final class S3Conditions implements Service {
    private static final String IF_MATCH = "If-Match";
    private static final String IF_NONE_MATCH = "If-None-Match";
    private static final String COPY_SOURCE = "x-amz-copy-source";
    private static final String SOURCE_IF_MATCH = "x-amz-copy-source-if-match";
    private static final String SOURCE_IF_NONE_MATCH = "x-amz-copy-source-if-none-match";

    private static final long LARGE = 256 * 1024;

    /** The store behind takes longer ones than S3 does. */
    private static final int LONGEST_KEY = 1024;

    private final Upstream store;
    private final ReentrantLock[] locks =
            IntStream.range(0, 256).mapToObj(i -> new ReentrantLock()).toArray(ReentrantLock[]::new);

    S3Conditions(Upstream store) {
        this.store = store;
    }

    @Override
    public Answer answer(Call call, Request request) throws IOException {
        S3Object object = S3Object.of(request.path());
        if (object.key().getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
            return Errors.of("s3", 400, "KeyTooLongError", "Your key is too long");
        }
        return switch (call.operation()) {
            case "s3:PutObject" -> put(object, request);
            case "s3:DeleteObject", "s3:CompleteMultipartUpload" -> change(object, request);
            case "s3:DeleteObjects" -> deleteMany(request);
            case "s3:CopyObject", "s3:UploadPartCopy" -> copy(call, object, request);
            // The store looks at ETag and content one after the other: between the two the object may be another one.
            case "s3:GetObject", "s3:HeadObject" -> read(object, request);
            default -> store.answer(request);
        };
    }

    private Answer put(S3Object object, Request request) throws IOException {
        // The store hangs up on a large body that it has no bucket for.
        if (request.length() >= LARGE && !exists(object.bucketPath())) {
            request.drain();
            return Errors.of("s3", 404, "NoSuchBucket", "The specified bucket does not exist");
        }
        Request unconditional = request.without(IF_MATCH, IF_NONE_MATCH);
        try (Hold hold = new Hold(object)) {
            HeldBack.Gate gate = () -> {
                hold.take();
                Optional<Answer> refusal = refusal(object, request);
                if (refusal.isPresent()) {
                    throw new Refused(refusal.get());
                }
            };
            if (request.length() == 0) {
                gate.pass();
                return store.answer(unconditional).complete();
            }
            return store.answer(unconditional.withBody(new HeldBack(request.body(), gate)))
                    .complete();
        } catch (Refused refused) {
            return refused.answer;
        }
    }

    private Answer change(S3Object object, Request request) throws IOException {
        try (Hold hold = new Hold(object)) {
            hold.take();
            Optional<Answer> refusal = refusal(object, request);
            return refusal.isPresent()
                    ? refusal.get()
                    : store.answer(request.without(IF_MATCH, IF_NONE_MATCH)).complete();
        }
    }

    private Answer copy(Call call, S3Object object, Request request) throws IOException {
        S3Object source = S3Object.of(request.header(COPY_SOURCE).orElseThrow());
        boolean part = call.operation().equals("s3:UploadPartCopy");
        try (Hold hold = part ? new Hold(source) : new Hold(source, object)) {
            hold.take();
            Optional<Answer> refusal = sourceRefusal(source, request);
            if (refusal.isEmpty() && !part) {
                refusal = refusal(object, request);
            }
            return refusal.isPresent()
                    ? refusal.get()
                    : store.answer(request.without(IF_MATCH, IF_NONE_MATCH, SOURCE_IF_MATCH, SOURCE_IF_NONE_MATCH))
                            .complete();
        }
    }

    private Answer deleteMany(Request request) throws IOException {
        try (Hold hold = new Hold(IntStream.range(0, locks.length))) {
            hold.take();
            return store.answer(request).complete();
        }
    }

    private Answer read(S3Object object, Request request) throws IOException {
        try (Hold hold = new Hold(object)) {
            hold.take();
            return store.answer(request);
        }
    }

    private Optional<Answer> refusal(S3Object object, Request request) throws IOException {
        Optional<String> ifMatch = request.header(IF_MATCH);
        Optional<String> ifNoneMatch = request.header(IF_NONE_MATCH);
        if (ifMatch.isEmpty() && ifNoneMatch.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> etag = etag(object);
        if (etag.isPresent() && ifNoneMatch.isPresent()) {
            return Optional.of(Errors.preconditionFailed(IF_NONE_MATCH));
        }
        if (etag.isEmpty() && ifMatch.isPresent()) {
            return exists(object.bucketPath()) ? Optional.of(Errors.noSuchKey(object.key())) : Optional.empty();
        }
        return ifMatch.isPresent() && !matches(ifMatch.get(), etag.get())
                ? Optional.of(Errors.preconditionFailed(IF_MATCH))
                : Optional.empty();
    }

    private Optional<Answer> sourceRefusal(S3Object source, Request request) throws IOException {
        Optional<String> ifMatch = request.header(SOURCE_IF_MATCH);
        Optional<String> ifNoneMatch = request.header(SOURCE_IF_NONE_MATCH);
        if (ifMatch.isEmpty() && ifNoneMatch.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> etag = etag(source);
        if (etag.isEmpty()) {
            return Optional.empty(); // the store itself says 404
        }
        if (ifMatch.isPresent() && !matches(ifMatch.get(), etag.get())) {
            return Optional.of(Errors.preconditionFailed(SOURCE_IF_MATCH));
        }
        return ifNoneMatch.isPresent() && matches(ifNoneMatch.get(), etag.get())
                ? Optional.of(Errors.preconditionFailed(SOURCE_IF_NONE_MATCH))
                : Optional.empty();
    }

    /** Returns the ETag of the object, the empty text if it has none, or nothing if there is no object. */
    private Optional<String> etag(S3Object object) throws IOException {
        try (Answer head = store.answer(Request.head(object.path()))) {
            return head.status() == 200 ? Optional.of(unquoted(head.header("ETag"))) : Optional.empty();
        }
    }

    private boolean exists(String path) throws IOException {
        try (Answer head = store.answer(Request.head(path))) {
            return head.status() == 200;
        }
    }

    private static boolean matches(String condition, String etag) {
        return condition.strip().equals("*") || unquoted(condition).equals(etag);
    }

    private static String unquoted(String etag) {
        String text = etag.strip();
        return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }

    /** An upload that must not be finished. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient Answer answer;

        Refused(Answer answer) {
            super("condition not met");
            this.answer = answer;
        }
    }

    /** The right to change some objects, taken at most once and given back at the end. */
    private final class Hold implements Closeable {
        /** Distinct and rising, so that two holders never wait for each other. */
        private final int[] wanted;

        private boolean taken;

        Hold(S3Object... objects) {
            this(IntStream.range(0, objects.length).map(i -> Math.floorMod(objects[i].hashCode(), locks.length)));
        }

        Hold(IntStream wanted) {
            this.wanted = wanted.distinct().sorted().toArray();
        }

        void take() {
            for (int i : wanted) {
                locks[i].lock();
            }
            taken = true;
        }

        @Override
        public void close() {
            if (taken) {
                for (int i : wanted) {
                    locks[i].unlock();
                }
            }
        }
    }
}
