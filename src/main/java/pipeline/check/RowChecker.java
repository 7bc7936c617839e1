package pipeline.check;

import java.util.ArrayList;
import java.util.List;
import pipeline.dataset.Columns;
import pipeline.dataset.Dataset;
import pipeline.dataset.SpreadsheetGuard;

/** Makes and checks the rows of one file. Safe for use by several threads when its {@link Origins} is. */
public final class RowChecker {
    private final Dataset dataset;
    private final Columns columns;
    private final Origins origins;
    private final boolean guarded;

    public RowChecker(Dataset dataset, Columns columns, Origins origins) {
        this.dataset = dataset;
        this.columns = columns;
        this.origins = origins;
        this.guarded = columns.isRepair();
    }

    /**
     * A row that starts on the given line. Of a repair file's cells the guard against formulas is taken off; otherwise
     * they are what the file has.
     */
    public Row row(long line, List<String> cells) {
        if (!guarded) {
            return new Row(line, cells, this);
        }
        List<String> plain = new ArrayList<>(cells.size());
        cells.forEach(cell -> plain.add(SpreadsheetGuard.unguard(cell)));
        return new Row(line, plain, this);
    }

    public Dataset dataset() {
        return dataset;
    }

    public Columns columns() {
        return columns;
    }

    Checked check(Row row) {
        int expected = columns.list().size();
        int found = row.cells().size();
        if (found != expected) {
            String fields = found + (found == 1 ? " field" : " fields");
            return new Checked.Rejected(
                    List.of(new Problem("", fields, String.valueOf(expected), expected + " fields")));
        }
        return new RowCheck(dataset, columns, row).check(origins.of(row));
    }
}
