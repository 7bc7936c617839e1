package pipeline.check;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Path;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.validator.engine.HibernateConstraintViolation;

/** Rows that are validated together, once; then parted by the violations. */
@ConformsToDataset
public final class Batch {
    private final List<Row> rows;

    public Batch(List<Row> rows) {
        this.rows = List.copyOf(rows);
    }

    public List<Row> rows() {
        return rows;
    }

    /** A batch parted in two, each in the order of the file. */
    public record Parted(List<Row> accepted, List<RejectedRow> rejected) {
        public Parted {
            accepted = List.copyOf(accepted);
            rejected = List.copyOf(rejected);
        }

        /**
         * The batch in parts, in the order of the file.
         *
         * @param most so many accepted rows a part may have
         */
        public List<Parted> parts(int most) {
            List<Parted> parts = new ArrayList<>();
            int rejectedBefore = 0;
            for (int from = 0; from < accepted.size() || rejectedBefore < rejected.size(); from += most) {
                int to = Math.min(from + most, accepted.size());
                int rejectedTo = rejectedBefore;
                while (rejectedTo < rejected.size()
                        && (to == accepted.size()
                                || rejected.get(rejectedTo).row().line()
                                        < accepted.get(to).line())) {
                    rejectedTo++;
                }
                parts.add(new Parted(
                        accepted.subList(Math.min(from, to), to), rejected.subList(rejectedBefore, rejectedTo)));
                rejectedBefore = rejectedTo;
            }
            return parts;
        }

        /** About how many characters the rows have, as {@link Row#characters()} counts. */
        public long characters() {
            return accepted.stream().mapToLong(Row::characters).sum()
                    + rejected.stream().mapToLong(row -> row.row().characters()).sum();
        }
    }

    /** The batch when validation found nothing wrong. */
    public Parted part() {
        return new Parted(rows, List.of());
    }

    /** The batch when validation found violations: a row with one is rejected, the others are accepted. */
    public Parted part(Iterable<? extends ConstraintViolation<?>> violations) {
        boolean[] bad = new boolean[rows.size()];
        for (ConstraintViolation<?> violation : violations) {
            bad[index(violation)] = true;
        }
        List<Row> accepted = new ArrayList<>();
        List<RejectedRow> rejected = new ArrayList<>();
        for (int i = 0; i < bad.length; i++) {
            Row row = rows.get(i);
            if (!bad[i]) {
                accepted.add(row);
            } else if (row.checked() instanceof Checked.Rejected found) {
                rejected.add(new RejectedRow(row, found.problems()));
            } else {
                throw new IllegalStateException("line " + row.line() + " has a violation and no problem");
            }
        }
        return new Parted(accepted, rejected);
    }

    /** The problem that a violation stands for. */
    public static Problem problem(ConstraintViolation<?> violation) {
        HibernateConstraintViolation<?> carrier = violation.unwrap(HibernateConstraintViolation.class);
        return carrier.getDynamicPayload(Problem.class);
    }

    private static int index(ConstraintViolation<?> violation) {
        for (Path.Node node : violation.getPropertyPath()) {
            if (node.getIndex() != null) {
                return node.getIndex();
            }
        }
        throw new IllegalArgumentException("a violation without a row: " + violation.getPropertyPath());
    }
}
