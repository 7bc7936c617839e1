package pipeline.explain;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What became of one row of a file. */
public sealed interface Explanation {
    /** The line on which the row starts; 0 when there is none. */
    long line();

    /**
     * The row is in the table.
     *
     * @param item as it lies in the table now, the key first
     */
    record Stored(long line, String table, Map<String, AttributeValue> item) implements Explanation {}

    /**
     * Nothing is wrong with the row, and it is not in the table.
     *
     * @param key under which it would be there
     */
    record Absent(long line, String table, Map<String, AttributeValue> key) implements Explanation {}

    /**
     * The row goes back.
     *
     * @param reasons all of them, in one line
     */
    record Rejected(long line, String reasons) implements Explanation {}

    /**
     * The row came back corrected, in a sheet of rejects: it belongs to the file that had rejected it.
     *
     * @param source file@version, as the sheet says
     * @param sourceLine its line there, as the sheet says
     */
    record Corrects(long line, String source, String sourceLine) implements Explanation {}

    /**
     * There is no row to tell of.
     *
     * @param reason a sentence without the file's name
     */
    record None(String reason) implements Explanation {
        @Override
        public long line() {
            return 0;
        }
    }
}
