package pipeline.claim;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The ledger's side of the end of a file: changes that only the holder, or whoever took over from it, can make. */
public final class Conclusions {
    /** Entries of one day are spread over this many partitions of the index by day. */
    public static final int SHARDS = 8;

    /** The outcome that an entry's history has for a replay. */
    static final String REPLAYED = "replayed";

    private final Ledger ledger;
    private final Clocks clocks;

    public Conclusions(Ledger ledger, Clocks clocks) {
        this.ledger = ledger;
        this.clocks = clocks;
    }

    /** Where the file and its rejects lie, and how it ended. */
    public record End(Status status, Optional<String> reason, Optional<String> rejects, String location) {}

    /**
     * Writes the end of a file, all figures in one conditional write. Made once: by the holder of the lease alone, and a
     * second time only by a retry of the same write.
     *
     * <p>{@code cost} is in dollars: the write units of the rows, what the ledger has charged for this version's entry, the
     * requests made for it to S3, SQS and SNS, by the prices at hand; all attempts together, but for what one that was cut
     * off has used since its last heartbeat. What comes with this write or after it cannot be counted yet and is added as
     * the routes will do it: the write itself, message and alert of a failure with the changes of the entry that they
     * bring, the look for copies in old places after a later attempt, and receiving and deleting the file's event where
     * events are taken. Not in it are listings and empty polls, which are nobody's; claims by others that found the file
     * held; how often its message was hidden again; a heartbeat after this write; copies deleted after it, and what has to
     * be done again then because a service failed.
     *
     * @throws LeaseLostException when the file is no longer ours
     */
    public Entry conclude(Attempt attempt, End end) {
        Instant now = clocks.wall().instant().truncatedTo(ChronoUnit.MILLIS);
        boolean failure = end.status() != Status.COMPLETED;
        boolean tidy = !attempt.first();
        // A failed attempt may have read less than an earlier one had stored: the ledger keeps what is known.
        boolean less = end.status() == Status.FAILED
                && attempt.rowsRead() < attempt.entry().rowsRead();
        Update update = Leases.progress(new Update(), attempt)
                .set("status", end.status().text())
                .set("rows_read", less ? attempt.entry().rowsRead() : attempt.rowsRead())
                .set("rows_stored", less ? attempt.entry().rowsStored() : attempt.rowsStored())
                .set("rows_rejected", less ? attempt.entry().rowsRejected() : attempt.rowsRejected())
                .set("write_units", Math.round(attempt.writeUnits()))
                .set("items_resent", attempt.itemsResent())
                .set("cost", attempt.costInTheEnd(failure))
                .set("duration_millis", attempt.elapsed().toMillis())
                .set("location", end.location())
                .set("concluded_at", now.toString())
                .set(
                        "day",
                        now.toString().substring(0, 10) + "#"
                                + Math.floorMod(attempt.file().hashCode(), SHARDS))
                .remove("not_before")
                .whenEquals("status", Status.PROCESSING.text())
                .whenEquals("lease_owner", attempt.lease().owner());
        if (attempt.movedOn()) {
            // A heartbeat may have set it back to 1 or not: which attempt ended the file must not depend on that.
            update.set("attempts", attempt.entry().attempts());
        }
        if (!less) {
            Leases.rejectedFor(update, attempt);
        }
        attempt.archived().ifPresent(copy -> update.set("archive", copy.key()));
        if (end.status() != Status.FAILED) {
            // What it has stored is known to the row, and for good.
            update.remove("stored_as");
        }
        History.add(
                update, attempt.entry(), now, end.status().text(), end.reason().orElse(""));
        setOrRemove(update, "reason", end.reason());
        setOrRemove(update, "rejects", end.rejects());
        if (failure) {
            update.set("announce", "pending").add("failures", 1);
        }
        if (tidy) {
            update.set("tidy", "pending");
        }
        if (!failure && !tidy) {
            update.remove("open");
        }
        Entry concluded = ledger.change(attempt.file(), attempt.version(), update)
                .entry()
                .filter(found -> found.status() == end.status()
                        && found.leaseOwner().equals(attempt.lease().owner()))
                .orElseThrow(LeaseLostException::new);
        attempt.conclude(end.status());
        return concluded;
    }

    private static void setOrRemove(Update update, String name, Optional<String> value) {
        value.ifPresentOrElse(text -> update.set(name, text), () -> update.remove(name));
    }

