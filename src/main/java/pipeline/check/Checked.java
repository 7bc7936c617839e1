package pipeline.check;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What became of a row: an item for the table, or everything that is wrong with it. */
public sealed interface Checked {
    /** The item to store, attributes in the order of the file's columns, then derived, constant and origin ones. */
    record Accepted(Map<String, AttributeValue> item) implements Checked {}

    /** Every violation of the row, in column order; never empty. */
    record Rejected(List<Problem> problems) implements Checked {
        public Rejected {
            problems = List.copyOf(problems);
        }
    }
}
