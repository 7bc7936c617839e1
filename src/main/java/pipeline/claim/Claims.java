package pipeline.claim;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import pipeline.cost.Billing;
import pipeline.dataset.RowKeys;
import pipeline.intake.ObjectVersion;
import pipeline.settings.Settings;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Who works on a file version, and what its holder says there of the rows that are stored. At most one worker holds a
 * version at any time; a claim is one conditional write to the ledger.
 */
public final class Claims {
    private final Ledger ledger;
    private final Leases leases;
    private final Settings settings;
    private final Clocks clocks;
    private final Billing billing;
    private final String storedAs;
    private final LeaseWatch watch;
    private final EndedAttempts ended;

    /**
     * @param ended what this process knows of its attempts, shared with its {@link Retries}
     * @param datasets by which a file claimed here may be stored, see {@link Entry#storedAs}
     */
    public Claims(
            Ledger ledger,
            Leases leases,
            EndedAttempts ended,
            Settings settings,
            Set<RowKeys> datasets,
            Billing billing,
            Clocks clocks) {
        this.ledger = ledger;
        this.leases = leases;
        this.ended = ended;
        this.settings = settings;
        this.billing = billing;
        this.clocks = clocks;
        this.storedAs = RowKeys.together(datasets);
        this.watch = new LeaseWatch(clocks.monotonic());
    }

    /** What is known of a claim before it is made; what this thread uses from now on is on the bill of its attempt. */
    public Claim notClaimed() {
        billing.begin();
        return new Claim.NotClaimed(
                UUID.randomUUID().toString(), clocks.monotonic().getAsLong());
    }

    /** What becomes of the claim of an object that is not there. */
    public Claim gone() {
        return new Claim.Gone();
    }

    /**
     * Tries to take a version: a new one, one that is due, or one whose holder has died.
     *
     * @param before what {@link #notClaimed} has answered; the same on every retry of this claim
     */
    public Claim claim(ObjectVersion wanted, Claim.NotClaimed before) {
        Optional<Entry> known = wanted.object().isPresent()
                ? ledger.change(wanted.file(), wanted.version(), firstClaim(wanted, before.owner()))
                        .entry()
                : ledger.find(wanted.file(), wanted.version());
        return known.map(entry -> isOwn(entry, before) ? own(entry, before) : claimKnown(entry, wanted, before))
                .orElseGet(Claim.Gone::new);
    }

    /** It was claimed just now, or by an earlier try of this very claim, of which the answer was lost. */
    private static boolean isOwn(Entry entry, Claim.NotClaimed before) {
        return entry.leaseOwner().equals(before.owner());
    }

    private Claim own(Entry entry, Claim.NotClaimed before) {
        Attempt attempt = working(entry, before);
        return entry.status() == Status.PROCESSING
                ? new Claim.Claimed(attempt, entry.exhausted())
                : new Claim.Concluded(entry, Optional.of(attempt));
    }

    private Update firstClaim(ObjectVersion wanted, String owner) {
        Instant now = now().truncatedTo(ChronoUnit.MICROS);
        return leased(new Update(), owner, 1)
                .set("status", Status.PROCESSING.text())
                .set("open", Ledger.WORK)
                .set("attempts", 1)
                .set(
                        "first_claim",
                        now.plusNanos(FileVersion.nanos(wanted.file(), wanted.version()))
                                .toString())
                .set("bytes", wanted.object().orElseThrow().bytes())
                .set(
                        "object_last_modified",
                        wanted.object().orElseThrow().lastModified().toString())
                .set("rows_repaired", AttributeValue.fromM(Map.of()))
                .set("stored_as", AttributeValue.fromSs(List.of(storedAs)))
                .remove("reason", "concluded_at", "exhausted")
                .whenAbsentOr("file", "status", Status.SUPERSEDED.text());
    }

    private Claim claimKnown(Entry entry, ObjectVersion wanted, Claim.NotClaimed before) {
        switch (entry.status()) {
            case PROCESSING -> {
                Duration remaining = remaining(entry);
                if (!remaining.isZero()) {
                    return new Claim.Held(remaining);
                }
            }
            case WAITING -> {
                if (entry.notBefore().isAfter(now())) {
                    return new Claim.Waiting(entry.notBefore());
                }
            }
            case SUPERSEDED -> {
                return new Claim.Gone();
            }
            default -> {
                return claimConcluded(entry, before);
            }
        }
        return take(entry, wanted, before);
    }

    /** What its owner left undone is taken over when the owner shows no life, as a file is. */
    private Claim claimConcluded(Entry entry, Claim.NotClaimed before) {
        if (!entry.announcePending() && !entry.tidyPending()) {
            watch.forget(entry);
            return new Claim.Concluded(entry, Optional.empty());
        }
        Duration remaining = remaining(entry);
        if (!remaining.isZero()) {
            return new Claim.Held(remaining);
        }
        return takeAsSeen(entry, leased(new Update(), before.owner(), entry.leaseBeat() + 1), before);
    }

