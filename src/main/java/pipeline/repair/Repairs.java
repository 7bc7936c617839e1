package pipeline.repair;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import pipeline.check.Row;
import pipeline.claim.Attempt;
import pipeline.dataset.Columns;

/** Knows, for each file being read, where its rows come from and how many of them repair earlier files. */
public final class Repairs {
    private final RejectedLines rejectedLines;
    private final Map<Attempt, FileOrigins> reading = new ConcurrentHashMap<>();

    public Repairs(RejectedLines rejectedLines) {
        this.rejectedLines = rejectedLines;
    }

    /** The attempt's file is read from its first row, for the first time or again. */
    public FileOrigins begin(Attempt attempt, Columns columns) {
        FileOrigins origins = new FileOrigins(attempt, columns, rejectedLines);
        reading.put(attempt, origins);
        return origins;
    }

    /** These rows are in the table now. */
    public void stored(Attempt attempt, List<Row> rows) {
        reading.get(attempt).stored(rows);
    }

    /** How many rows of each earlier file ({@code file@version}) this one has repaired. */
    public Map<String, Long> repaired(Attempt attempt) {
        return Optional.ofNullable(reading.get(attempt))
                .map(FileOrigins::repaired)
                .orElse(Map.of());
    }

    /** The attempt has ended, however it did. */
    public void end(Attempt attempt) {
        reading.remove(attempt);
    }
}
