package pipeline.check;

/** Answers for each row of one file where it comes from. Asked once per row, for every row with the right number of cells. */
@FunctionalInterface
public interface Origins {
    Origin of(Row row);
}
