package pipeline.claim;

import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import pipeline.settings.Settings;

/**
 * What becomes of a file version whose attempt ends without a conclusion: when the next one may begin, and whether this
 * one counts among those that the file gets.
 */
public final class Retries {
    /** The wait after a failed attempt doubles so often. */
    private static final int LONGEST_RETRY = 10;

    /** The wait of a file that is throttled doubles so often: nothing is wrong with it. */
    private static final int LONGEST_THROTTLE = 5;

    private final Ledger ledger;
    private final EndedAttempts ended;
    private final Settings settings;
    private final Clocks clocks;

    /** @param ended what this process knows of its attempts, shared with its {@link Claims} */
    public Retries(Ledger ledger, EndedAttempts ended, Settings settings, Clocks clocks) {
        this.ledger = ledger;
        this.ended = ended;
        this.settings = settings;
        this.clocks = clocks;
    }

    /** True when this attempt was the last that the file gets, as the ledger counts them now. */
    public boolean lastAttempt(Attempt attempt) {
        return attempts(attempt) >= settings.maxAttempts();
    }

    /** Progress since the claim sets the count back to 1; one that another was given back counts no more. */
    private int attempts(Attempt attempt) {
        return attempt.movedOn()
                ? 1
                : ledger.find(attempt.file(), attempt.version())
                        .map(Entry::attempts)
                        .orElseGet(() -> attempt.entry().attempts());
    }

    /**
     * The attempt failed and the file gets another: it waits, longer each time, with jitter so that files that failed
     * together do not return together.
     *
     * @return when it is due
     */
    public Instant retryLater(Attempt attempt, String reason) {
        ended.addSpent(attempt.lease().owner());
        Instant notBefore = dueAfter(Math.min(attempts(attempt) - 1, LONGEST_RETRY));
        Update update = new Update().set("not_before", notBefore.toString()).set("reason", reason);
        if (attempt.movedOn()) {
            update.set("attempts", 1);
        }
        letWait(attempt, History.add(update, attempt.entry(), now(), "retried", reason));
        return notBefore;
    }

    /**
     * The attempt ended through no fault of the file's: it counts for nothing, and the file may be taken at once, by
     * whosever clock.
     */
    public void handBack(Attempt attempt) {
        letWait(attempt, unspent(attempt).remove("not_before"));
    }

    /**
     * The last attempt that the file gets has failed, and the file is about to be ended: whoever does that, if this process
     * cannot, knows why.
     *
     * @throws LeaseLostException when the file is no longer ours
     */
    public void giveUp(Attempt attempt, String reason) {
        boolean ours = ledger.change(
                        attempt.file(),
                        attempt.version(),
                        new Update()
                                .set("exhausted", 1)
                                .set("reason", reason)
                                .whenEquals("status", Status.PROCESSING.text())
                                .whenEquals("lease_owner", attempt.lease().owner()))
                .applied();
        if (!ours) {
            throw new LeaseLostException();
        }
    }

    /**
     * A service asks to slow down: the file waits like one that failed, longer each time that it got no further, but its
     * attempts are unspent.
     */
    public void waitUnspent(Attempt attempt, String reason) {
        int before = attempt.movedOn() ? 0 : attempt.entry().throttled();
        Update update = unspent(attempt)
                .set("not_before", dueAfter(Math.min(before, LONGEST_THROTTLE)).toString())
                .set("throttled", before + 1);
        if (!attempt.entry().exhausted()) {
            update.set("reason", reason);
        }
        letWait(attempt, update);
    }

    private Instant dueAfter(int doublings) {
        double jitter = ThreadLocalRandom.current().nextDouble(0.5, 1.0);
        long doubled = settings.retryBackoff().toMillis() << Math.max(0, doublings);
        return now().plusMillis((long) (doubled * jitter));
    }

    private Update unspent(Attempt attempt) {
        ended.addUnspent(attempt.lease().owner());
        if (attempt.entry().exhausted()) {
            // To be ended only: it was no attempt, so there is none to give back.
            return new Update();
        }
        return attempt.movedOn() ? new Update().set("attempts", 0) : new Update().add("attempts", -1);
    }

    /**
     * The lease was lost while this process slept or was cut off. If nobody has taken the file yet, it is handed back;
     * if another has, the attempt that this cost is given back, once.
     */
    public void fencedOff(Attempt attempt) {
        try {
            handBack(attempt);
        } catch (LeaseLostException taken) {
            if (attempt.entry().exhausted()) {
                return;
            }
            String owner = attempt.lease().owner();
            ledger.change(
                    attempt.file(),
                    attempt.version(),
                    new Update()
                            .add("attempts", -1)
                            .set("fenced_off", owner)
                            .whenEquals("status", Status.PROCESSING.text())
                            .whenMoreThan("attempts", 1)
                            .whenNotEquals("lease_owner", owner)
                            .whenNotEquals("fenced_off", owner));
        }
    }

    /**
     * Nobody in this process works on the claim any more. Where the ledger does not know that, for it could not be
     * reached, the file is taken up again here without waiting until the lease has run out.
     */
    public void ended(Claim claim) {
        if (claim instanceof Claim.NotClaimed lost) {
            // It may have been claimed all the same, the answer being lost.
            ended.addUnspent(lost.owner());
        }
        claim.work()
                .filter(attempt -> !attempt.settled())
                .ifPresent(attempt -> ended.addSpent(attempt.lease().owner()));
    }

    /** What follows the conclusion could not be done to its end: this process need not wait to try the rest again. */
    public void retryRest(Entry entry) {
        ended.addSpent(entry.leaseOwner());
    }

    private void letWait(Attempt attempt, Update update) {
        Leases.rejectedFor(Leases.progress(update, attempt), attempt)
                .set("items_resent", attempt.itemsResent())
                .set("cost", attempt.costWhenItWaits())
                .set("status", Status.WAITING.text())
                .set("rows_read", attempt.rowsRead())
                .set("rows_stored", attempt.rowsStored())
                .set("rows_rejected", attempt.rowsRejected())
                .whenEquals("status", Status.PROCESSING.text())
                .whenEquals("lease_owner", attempt.lease().owner());
        Ledger.Change change = ledger.change(attempt.file(), attempt.version(), update);
        Entry entry =
                change.entry().filter(now -> now.status() == Status.WAITING).orElseThrow(LeaseLostException::new);
        ended.forget(attempt.lease().owner());
        attempt.waits(entry.notBefore());
    }

    private Instant now() {
        return clocks.wall().instant();
    }
}
