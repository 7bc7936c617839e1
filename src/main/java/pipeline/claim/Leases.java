package pipeline.claim;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.settings.Settings;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Renews the leases of all attempts of this process, three times per lease, and writes down how far each has got.
 * A lease that was not renewed in time, or was taken, is marked lost: its holder notices before its next write.
 */
public final class Leases implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

    private final Ledger ledger;
    private final Clocks clocks;
    private final Map<Lease, Attempt> held = new ConcurrentHashMap<>();
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "lease-heartbeat");
        thread.setDaemon(true);
        return thread;
    });
    private final ExecutorService beats = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "lease-beat");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean stopping;

    public Leases(Ledger ledger, Settings settings, Clocks clocks) {
        this.ledger = ledger;
        this.clocks = clocks;
        long everyMillis = settings.leaseSeconds() * 1000L / 3;
        heart.scheduleAtFixedRate(this::renewAll, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
    }

    void hold(Attempt attempt) {
        held.put(attempt.lease(), attempt);
        if (stopping) {
            attempt.lease().askToHandBack();
        }
    }

    /** The attempt has ended: its lease is renewed no more. */
    public void release(Attempt attempt) {
        held.remove(attempt.lease());
    }

    /** The attempts of this process that have not ended, as they are now; their figures go on changing. */
    public Collection<Attempt> inHand() {
        return List.copyOf(held.values());
    }

    /** The process is stopping: every holder hands its file back at its next step, new ones at their first. */
    public void handBackAll() {
        stopping = true;
        held.keySet().forEach(Lease::askToHandBack);
    }

    /** The process goes on after all: a function that was out of time is called again. */
    public void goOn() {
        stopping = false;
    }

    /** True while the process is stopping. */
    public boolean stopping() {
        return stopping;
    }

    /** One slow answer must not cost the other leases their beat. */
    private void renewAll() {
        held.values().forEach(attempt -> beats.execute(() -> attempt.billed(() -> renew(attempt))));
    }

    void renew(Attempt attempt) {
        Lease lease = attempt.lease();
        long sentAt = clocks.monotonic().getAsLong();
        try {
            Ledger.Change change = ledger.change(attempt.file(), attempt.version(), beat(attempt));
            if (change.applied()) {
                lease.renewed(sentAt);
            } else if (change.entry()
                            .filter(now -> now.leaseOwner().equals(lease.owner()))
                            .isEmpty()
                    && held.remove(lease) != null) {
                lease.lose();
            }
        } catch (SdkException e) {
            LOG.debug("lease of {} not renewed, next try with the next beat", attempt, e);
        } catch (RuntimeException e) {
            LOG.error("lease of {} not renewed: {}", attempt, e.toString());
        }
    }

    /**
     * Shows that the holder is alive, who has what follows the conclusion to do as well. A beat that crosses the
     * conclusion is not made, and says nothing of the lease.
     */
    private static Update beat(Attempt attempt) {
        Lease lease = attempt.lease();
        Update update = new Update().set("lease_beat", lease.nextBeat()).whenEquals("lease_owner", lease.owner());
        if (attempt.concluded()) {
            return update.whenEquals("status", attempt.end().orElseThrow().text());
        }
        if (attempt.movedOn()) {
            // The file has moved on: whatever stops it next is not what stopped it before.
            update.set("attempts", 1);
        }
        return progress(update, attempt).set("cost", attempt.cost()).whenEquals("status", Status.PROCESSING.text());
    }

    /** How far the attempt has got, and by which declaration; nothing before the header was recognised. */
    static Update progress(Update update, Attempt attempt) {
        attempt.dataset().ifPresent(dataset -> update.set("stored_through", attempt.storedThrough())
                .set("dataset", dataset.name())
                .set("dataset_hash", dataset.hash()));
        return update;
    }

    /** For which reasons the attempt has rejected rows. */
    static Update rejectedFor(Update update, Attempt attempt) {
        Map<String, AttributeValue> rows = new LinkedHashMap<>();
        attempt.rejectedFor().forEach((reason, count) -> rows.put(reason, AttributeValue.fromN(count.toString())));
        return rows.isEmpty() ? update.remove("rejected_for") : update.set("rejected_for", AttributeValue.fromM(rows));
    }

    @Override
    public void close() {
        heart.shutdownNow();
        beats.shutdownNow();
    }
}
