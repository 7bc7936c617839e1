package pipeline.claim;

/** The process is stopping: the attempt ends here, costs nothing, and whoever takes the file next goes on from here. */
public final class HandBackException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public HandBackException() {
        super("the process is stopping");
    }
}
