package pipeline.claim;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Attempts that have ended in this process while the ledger could not be told. Their entries still name the lease's owner;
 * whoever knows that nobody works on them any more need not wait until that lease has run out.
 */
public final class EndedAttempts {
    /** Older ones are forgotten; their leases run out. */
    private static final int MOST = 10_000;

    private final Map<String, Boolean> spentByOwner = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST;
        }
    };

    /**
     * An attempt has ended, and counts as one of the file's. What was said of it first stays.
     *
     * @param owner of its lease
     */
    synchronized void addSpent(String owner) {
        spentByOwner.putIfAbsent(owner, true);
    }

    /** Like {@link #addSpent}, but through no fault of the file's: it counts for nothing. */
    synchronized void addUnspent(String owner) {
        spentByOwner.putIfAbsent(owner, false);
    }

    /** The ledger knows. */
    synchronized void forget(String owner) {
        spentByOwner.remove(owner);
    }

    /** Whether the attempt is known to have ended here. */
    synchronized boolean contains(String owner) {
        return spentByOwner.containsKey(owner);
    }

    /** Whether it is, and counts for nothing. */
    synchronized boolean unspent(String owner) {
        return !spentByOwner.getOrDefault(owner, true);
    }
}