    /**
     * The version was replaced before it could be archived: there is nothing to count and nobody to tell.
     *
     * @return false when another has taken the file
     */
    public boolean supersede(Attempt attempt) {
        boolean applied = ledger.change(
                        attempt.file(),
                        attempt.version(),
                        new Update()
                                .set("status", Status.SUPERSEDED.text())
                                .remove("open", "not_before")
                                .whenEquals("status", Status.PROCESSING.text())
                                .whenEquals("lease_owner", attempt.lease().owner()))
                .applied();
        attempt.conclude(Status.SUPERSEDED);
        return applied;
    }

    /** Message and alert are sent, old copies are gone: what is left is for a person, or nothing. */
    public void settled(Entry entry) {
        Update update = new Update()
                .remove("announce", "tidy")
                .whenEquals("status", entry.status().text())
                .whenEquals("lease_owner", entry.leaseOwner());
        if (entry.status() == Status.REFUSED || entry.status() == Status.FAILED) {
            update.set("open", Ledger.FAILURE);
        } else {
            update.remove("open");
        }
        ledger.change(entry.file(), entry.version(), update);
    }

    /** Whether old copies are still its holder's to delete: nobody has decided on the file, or taken it over, since. */
    public boolean tidyDue(Entry entry) {
        return ledger.find(entry.file(), entry.version())
                .filter(Entry::tidyPending)
                .filter(now ->
                        now.status() == entry.status() && now.leaseOwner().equals(entry.leaseOwner()))
                .isPresent();
    }

    /** The filed copy had been deleted and was made again. */
    public void refiled(Entry entry, String location) {
        ledger.change(
                entry.file(),
                entry.version(),
                new Update()
                        .set("location", location)
                        .whenEquals("status", entry.status().text()));
    }

    /**
     * Notes that rows which a file had rejected came back corrected. Said twice, it counts once.
     *
     * @param source the earlier file version
     * @param by the file version that brought the corrected rows
     */
    public void repaired(Entry source, Attempt by, long rows) {
        ledger.change(
                source.file(),
                source.version(),
                new Update().setIn("rows_repaired", by.toString(), rows).whenPresent("rows_repaired"));
    }

    /** @param source file@version */
    public Optional<Entry> find(String source) {
        int at = source.lastIndexOf('@');
        return ledger.find(source.substring(0, at), source.substring(at + 1));
    }

    /**
     * The dead-letter message is sent; the alert is what is left to announce.
     *
     * @return the entry as it is now; with nothing left to do where a person, or another worker, has decided otherwise
     *     since
     */
    public Entry messageSent(Entry entry) {
        return ledger.change(
                        entry.file(),
                        entry.version(),
                        new Update()
                                .set("announce", "alert")
                                .whenEquals("announce", "pending")
                                .whenEquals("lease_owner", entry.leaseOwner()))
                .entry()
                .filter(now ->
                        now.status() == entry.status() && now.leaseOwner().equals(entry.leaseOwner()))
                .orElseGet(entry::settled);
    }

    /**
     * Re-opens a refused or failed file: all of it is worked on again, from its archived copy. A failure that was not
     * announced yet is not any more, since whoever decides this knows of it: or its alert would follow the file into its
     * next outcome. Copies in old places are tidied up by the next conclusion, as after every later attempt.
     */
    public boolean replay(Entry entry) {
        Update update = new Update()
                .set("status", Status.WAITING.text())
                .set("open", Ledger.WORK)
                .remove("not_before", "exhausted")
                .set("attempts", 0)
                .add("replays", 1)
                .remove("stored_through", "announce", "tidy", "throttled");
        return decided(entry, update, REPLAYED);
    }

    /**
     * Leaves a refused or failed file at that: it stays in archive and ledger and is gone from the list of failures. What
     * is left to tidy up stays work for a machine; nothing is announced any more.
     */
    public boolean discard(Entry entry) {
        Update update = new Update().set("status", Status.DISCARDED.text()).remove("announce");
        if (!entry.tidyPending()) {
            update.remove("open");
        }
        return decided(entry, update, "discarded");
    }

    private boolean decided(Entry entry, Update update, String outcome) {
        History.add(update, entry, clocks.wall().instant(), outcome, "")
                .whenEquals("status", entry.status().text())
                .whenEquals("lease_beat", entry.leaseBeat());
        return ledger.change(entry.file(), entry.version(), update).applied();
    }
}
