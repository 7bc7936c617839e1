package pipeline.dataset;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a cell's text says, read as its field declares. */
public sealed interface Cell {
    /** The cell holds nothing, and may. */
    enum Absent implements Cell {
        ABSENT
    }

    /**
     * A good value.
     *
     * @param value for expressions: String, BigDecimal, Boolean, LocalDate, LocalTime or Instant
     * @param attribute for the table
     */
    record Value(Object value, AttributeValue attribute) implements Cell {}

    /** The text is not what the field asks for; {@code expected} says what that is. */
    record Unfit(String expected) implements Cell {}
}
