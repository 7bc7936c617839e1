package pipeline.cost;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * What it would take to store the rows of a file, before anything is written.
 *
 * @param writeUnits those of the rows' table, without secondary indexes: exact, but for rows that replace each other
 * @param dollars for these write units; what a file costs whatever it holds is not in it
 * @param time at the pace of whichever of the two is slower
 * @param limit which that is
 */
public record Estimate(long writeUnits, BigDecimal dollars, Duration time, Limit limit) {
    /** What sets the pace. */
    public enum Limit {
        /**
         * What a table on demand takes unless a higher quota was asked for, in write units a second (Amazon DynamoDB
         * Developer Guide, "Quotas in Amazon DynamoDB"). A table made just now takes a tenth of it.
         */
        TABLE(40_000, "write units a second, which a table takes by default"),
        /** Rows a second on 2 cores (docs/performance.md: 10 million rows in 107 s). */
        PIPELINE(93_000, "rows a second, as measured on 2 cores");

        private final int aSecond;
        private final String words;

        Limit(int aSecond, String words) {
            this.aSecond = aSecond;
            this.words = words;
        }

        public int aSecond() {
            return aSecond;
        }

        /** What there are so many of a second. */
        public String words() {
            return words;
        }

        private Duration timeFor(long units) {
            return Duration.ofMillis(units * 1_000 / aSecond);
        }
    }

    /**
     * @param rows of the file, good and bad
     * @param writeUnits of the items that would be stored
     */
    public static Estimate of(long rows, long writeUnits, Prices prices) {
        Duration table = Limit.TABLE.timeFor(writeUnits);
        Duration pipeline = Limit.PIPELINE.timeFor(rows);
        BigDecimal dollars = prices.of(Charge.ROW_WRITE_UNITS, writeUnits);
        return table.compareTo(pipeline) >= 0
                ? new Estimate(writeUnits, dollars, table, Limit.TABLE)
                : new Estimate(writeUnits, dollars, pipeline, Limit.PIPELINE);
    }
}
