package pipeline.cost;

import java.util.Locale;

/** What money goes to. */
public enum Kind {
    /** Writing rows into their datasets' tables. */
    ROWS,
    /** Reading and writing the ledger, its indexes included. */
    LEDGER,
    S3,
    SQS,
    SNS;

    /** As metrics and JSON have it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
