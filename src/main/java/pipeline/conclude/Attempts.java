package pipeline.conclude;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import pipeline.aws.Reasons;
import pipeline.aws.Services;
import pipeline.check.Batch;
import pipeline.claim.Attempt;
import pipeline.claim.Claim;
import pipeline.claim.HandBackException;
import pipeline.claim.LeaseLostException;
import pipeline.claim.Leases;
import pipeline.claim.Retries;
import pipeline.cost.Usage;
import pipeline.dataset.Dataset;
import pipeline.dataset.Shown;
import pipeline.observe.Journal;
import pipeline.outage.Outage;
import pipeline.reject.Rejects;
import pipeline.repair.Repairs;
import pipeline.store.TableBusyException;
import pipeline.store.TableWriter;

/** The course of an attempt beyond its steps: progress, outcome, and what follows from a failure. */
public final class Attempts {
    private final Retries retries;
    private final Leases leases;
    private final TableWriter table;
    private final Rejects rejects;
    private final Repairs repairs;
    private final Services services;
    private final Outage outage;
    private final Conclusion conclusion;
    private final Journal journal;

    public Attempts(
            Retries retries,
            Leases leases,
            TableWriter table,
            Rejects rejects,
            Repairs repairs,
            Services services,
            Outage outage,
            Conclusion conclusion,
            Journal journal) {
        this.retries = retries;
        this.leases = leases;
        this.table = table;
        this.rejects = rejects;
        this.repairs = repairs;
        this.services = services;
        this.outage = outage;
        this.conclusion = conclusion;
        this.journal = journal;
    }

    /** Batches were dealt with: their accepted rows are in the table, their rejected ones kept for the rejects file. */
    public void advance(Attempt attempt, List<Batch.Parted> stored) {
        for (Batch.Parted batch : stored) {
            repairs.stored(attempt, batch.accepted());
            attempt.advance(batch.accepted().size(), batch.rejected().size());
            batch.rejected().forEach(row -> attempt.rejected(row.distinctReasons()));
        }
    }

    /** Every row of the file was dealt with; it is an error if that is not so. */
    public Outcome outcomeOfRows(Attempt attempt, long rows) {
        return Outcome.ofRows(attempt, rows);
    }

    /** The file is not what it says. */
    public Outcome refused(String reason) {
        return Outcome.refused(reason);
    }

    /**
     * Decides what follows from a failure, and writes it down unless the file is to be concluded.
     *
     * @return how to conclude the file; empty when it waits, is another's, or was never ours
     */
    public Optional<Outcome> decide(Claim claim, Throwable failure) {
        if (claim.work().isPresent()) {
            return decide(claim.work().get(), failure);
        }
        outage.suspect(failure);
        if (claim instanceof Claim.Concluded concluded) {
            retries.retryRest(concluded.entry());
            journal.leftUndone(concluded.entry().file(), Reasons.of(failure));
        } else {
            journal.notClaimed(Reasons.of(failure));
        }
        return Optional.empty();
    }

    private Optional<Outcome> decide(Attempt attempt, Throwable failure) {
        // Before anybody else may take the file, nothing of it is under way; and what was stored counts.
        advance(attempt, table.abandon(attempt));
        if (attempt.concluded()) {
            // The ledger says how it ended: what is left to do is taken up from there.
            outage.suspect(failure);
            retries.retryRest(attempt.entry());
            journal.leftUndone(attempt.file(), Reasons.of(failure));
            return Optional.empty();
        }
        if (caused(failure, LeaseLostException.class)) {
            retries.fencedOff(attempt);
            journal.handedBack(attempt, Reasons.of(failure));
            return Optional.empty();
        }
        if (caused(failure, HandBackException.class)) {
            retries.handBack(attempt);
            journal.handedBack(attempt, Reasons.of(failure));
            return Optional.empty();
        }
        if (caused(failure, TableBusyException.class) || Services.isThrottled(failure)) {
            retries.waitUnspent(attempt, Reasons.of(failure));
            journal.handedBack(attempt, Reasons.of(failure));
            return Optional.empty();
        }
        Optional<String> unanswered = services.outage(failure, attempt.dataset().map(Dataset::table));
        if (unanswered.isPresent()) {
            outage.begin(unanswered.get());
            retries.handBack(attempt);
            journal.handedBack(attempt, unanswered.get());
            return Optional.empty();
        }
        String reason = Reasons.of(failure);
        if (Services.maybeThrottled(failure)) {
            retries.waitUnspent(attempt, reason);
            journal.handedBack(attempt, reason);
            return Optional.empty();
        }
        if (Services.isOfAws(failure) && outage.isOfMany(attempt.toString(), reason)) {
            retries.handBack(attempt);
            journal.handedBack(attempt, reason);
            return Optional.empty();
        }
        if (attempt.entry().exhausted()) {
            // It was only to be ended: it is that which has failed now.
            return Optional.of(Outcome.failedOnLastTry(attempt.entry().reason().orElse(reason)));
        }
        if (retries.lastAttempt(attempt)) {
            retries.giveUp(attempt, reason);
            return Optional.of(Outcome.failed(reason));
        }
        Instant notBefore = retries.retryLater(attempt, reason);
        journal.retried(attempt, reason, notBefore);
        return Optional.empty();
    }

    /**
     * How a file ends that gets no further attempt: as its last one did, where the ledger knows that. Otherwise the file may
     * be what ends processes.
     */
    public Outcome exhausted(Attempt attempt) {
        return Outcome.failed(attempt.entry()
                .reason()
                .orElseGet(() ->
                        "%s: found no end of attempt %d, the last that the file gets, expected one; its process may have died in the middle of it: look at its log and memory, then replay the file"
                                .formatted(
                                        Shown.line(attempt.file()),
                                        attempt.entry().attempts())));
    }

    /**
     * Passes while what the claim allows is still ours to do.
     *
     * @throws LeaseLostException when another may have taken it, or is about to
     */
    public void checkHeld(Claim claim) {
        claim.work().ifPresent(attempt -> attempt.lease().checkHeld());
    }

    /**
     * The attempt has ended, however it did: nothing of it stays in memory, its lease is renewed no more and what this thread
     * uses is no longer for it.
     */
    public void end(Claim claim) {
        claim.work().ifPresent(attempt -> {
            table.abandon(attempt);
            leases.release(attempt);
            rejects.end(attempt);
            repairs.end(attempt);
        });
        if (claim instanceof Claim.Claimed claimed) {
            tellOutage(claimed.attempt());
        }
        retries.ended(claim);
        if (claim instanceof Claim.Held || claim instanceof Claim.Waiting) {
            journal.pending();
        }
        Usage.end();
    }

    private void tellOutage(Attempt attempt) {
        if (attempt.completed()) {
            outage.passed(attempt.toString());
        } else if (attempt.concluded()) {
            outage.ended(attempt.toString());
        }
    }

    private static boolean caused(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
