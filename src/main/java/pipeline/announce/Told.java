package pipeline.announce;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What this process has told of failures while the ledger does not know it yet. A failure is not told twice because the
 * ledger could not be written in between; only where the process dies just then may it be told again, with the same id.
 */
public final class Told {
    /** Older ones are forgotten, and may be told again. */
    private static final int MOST = 10_000;

    private final Set<String> told = Collections.newSetFromMap(Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST;
        }
    }));

    /** @param what the failure's id and where it was told */
    public void add(String what) {
        told.add(what);
    }

    public boolean contains(String what) {
        return told.contains(what);
    }

    /** The ledger knows. */
    public void remove(String what) {
        told.remove(what);
    }
}
