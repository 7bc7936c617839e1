package pipeline.cost;

import java.math.BigDecimal;

/** Writes the bill of each attempt of this process. */
public final class Billing {
    /** A copy is looked for under each of the names that it may have. */
    private static final int NAMES_OF_A_COPY = 3;

    private final Usage total;
    private final Prices prices;
    private final boolean events;

    /**
     * @param total the process's, to which each attempt's is added
     * @param events whether each file is announced by a message on the queue
     */
    public Billing(Usage total, Prices prices, boolean events) {
        this.total = total;
        this.prices = prices;
        this.events = events;
    }

    /** A worker begins with a file: what its thread uses from now on is for that file's attempt. */
    public void begin() {
        Usage.begin(total);
    }

    /** The bill of the attempt that this thread has begun. */
    public Bill bill() {
        return new Bill(Usage.onThisThread().orElseGet(() -> Usage.begin(total)), prices, events);
    }

    /**
     * What one attempt at a file costs.
     *
     * @param usage what was used for it so far
     * @param events whether its file was announced by a message on the queue
     */
    public record Bill(Usage usage, Prices prices, boolean events) {
        /** So far, in dollars. */
        public BigDecimal soFar() {
            return prices.of(usage);
        }

        /**
         * What it costs to write down that a file waits: the entry, also in the index "open".
         *
         * @param ledgerUnits the write units of the file's entry, without indexes
         */
        public BigDecimal ofWait(int ledgerUnits) {
            return prices.of(new Usage()
                    .add(Charge.LEDGER_WRITE_UNITS, ledgerUnits)
                    .add(Charge.LEDGER_INDEX_WRITE_UNITS, ledgerUnits));
        }

        /**
         * What a file costs that cannot be counted before the ledger says how it ended, since it is that write or comes
         * after it; by DynamoDB's rules for indexes ("Write considerations for global secondary indexes") and the steps of
         * the routes.
         *
         * @param ledgerUnits the write units of the file's entry, without indexes
         * @param failure it will be announced: a message, an alert, and two changes of the entry
         * @param first there was no attempt before, so that the file's event, if there is one, is this one's to pay; after
         *     others it is looked for copies in old places
         */
        public BigDecimal ofEnd(int ledgerUnits, boolean failure, boolean first) {
            Usage rest = new Usage();
            // The entry, out of the index "open" or changed in it, and into the index by day.
            rest.add(Charge.LEDGER_WRITE_UNITS, ledgerUnits).add(Charge.LEDGER_INDEX_WRITE_UNITS, 2.0 * ledgerUnits);
            if (failure) {
                rest.add(Charge.SQS_REQUESTS, 1).add(Charge.SNS_REQUESTS, 1).add(Charge.SNS_EMAILS, 1);
                // "announce" changes, then the entry moves in "open" from one key to another.
                rest.add(Charge.LEDGER_WRITE_UNITS, 2.0 * ledgerUnits)
                        .add(Charge.LEDGER_INDEX_WRITE_UNITS, 3.0 * ledgerUnits);
            }
            if (!first) {
                rest.add(Charge.S3_GETS, NAMES_OF_A_COPY);
            }
            if (!first && !failure) {
                // It stays in "open" until that is done.
                rest.add(Charge.LEDGER_WRITE_UNITS, ledgerUnits).add(Charge.LEDGER_INDEX_WRITE_UNITS, ledgerUnits);
            }
            if (events && first) {
                // Received, looked for, deleted.
                rest.add(Charge.SQS_REQUESTS, 2).add(Charge.S3_GETS, 1);
            }
            return prices.of(rest);
        }
    }
}
