package pipeline.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import pipeline.aws.Reasons;
import pipeline.claim.Attempt;
import pipeline.claim.Claim;
import pipeline.claim.Leases;
import pipeline.intake.InFlight;
import pipeline.intake.ObjectVersion;
import pipeline.intake.RawData;
import pipeline.intake.Receipt;
import pipeline.observe.Journal;
import pipeline.outage.Outage;

/** What is taken up now, and what is left for later: files found by listing, and messages of the queue. */
public final class IntakeGate {
    /** Each time that a message comes back is counted, and of those a queue allows 1,000: three days of an outage. */
    private static final Duration OUTAGE = Duration.ofMinutes(5);

    private final RawData rawData;
    private final InFlight inFlight;
    private final Leases leases;
    private final Outage outage;
    private final Journal journal;
    private final Duration lease;
    private final Optional<InstantSource> due;

    /** @param due by which clock a message comes back when its file is due; empty where timers take up what waits */
    IntakeGate(
            RawData rawData,
            InFlight inFlight,
            Leases leases,
            Outage outage,
            Journal journal,
            Duration lease,
            Optional<InstantSource> due) {
        this.rawData = rawData;
        this.inFlight = inFlight;
        this.leases = leases;
        this.outage = outage;
        this.journal = journal;
        this.lease = lease;
        this.due = due;
    }

    /** Whether anything may be taken up: not while AWS does not answer, and not while the process is stopping. */
    public boolean isOpen() {
        return outage.mayTry() && !leases.stopping();
    }

    /** Whether a version is to be worked on now; if so, it is in hand. */
    public boolean mayBegin(ObjectVersion version) {
        return !leases.stopping() && outage.mayTry(version.toString()) && inFlight.begin(version);
    }

    /** It could not be seen what there is to do; it is looked for again soon. */
    public void listingFailed(Throwable failure) {
        outage.suspect(failure);
        journal.notListed(Reasons.of(failure));
    }

    /** The version that lies under a key that an event names; empty when there is none any more. */
    public Optional<ObjectVersion> find(String key) {
        Optional<ObjectVersion> found = rawData.find(key);
        if (found.isEmpty()) {
            journal.eventGone(key);
        }
        return found;
    }

    /** Keeps the message that asked for a file until the ledger has taken over. */
    public void note(Claim claim, Receipt receipt) {
        if (claim instanceof Claim.Held held) {
            receipt.hold(held.retryIn());
        } else if (claim instanceof Claim.NotClaimed) {
            // What a stopping process has not begun is another's at once.
            receipt.hold(leases.stopping() ? Duration.ZERO : due.isPresent() && !outage.isOver() ? OUTAGE : lease);
        } else if (leases.stopping()
                && claim.work().filter(attempt -> !attempt.concluded()).isPresent()) {
            // A file that is handed back is another's at once too, who need not wait until the ledger is looked
            // through.
            receipt.hold(Duration.ZERO);
        } else if (claim.work().filter(attempt -> !attempt.settled()).isPresent()) {
            receipt.hold(lease);
        } else {
            due.ifPresent(clock -> waitsUntil(claim)
                    .ifPresent(until -> receipt.hold(atLeastNothing(Duration.between(clock.instant(), until)))));
        }
    }

    private static Optional<Instant> waitsUntil(Claim claim) {
        return claim instanceof Claim.Waiting waiting
                ? Optional.of(waiting.notBefore())
                : claim.work().flatMap(Attempt::waitsUntil);
    }

    private static Duration atLeastNothing(Duration time) {
        return time.isNegative() ? Duration.ZERO : time;
    }
}
