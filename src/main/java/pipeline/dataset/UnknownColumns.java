package pipeline.dataset;

/** What becomes of a column that the dataset does not declare. */
public enum UnknownColumns {
    /** It is stored as text under its header. */
    KEEP,
    /** It is left out, and the check says so. */
    IGNORE,
    /** The file is refused. */
    REFUSE
}
