package pipeline.rubbish;

import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVParser;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import pipeline.check.Batch;
import pipeline.check.Origin;
import pipeline.check.RejectedRow;
import pipeline.check.Row;
import pipeline.check.RowChecker;
import pipeline.dataset.Datasets;
import pipeline.read.CsvText;
import pipeline.read.Inspection;
import pipeline.read.Inspector;
import pipeline.read.Rows;
import pipeline.read.Source;

/**
 * What becomes of a file: looked through, read and checked as the routes do it.
 *
 * @param rows all of them, in the order of the file; none where it is refused
 */
record Reading(Inspection inspection, List<Row> rows, List<Row> accepted, List<RejectedRow> rejected) {
    static final String TIMESTAMP = "2026-11-23T09:14:02.000000042Z";

    private static final Validator VALIDATOR = Validation.byDefaultProvider()
            .configure()
            .messageInterpolator(new ParameterMessageInterpolator())
            .buildValidatorFactory()
            .getValidator();

    static Reading of(Datasets datasets, Source source, int maxRecord) throws IOException {
        Inspection inspection = new Inspector(datasets, maxRecord).inspect(source);
        List<Row> rows = new ArrayList<>();
        List<Row> accepted = new ArrayList<>();
        List<RejectedRow> rejected = new ArrayList<>();
        if (inspection instanceof Inspection.Readable readable) {
            RowChecker checker = new RowChecker(
                    readable.dataset(),
                    readable.columns(),
                    row -> new Origin.Known(source.file(), row.line(), TIMESTAMP));
            try (CsvText text = new CsvText(source.open(), readable.dataset().dialect(), maxRecord)) {
                Rows batches = new Rows(
                        CSVParser.parse(text, readable.dataset().csvFormat()).iterator(), text, checker);
                while (batches.hasNext()) {
                    Batch batch = batches.next();
                    Batch.Parted parted = batch.part(VALIDATOR.validate(batch));
                    rows.addAll(batch.rows());
                    accepted.addAll(parted.accepted());
                    rejected.addAll(parted.rejected());
                }
            }
        }
        return new Reading(inspection, rows, accepted, rejected);
    }

    boolean refused() {
        return inspection instanceof Inspection.Unreadable;
    }

    String reason() {
        return ((Inspection.Unreadable) inspection).reason();
    }

    Inspection.Readable readable() {
        return (Inspection.Readable) inspection;
    }
}
