package pipeline.intake;

import java.util.HashSet;
import java.util.Set;

/**
 * The file versions that this process has in hand, so that a listing every few seconds does not queue a file again that
 * is still being worked on. It spares calls; what keeps two workers apart is the claim in the ledger.
 */
public final class InFlight {
    private final Set<String> versions = new HashSet<>();

    /** True when the version was not in hand and now is. */
    public synchronized boolean begin(ObjectVersion version) {
        return versions.add(version.toString());
    }

    public synchronized void end(ObjectVersion version) {
        versions.remove(version.toString());
        notifyAll();
    }

    /** Waits until nothing is in hand. */
    public synchronized void awaitNone() throws InterruptedException {
        while (!versions.isEmpty()) {
            wait();
        }
    }
}
