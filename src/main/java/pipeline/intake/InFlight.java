package pipeline.intake;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The file versions that this process has in hand, so that a listing every few seconds does not queue a file again that
 * is still being worked on. It spares calls; what keeps two workers apart is the claim in the ledger.
 */
public final class InFlight {
    private final Set<String> versions = ConcurrentHashMap.newKeySet();

    /** True when the version was not in hand and now is. */
    public boolean begin(ObjectVersion version) {
        return versions.add(version.toString());
    }

    public void end(ObjectVersion version) {
        versions.remove(version.toString());
    }

    /** True when nothing is in hand. */
    public boolean isEmpty() {
        return versions.isEmpty();
    }
}
