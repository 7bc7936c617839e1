package pipeline.dataset;

/** Whether a file's header is that of a dataset. */
public sealed interface Recognition {
    /** The dataset, and how each column of the file is read. */
    record Recognised(Dataset dataset, Columns columns) implements Recognition {}

    /** Why the file is refused, as one sentence that begins with the file's name. */
    record Unrecognised(String sentence) implements Recognition {}
}
