package pipeline.check;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import pipeline.dataset.Columns;
import pipeline.dataset.Dataset;
import pipeline.dataset.HeaderMatch;

/** Rows for tests, checked as the route does. */
final class Rows {
    static final String TIMESTAMP = "2026-11-23T09:14:02.000000042Z";
    static final Origins ORIGINS = row -> new Origin.Known("in/test.csv", row.line(), TIMESTAMP);

    private static final Validator VALIDATOR = Validation.byDefaultProvider()
            .configure()
            .messageInterpolator(new ParameterMessageInterpolator())
            .buildValidatorFactory()
            .getValidator();

    private Rows() {}

    static Set<ConstraintViolation<Batch>> violations(Batch batch) {
        return VALIDATOR.validate(batch);
    }

    static Columns columns(Dataset dataset, String header) {
        return ((HeaderMatch.Fits) dataset.match(cells(header))).columns();
    }

    /** A row on line 2; header and cells are separated by commas, blanks kept. */
    static Row row(Dataset dataset, String header, String cells) {
        return new RowChecker(dataset, columns(dataset, header), ORIGINS).row(2, cells(cells));
    }

    /** The row's problems, one a line; empty for an accepted row. */
    static String problems(Row row) {
        return row.checked() instanceof Checked.Rejected rejected
                ? new RejectedRow(row, rejected.problems()).reasons()
                : "";
    }

    static List<String> cells(String text) {
        return Arrays.asList(text.split(",", -1));
    }
}
