package pipeline.store;

import java.util.ArrayList;
import java.util.List;
import pipeline.check.Batch;
import pipeline.check.Origin;
import pipeline.check.Row;
import pipeline.check.RowChecker;
import pipeline.dataset.Dataset;
import pipeline.dataset.Declared;
import pipeline.dataset.HeaderMatch;

/** Batches of good rows, no two rows alike. */
final class Batches {
    static final Dataset DATASET = Declared.with("name: v", "");

    private final RowChecker checker;
    private long line = 1;

    Batches() {
        this(DATASET);
    }

    /** @param dataset of columns id and v */
    Batches(Dataset dataset) {
        checker = new RowChecker(
                dataset,
                ((HeaderMatch.Fits) dataset.match(List.of("id", "v"))).columns(),
                row -> new Origin.Known("orders.csv", row.line(), "2026-01-02T03:04:05.000000000Z"));
    }

    Batch.Parted next(int rows) {
        List<Row> batch = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            line++;
            batch.add(row(Long.toString(line), "x"));
        }
        return new Batch.Parted(batch, List.of());
    }

    Row row(String id, String v) {
        return checker.row(line, List.of(id, v));
    }
}
