package pipeline.local;

/** What goes wrong with one call. Errors are worded as the service itself words them. */
public enum Fault {
    /** Nothing goes wrong. */
    NONE,
    /** The service answers 503 (DynamoDB: 500); the call has had no effect. */
    FAIL_BEFORE,
    /** The call takes effect, and the service answers 500 all the same. */
    FAIL_AFTER,
    /** The call takes effect, and the connection is cut before the answer. */
    CUT_AFTER,
    /**
     * The call takes effect, its answer announces its whole length, and the connection is cut in the middle of the body.
     * An answer without a body is cut before its first byte.
     */
    TRUNCATED,
    /** The call has no effect and no answer until {@link LocalAws#releaseHanging()} or {@link LocalAws#close()}. */
    HANG,
    /** The call waits like one that hangs, and takes effect and is answered when it is released: it arrives late. */
    LATE,
    /** The service refuses the call because there are too many of them; it has had no effect. */
    THROTTLE,
    /**
     * BatchWriteItem stores the first half of each table's requests and hands the others back as unprocessed (a batch
     * of which nothing would be stored is throttled). Any other call goes well.
     */
    UNPROCESSED,
    /** The caller lacks the permission. */
    DENIED,
    /** The caller's session token has expired. */
    EXPIRED,
    /** S3 may not use the key of KMS that the bucket encrypts with, because it is disabled. */
    KEY_DISABLED,
    /** S3 refuses this object for a reason of its own, as one that is encrypted with a key of the sender's. */
    INVALID_REQUEST,
    /** The service answers 500; the call has had no effect. */
    INTERNAL_ERROR,
    /** The service does not know the operation. */
    NOT_IMPLEMENTED,
    /** The connection is closed at once, as by a service that is down. */
    DOWN
}
