package pipeline.check;

/** Where a row comes from, and so which key it has in the table. */
public sealed interface Origin {
    /**
     * The row's file and line, and the instant that makes its key unique.
     *
     * @param file the object's key without {@code raw-data/}
     * @param line the physical line on which the row starts, the header being line 1
     * @param processedTimestamp ISO-8601, UTC, nine digits of fraction
     */
    record Known(String file, long line, String processedTimestamp) implements Origin {}

    /** The row says where it came from, and that cannot be: it is rejected for this reason. */
    record Unusable(Problem problem) implements Origin {}
}