    /** Takes an entry that is due or whose lease has run out. */
    private Claim take(Entry entry, ObjectVersion wanted, Claim.NotClaimed before) {
        int spent = spentAttempts(entry);
        boolean exhausted = spent >= settings.maxAttempts();
        Update update = leased(new Update(), before.owner(), entry.leaseBeat() + 1)
                .set("status", Status.PROCESSING.text())
                .set("attempts", exhausted ? spent : spent + 1)
                .set("stored_as", AttributeValue.fromSs(storedAsTooBy(entry)))
                .remove("not_before");
        if (exhausted) {
            update.set("exhausted", 1);
        } else {
            update.remove("exhausted");
        }
        wanted.object()
                .ifPresent(object ->
                        update.set("object_last_modified", object.lastModified().toString()));
        if (endIsUnknown(entry) && !ended.unspent(entry.leaseOwner())) {
            History.add(
                    update.remove("reason"),
                    entry,
                    now(),
                    "cut off",
                    "found no end of it: its process died, or could not write it to the ledger");
        }
        return takeAsSeen(entry, update, before);
    }

    /** Takes an entry, provided that it is still as it was seen. */
    private Claim takeAsSeen(Entry entry, Update update, Claim.NotClaimed before) {
        update.whenEquals("status", entry.status().text())
                .whenEquals("lease_owner", entry.leaseOwner())
                .whenEquals("lease_beat", entry.leaseBeat());
        Optional<Entry> taken =
                ledger.change(entry.file(), entry.version(), update).entry().filter(now -> isOwn(now, before));
        if (taken.isEmpty()) {
            return new Claim.Held(Duration.ofSeconds(settings.leaseSeconds()));
        }
        watch.forget(entry);
        ended.forget(entry.leaseOwner());
        return own(taken.get(), before);
    }

    /** How much longer an entry is its owner's. */
    private Duration remaining(Entry entry) {
        return ended.contains(entry.leaseOwner()) ? Duration.ZERO : watch.remaining(entry);
    }

    /** The attempts that count, the last one left out where it ended here through no fault of the file's. */
    private int spentAttempts(Entry entry) {
        return endIsUnknown(entry) && ended.unspent(entry.leaseOwner())
                ? Math.max(0, entry.attempts() - 1)
                : entry.attempts();
    }

    /** Whether the ledger does not say how the entry's last attempt ended; what only ends an exhausted file is none. */
    private static boolean endIsUnknown(Entry entry) {
        return entry.status() == Status.PROCESSING && !entry.exhausted();
    }

    /** Before it is known which dataset a file has, let alone its first row stored: so no crash can lose it. */
    private List<String> storedAsTooBy(Entry entry) {
        return Stream.concat(entry.storedAs().stream(), Stream.of(storedAs))
                .distinct()
                .toList();
    }

    private Update leased(Update update, String owner, long beat) {
        return update.set("lease_owner", owner).set("lease_beat", beat).set("lease_seconds", settings.leaseSeconds());
    }

    /** Others count the lease from the first try that may have been served, so its holder does. */
    private Attempt working(Entry entry, Claim.NotClaimed before) {
        Lease lease = new Lease(
                before.owner(),
                entry.leaseBeat(),
                before.since(),
                Duration.ofSeconds(settings.leaseSeconds()),
                settings.callTimeout(),
                clocks.monotonic());
        Attempt attempt = new Attempt(entry, lease, billing.bill());
        leases.hold(attempt);
        return attempt;
    }

    /**
     * The file is stored from its first row on, whoever does it: some of its rows are about to be deleted.
     *
     * @throws LeaseLostException when the file is no longer ours
     */
    public void startOver(Attempt attempt) {
        attempt.startOver();
        changeAsHolder(attempt, new Update().remove("stored_through", "dataset_hash"));
    }

    /**
     * Nothing of the file lies in tables by any declaration but those at hand.
     *
     * @throws LeaseLostException when the file is no longer ours
     */
    public void forgetEarlierDeclarations(Attempt attempt) {
        changeAsHolder(attempt, new Update().set("stored_as", AttributeValue.fromSs(List.of(storedAs))));
    }

    private void changeAsHolder(Attempt attempt, Update update) {
        boolean ours = ledger.change(
                        attempt.file(),
                        attempt.version(),
                        update.whenEquals("status", Status.PROCESSING.text())
                                .whenEquals("lease_owner", attempt.lease().owner()))
                .applied();
        if (!ours) {
            throw new LeaseLostException();
        }
    }

    /**
     * Of the entries that wait for a machine, those to be taken up now: due, or with a lease that has run out.
     *
     * @param items of the index {@code open}, as DynamoDB returned them
     */
    public List<ObjectVersion> due(List<Map<String, AttributeValue>> items) {
        watch.prune();
        return items.stream()
                .map(Entry::new)
                .filter(this::isDue)
                .map(entry -> ObjectVersion.open(entry.file(), entry.version()))
                .toList();
    }

    private Instant now() {
        return clocks.wall().instant();
    }

    private boolean isDue(Entry entry) {
        return entry.status() == Status.WAITING
                ? !entry.notBefore().isAfter(now())
                : remaining(entry).isZero();
    }
}
