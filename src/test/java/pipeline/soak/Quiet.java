package pipeline.soak;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import pipeline.claim.Entry;
import pipeline.claim.Status;

/** Nothing is left to do. */
final class Quiet {
    private Quiet() {}

    /**
     * Waits until nothing is left that a process would do; what then is left nobody will do.
     *
     * @return false when that did not come: {@link Invariants} tell what is left
     */
    static boolean await(Account account, Duration atMost) {
        try {
            Awaitility.await("nothing left to do")
                    .atMost(atMost)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> isQuiet(account));
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    private static boolean isQuiet(Account account) {
        List<String> raw = account.keys("raw-data/");
        if (raw.size() > 100 || account.queued() > 0) {
            return false;
        }
        List<Entry> ledger = account.ledger();
        Set<String> unfiled = ledger.stream()
                .filter(entry -> entry.status() == Status.FAILED)
                .map(entry -> entry.location().orElse(""))
                .collect(Collectors.toSet());
        return raw.stream().allMatch(unfiled::contains) && ledger.stream().allMatch(Quiet::isSettled);
    }

    private static boolean isSettled(Entry entry) {
        return entry.status() != Status.PROCESSING
                && entry.status() != Status.WAITING
                && !entry.announcePending()
                && !entry.tidyPending();
    }
}
