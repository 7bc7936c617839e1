package pipeline.intake;

import java.time.Duration;

/** What is to become of a message of the intake queue, after all that it asked for was tried. */
public final class Receipt {
    private final String handle;
    private Duration hideFor = Duration.ZERO;

    /** @param handle SQS's receipt handle of this delivery */
    Receipt(String handle) {
        this.handle = handle;
    }

    public String handle() {
        return handle;
    }

    /** Something that the message asked for is another's at the moment: look again after this time. */
    public void hold(Duration retryIn) {
        if (retryIn.compareTo(hideFor) > 0) {
            hideFor = retryIn;
        }
    }

    /** True when the message has done its work and may be deleted. */
    public boolean isSettled() {
        return hideFor.isZero();
    }

    /** How long the message is to stay out of sight. */
    public Duration hideFor() {
        return hideFor;
    }
}
