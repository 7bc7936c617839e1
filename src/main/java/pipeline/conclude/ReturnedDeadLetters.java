package pipeline.conclude;

import java.util.Optional;
import pipeline.claim.Entry;
import pipeline.claim.Ledger;
import pipeline.intake.S3Events;
import pipeline.observe.Journal;

/**
 * Dead-letter messages that a person has sent to the intake queue, to have their files worked on again. The message is
 * deleted whatever comes of it; so that is said.
 */
public final class ReturnedDeadLetters {
    private final Ledger ledger;
    private final Failures failures;
    private final Journal journal;

    public ReturnedDeadLetters(Ledger ledger, Failures failures, Journal journal) {
        this.ledger = ledger;
        this.failures = failures;
        this.journal = journal;
    }

    /** Re-opens the file of the message. Where its entry changes in that very moment, it is read again, once. */
    public void replay(S3Events.Replay message) {
        if (replayNow(message) || replayNow(message)) {
            journal.replayed(message.file());
            return;
        }
        Optional<Entry> now = ledger.find(message.file(), message.version());
        if (now.isEmpty()) {
            journal.unknownReplay(message.file(), message.version());
        } else {
            journal.notReplayed(now.get(), Failures.isFailure(now.get()));
        }
    }

    private boolean replayNow(S3Events.Replay message) {
        return ledger.find(message.file(), message.version())
                .filter(failures::replay)
                .isPresent();
    }
}
