package pipeline.dataset;

import java.util.List;

/** How well a header fits a dataset. */
public sealed interface HeaderMatch {
    /** Every required column is there, once. */
    record Fits(Columns columns) implements HeaderMatch {}

    /** Required columns are missing. {@code matched} counts the dataset's columns that are there. */
    record Lacks(List<String> missing, int matched) implements HeaderMatch {}

    /** The required columns are there, but the header cannot be used; two phrases say why. */
    record Refused(String found, String expected, int matched) implements HeaderMatch {}
}
