package pipeline.read;

import pipeline.dataset.Columns;
import pipeline.dataset.Dataset;

/** What a look at the whole file, before its first row is stored, has shown. */
public sealed interface Inspection {
    /** For a route's {@code choice}. */
    boolean readable();

    /**
     * Every byte is text, every quote closed, no record too long, and the header is a dataset's.
     *
     * @param rows how many there are; header and blank lines are none
     */
    record Readable(Dataset dataset, Columns columns, long rows) implements Inspection {
        @Override
        public boolean readable() {
            return true;
        }
    }

    /**
     * The file is not what it says.
     *
     * @param reason one sentence: where, what was found, what was expected
     */
    record Unreadable(String reason) implements Inspection {
        @Override
        public boolean readable() {
            return false;
        }
    }
}
