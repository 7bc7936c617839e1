package pipeline.run;

import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.PollingConsumerPollStrategy;

/**
 * Polls a queue only while files may be taken up: a message that is not received keeps its place and its receive count,
 * and is there at once when an outage ends.
 */
final class PollsWhileOpen implements PollingConsumerPollStrategy {
    private final IntakeGate intake;

    PollsWhileOpen(IntakeGate intake) {
        this.intake = intake;
    }

    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
        return intake.isOpen();
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
        // Nothing is kept of a poll that went well.
    }

    @Override
    public boolean rollback(Consumer consumer, Endpoint endpoint, int retryCounter, Exception cause) {
        intake.listingFailed(cause);
        return false;
    }
}
