package pipeline.dataset;

import java.util.List;

/** Names of the attributes that every item has besides its columns, and of the columns of a rejects file. */
public final class Reserved {
    public static final String PROCESSED_TIMESTAMP = "processed_timestamp";
    public static final String SOURCE_FILE = "source_file";
    public static final String SOURCE_LINE = "source_line";
    public static final List<String> ORIGIN = List.of(PROCESSED_TIMESTAMP, SOURCE_FILE, SOURCE_LINE);

    public static final String SOURCE = "_source";
    public static final String LINE = "_line";
    public static final String ERRORS = "_errors";
    public static final List<String> REPAIR = List.of(SOURCE, LINE, ERRORS);

    private Reserved() {}
}
