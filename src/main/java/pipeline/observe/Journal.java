package pipeline.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.claim.Attempt;
import pipeline.claim.Entry;
import pipeline.dataset.Dataset;
import pipeline.dataset.Shown;

/**
 * Says what became of each file: one line in the log, the counters, and whoever listens in this process. No line holds a
 * cell of a customer's row.
 */
public final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    /** Something that happened to a file, for a listener in this process. */
    public sealed interface Event {
        /** It is completed, refused or failed. */
        record Concluded(Entry entry, Duration elapsed) implements Event {}

        /** The same version came again; the entry is that of the first one. */
        record Duplicate(Entry entry) implements Event {}

        /** An attempt failed and another will be made. */
        record Retried(String file, String reason, Instant notBefore) implements Event {}

        /** A concluded file could not be announced, or its object not deleted. */
        record LeftUndone(String file) implements Event {}

        /** A file waits, or is another's at the moment: it is looked at again soon. */
        record Pending() implements Event {}

        /** It was replaced before it could be archived. */
        record Superseded(String file) implements Event {}
    }

    /** Hears of every event, on the thread on which it happens. */
    @FunctionalInterface
    public interface Listener {
        void on(Event event);
    }

    private final Counters counters;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    public Journal(Counters counters) {
        this.counters = counters;
    }

    public void listen(Listener listener) {
        listeners.add(listener);
    }

    private void tell(Event event) {
        listeners.forEach(listener -> listener.on(event));
    }

    public void concluded(Attempt attempt, Entry entry) {
        String dataset = attempt.dataset().map(Dataset::name).orElse(Counters.NO_DATASET);
        counters.file(entry.status().text(), dataset, entry.bytes(), attempt.elapsed());
        counters.rows(dataset, attempt.rowsRead(), attempt.rowsStored(), attempt.rowsRejected());
        String rows = "%,d read, %,d stored, %,d rejected"
                .formatted(entry.rowsRead(), entry.rowsStored(), entry.rowsRejected());
        switch (entry.status()) {
            case FAILED ->
                LOG.error(
                        "{} failed after {} attempts ({}): {}",
                        Shown.line(entry.file()),
                        entry.attempts(),
                        rows,
                        reason(entry));
            // The reason is not logged: where a file has no header, it shows the file's first row.
            case REFUSED -> LOG.warn("{} refused ({}); why: failures show", Shown.line(entry.file()), rows);
            default ->
                LOG.info(
                        "{} completed: dataset {}, {}, {} ms{}",
                        Shown.line(entry.file()),
                        dataset,
                        rows,
                        attempt.elapsed().toMillis(),
                        entry.rejects()
                                .map(key -> ", rejects in " + Shown.line(key))
                                .orElse(""));
        }
        tell(new Event.Concluded(entry, attempt.elapsed()));
    }

    private static String reason(Entry entry) {
        return entry.reasonAlone().orElse("no reason is known");
    }

    public void duplicate(Entry entry) {
        counters.file("duplicate", entry.dataset().orElse(Counters.NO_DATASET), entry.bytes(), Duration.ZERO);
        LOG.info(
                "{} dropped again: nothing to do, this version is {} since {}",
                Shown.line(entry.file()),
                entry.status().text(),
                entry.concludedAt().orElse(Instant.EPOCH));
        tell(new Event.Duplicate(entry));
    }

    public void superseded(Attempt attempt) {
        counters.file("superseded", Counters.NO_DATASET, attempt.entry().bytes(), attempt.elapsed());
        LOG.info("{} was replaced or deleted before it could be archived: nothing to do", Shown.line(attempt.file()));
        tell(new Event.Superseded(attempt.file()));
    }

    /** An attempt failed, and it was the file's own fault. */
    public void retried(Attempt attempt, String reason, Instant notBefore) {
        counters.attemptRetried();
        LOG.warn(
                "{} attempt {} failed, next one not before {}: {}",
                Shown.line(attempt.file()),
                attempt.entry().attempts(),
                notBefore,
                reason);
        pending();
        tell(new Event.Retried(attempt.file(), reason, notBefore));
    }

    /** An attempt ended through no fault of the file's. */
    public void handedBack(Attempt attempt, String reason) {
        LOG.warn("{} was handed back, its attempts unspent: {}", Shown.line(attempt.file()), reason);
        pending();
    }

    /** A concluded file was not announced, or its object not deleted: that is made up for. */
    public void leftUndone(String file, String reason) {
        LOG.warn("{} is concluded, what is left to do for it is done later: {}", Shown.line(file), reason);
        tell(new Event.LeftUndone(file));
    }

    /** A file waits, or is another's at the moment. */
    public void pending() {
        tell(new Event.Pending());
    }

    /** A file could not be claimed: nothing has happened to it, and it will be listed again. */
    public void notClaimed(String reason) {
        LOG.warn("a file could not be claimed, it is tried again with the next listing: {}", reason);
    }

    /** What there is to do could not be listed. */
    public void notListed(String reason) {
        LOG.warn("files could not be listed, they are looked for again with the next interval: {}", reason);
    }

    /** Its dead-letter message came back: it waits to be worked on again. */
    public void replayed(String file) {
        counters.deadLetterReturned("replayed");
        LOG.info("{} is worked on again, as its dead-letter message came back", Shown.line(file));
    }

    /** A dead-letter message came back for a version that the ledger does not know. */
    public void unknownReplay(String file, String version) {
        counters.deadLetterReturned("ignored");
        LOG.warn(
                "{}: a dead-letter message came back for version {}, which the ledger does not know; nothing is replayed",
                Shown.line(file),
                Shown.line(version));
    }

    /**
     * A dead-letter message came back for nothing.
     *
     * @param failure it is one all the same, and could not be re-opened because it kept changing
     */
    public void notReplayed(Entry entry, boolean failure) {
        counters.deadLetterReturned("ignored");
        if (failure) {
            LOG.warn(
                    "{} could not be replayed by its dead-letter message, as others changed its entry; run: failures replay {}",
                    Shown.line(entry.file()),
                    Shown.argument(entry.file()));
        } else {
            LOG.info(
                    "{} is {} and no failure any more: the dead-letter message that came back replays nothing",
                    Shown.line(entry.file()),
                    entry.status().text());
        }
    }

    public void eventGone(String key) {
        counters.eventGone();
        LOG.debug("{} was announced by an event and is not there: nothing to do", Shown.line(key));
    }
}
