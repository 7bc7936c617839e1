package pipeline.claim;

import java.util.Locale;

/** Where a file version stands. The names are those in the ledger, in lower case. */
public enum Status {
    /** Somebody holds the lease, or died holding it. */
    PROCESSING,
    /** To be taken up again, not before a given instant. */
    WAITING,
    /** Every row is stored or returned. */
    COMPLETED,
    /** Nothing of it could be stored; a person must look. */
    REFUSED,
    /** Every attempt ended in an error that was this file's alone; a person must look. */
    FAILED,
    /** A person decided to leave it at that. */
    DISCARDED,
    /** Replaced under its key before it could be archived. */
    SUPERSEDED;

    static Status of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** As the ledger has it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
