package pipeline.dataset;

/**
 * Something that must hold between the columns of a row.
 *
 * @param condition true when it holds; not asked when a field it needs holds nothing
 * @param column the field to point at, empty for the row as a whole
 * @param expected what is expected, as a phrase
 */
public record RowRule(Expression condition, String column, String expected) {}
