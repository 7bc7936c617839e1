package pipeline.reject;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.apache.commons.csv.CSVPrinter;
import pipeline.check.RejectedRow;
import pipeline.check.Row;
import pipeline.dataset.Columns;
import pipeline.dataset.Dataset;
import pipeline.dataset.Reserved;
import pipeline.dataset.SpreadsheetGuard;
import pipeline.repair.FileOrigins;

/**
 * The text of a rejects file: the file's own columns, then {@code _source} (file@version), {@code _line} and {@code
 * _errors}, written as the file itself is (delimiter, quote). No cell of it runs in a spreadsheet; read as a file that has
 * {@code _errors}, it gives back every cell as it was.
 */
public final class RejectsSheet {
    private final Columns columns;
    private final Function<Row, FileOrigins.Place> places;
    private final CSVPrinter printer;

    /**
     * Begins with the header.
     *
     * @param places where a rejected row belongs
     */
    public RejectsSheet(Appendable out, Dataset dataset, Columns columns, Function<Row, FileOrigins.Place> places)
            throws IOException {
        this.columns = columns;
        this.places = places;
        printer = new CSVPrinter(out, dataset.csvFormat());
        for (int index : columns.ownIndexes()) {
            print(columns.header().get(index));
        }
        for (String name : Reserved.REPAIR) {
            print(name);
        }
        printer.println();
    }

    /** Adds a row. Cells that are missing are empty; those beyond the header have no column and stand at the end. */
    public void add(RejectedRow rejected) throws IOException {
        List<String> cells = rejected.row().cells();
        for (int index : columns.ownIndexes()) {
            print(index < cells.size() ? cells.get(index) : "");
        }
        FileOrigins.Place place = places.apply(rejected.row());
        print(place.source());
        printer.print(place.line());
        print(rejected.reasons());
        for (int index = columns.header().size(); index < cells.size(); index++) {
            print(cells.get(index));
        }
        printer.println();
    }

    /** Leaves nothing in a buffer. */
    public void flush() throws IOException {
        printer.flush();
    }

    private void print(String cell) throws IOException {
        printer.print(SpreadsheetGuard.guard(cell));
    }
}
