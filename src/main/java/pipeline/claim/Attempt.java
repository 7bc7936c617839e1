package pipeline.claim;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import pipeline.cost.Billing;
import pipeline.cost.Charge;
import pipeline.cost.ItemSize;
import pipeline.dataset.Dataset;
import pipeline.intake.StoredObject;

/**
 * One attempt at one file version, from its claim to its end, and how far it has got. Rows are numbered from 1 as they
 * stand in the file, blank lines and header not counted.
 */
public final class Attempt {
    private final Entry entry;
    private final Lease lease;
    private final Billing.Bill bill;
    private final long startedAt = System.nanoTime();
    private volatile long rowsRead;
    private volatile long rowsStored;
    private volatile long rowsRejected;
    private volatile long rowsTotal;
    private volatile long bytesRead;
    private final DoubleAdder writeUnits = new DoubleAdder();
    private final LongAdder itemsResent = new LongAdder();
    private volatile RejectedFor rejectedFor = new RejectedFor();
    private volatile Optional<Status> end;
    private volatile Optional<Instant> waitsUntil = Optional.empty();
    private volatile Optional<StoredObject> archived = Optional.empty();
    private volatile Optional<Dataset> dataset = Optional.empty();
    private volatile long storedBefore;
    private volatile Instant firstClaim;

    /**
     * @param entry as the claim left it; of one that is concluded, what was left undone is claimed
     * @param bill begun before the claim, which is on it
     */
    Attempt(Entry entry, Lease lease, Billing.Bill bill) {
        this.bill = bill;
        this.entry = entry;
        this.lease = lease;
        this.end = entry.status() == Status.PROCESSING ? Optional.empty() : Optional.of(entry.status());
    }

    /** The ledger entry as the claim left it. */
    public Entry entry() {
        return entry;
    }

    public Lease lease() {
        return lease;
    }

    public String file() {
        return entry.file();
    }

    public String version() {
        return entry.version();
    }

    public Instant firstClaim() {
        if (firstClaim == null) {
            firstClaim = entry.firstClaim();
        }
        return firstClaim;
    }

    /** True for the version's first claim ever: nothing of an earlier attempt can lie about. */
    public boolean first() {
        return entry.leaseBeat() == 1;
    }

    /** The copy in the archive, once it is known to be there. */
    public Optional<StoredObject> archived() {
        return archived;
    }

    public void archived(StoredObject copy) {
        archived = Optional.of(copy);
    }

    /** The dataset, once the header was recognised. */
    public Optional<Dataset> dataset() {
        return dataset;
    }

    /**
     * What earlier attempts have stored counts only if they read the rows by the same declaration, and not for a file of
     * corrected rows: which of those are accepted depends on other files too.
     */
    public void recognised(Dataset found, boolean repair) {
        dataset = Optional.of(found);
        boolean same =
                !repair && entry.datasetHash().filter(found.hash()::equals).isPresent();
        storedBefore = same ? entry.storedThrough() : 0;
    }

    /** Nothing that earlier attempts have stored counts: rows are stored from the first on. */
    void startOver() {
        storedBefore = 0;
    }

    /** How many rows the file has, once it was looked through. */
    public long rowsTotal() {
        return rowsTotal;
    }

    public void rowsTotal(long rows) {
        rowsTotal = rows;
    }

    /** How many bytes were read since the file was opened last: to be looked through, or for its rows. */
    public long bytesRead() {
        return bytesRead;
    }

    public void bytesRead(long bytes) {
        bytesRead = bytes;
    }

    /** Reading begins at the first row, for the first time or again. */
    public void startRows() {
        rowsRead = 0;
        rowsStored = 0;
        rowsRejected = 0;
        rejectedFor = new RejectedFor();
    }

    /** A batch was dealt with: its accepted rows are in the table, its rejected ones in the rejects file. */
    public void advance(int stored, int rejected) {
        rowsRead += stored + rejected;
        rowsStored += stored;
        rowsRejected += rejected;
    }

    /** One of the rejected rows had these reasons, none of which holds a text of the file. */
    public void rejected(Collection<String> reasons) {
        rejectedFor.add(reasons);
    }

    /** The rows rejected so far by their reasons; see {@link Entry#rejectedFor}. */
    Map<String, Long> rejectedFor() {
        return rejectedFor.commonest();
    }

    public long rowsRead() {
        return rowsRead;
    }

    public long rowsStored() {
        return rowsStored;
    }

    public long rowsRejected() {
        return rowsRejected;
    }

    /** Consumed write capacity of the rows' table, in write units. */
    public void consumed(double units) {
        writeUnits.add(units);
        bill.usage().add(Charge.ROW_WRITE_UNITS, units);
    }

    public double writeUnits() {
        return writeUnits.sum();
    }

    /** What this thread uses meanwhile is on the attempt's bill. */
    void billed(Runnable work) {
        bill.usage().during(work);
    }

    /** What the file costs so far, this attempt and earlier ones as far as the ledger knows, in dollars. */
    BigDecimal cost() {
        return entry.cost().orElse(BigDecimal.ZERO).add(bill.soFar());
    }

    /** What it will have cost when the ledger has it as waiting. */
    BigDecimal costWhenItWaits() {
        return cost().add(bill.ofWait(ItemSize.writeUnits(entry.item())));
    }

    /** What it will have cost when it is concluded, and announced as a failure where it is one. */
    BigDecimal costInTheEnd(boolean failure) {
        return cost().add(bill.ofEnd(ItemSize.writeUnits(entry.item()), failure, first()));
    }

    /** Items that the table had left unprocessed or throttled were sent to it again. */
    public void resent(int items) {
        itemsResent.add(items);
    }

    /** Items sent again, by this attempt and by earlier ones as far as the ledger knows. */
    long itemsResent() {
        return entry.itemsResent() + itemsResent.sum();
    }

    /** The highest row up to which every accepted row is stored, by this attempt or by earlier ones. */
    public long storedThrough() {
        return Math.max(rowsRead, storedBefore);
    }

    /** True when an earlier attempt has stored the accepted ones of all rows up to this one. */
    public boolean storedBefore(long row) {
        return row <= storedBefore;
    }

    /** True when this attempt has got further than all before it. */
    public boolean movedOn() {
        return rowsRead > entry.storedThrough();
    }

    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    /** True once the ledger says how it ended: nothing that fails later can change that. */
    public boolean concluded() {
        return end.isPresent();
    }

    /** True once the ledger says that every row is stored or returned. */
    public boolean completed() {
        return end.equals(Optional.of(Status.COMPLETED));
    }

    /** How the ledger says it ended; empty before. */
    public Optional<Status> end() {
        return end;
    }

    void conclude(Status status) {
        end = Optional.of(status);
    }

    /** True once the ledger has taken over: the file is concluded, or waits there for its next attempt. */
    public boolean settled() {
        return concluded() || waitsUntil.isPresent();
    }

    /** When the next attempt is due; empty unless the file waits for one. */
    public Optional<Instant> waitsUntil() {
        return waitsUntil;
    }

    void waits(Instant until) {
        waitsUntil = Optional.of(until);
    }

    /** {@code file@version}. */
    @Override
    public String toString() {
        return entry.toString();
    }
}
