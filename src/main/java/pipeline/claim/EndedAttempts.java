package pipeline.claim;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Attempts that have ended in this process while the ledger could not be told. Their entries still name the lease's owner;
 * whoever knows that nobody works on them any more need not wait until that lease has run out.
 */
final class EndedAttempts {
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
     * An attempt has ended.
     *
     * @param owner of its lease
     * @param spent whether it counts as one of the file's attempts; what was said first stays
     */
    synchronized void add(String owner, boolean spent) {
        spentByOwner.putIfAbsent(owner, spent);
    }

    /** The ledger knows. */
    synchronized void remove(String owner) {
        spentByOwner.remove(owner);
    }

    /** Whether the attempt counts; empty when it is not known to have ended here. */
    synchronized Optional<Boolean> spent(String owner) {
        return Optional.ofNullable(spentByOwner.get(owner));
    }
}
