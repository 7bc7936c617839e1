package pipeline.claim;

/** This attempt no longer holds its file: another may be at work on it, so nothing more is written. */
public final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeaseLostException() {
        super("the lease was not renewed in time or another worker has taken it");
    }
}
