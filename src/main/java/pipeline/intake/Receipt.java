package pipeline.intake;

import java.time.Duration;
import java.util.Optional;

/** What is to become of a message of the intake queue, after all that it asked for was tried. */
public final class Receipt {
    private final String handle;
    private Optional<Duration> hideFor = Optional.empty();

    /** @param handle SQS's receipt handle of this delivery */
    Receipt(String handle) {
        this.handle = handle;
    }

    public String handle() {
        return handle;
    }

    /** Something that the message asked for is another's at the moment: look again after this time. */
    public void hold(Duration retryIn) {
        hideFor = Optional.of(
                hideFor.filter(known -> known.compareTo(retryIn) > 0).orElse(retryIn));
    }

    /** True when the message has done its work and may be deleted. */
    public boolean isSettled() {
        return hideFor.isEmpty();
    }

    /** How long the message is to stay out of sight; nothing of that if it may be seen at once. */
    public Duration hideFor() {
        return hideFor.orElse(Duration.ZERO);
    }
}
