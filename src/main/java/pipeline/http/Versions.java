package pipeline.http;

import pipeline.claim.Entry;
import pipeline.claim.Ledger;
import pipeline.dataset.Shown;

/** The ledger entries that requests name. A name is only ever looked up in the ledger: it is no path of anything. */
final class Versions {
    private final Ledger ledger;

    Versions(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * One version of a file.
     *
     * @throws Refusal 404 when there is none
     */
    Entry find(String file, String version) {
        return ledger.find(file, version).orElseThrow(() -> unknown(file + "@" + version));
    }

    static Refusal unknown(String name) {
        return new Refusal(404, "%s: found no such file in the ledger".formatted(Shown.plain(name)));
    }
}
