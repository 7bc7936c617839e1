package pipeline.check;

import java.util.List;

/** A row to hand back, with every reason. */
public record RejectedRow(Row row, List<Problem> problems) {
    public RejectedRow {
        problems = List.copyOf(problems);
    }

    /** All reasons in one line, as the {@code _errors} column of a rejects file and {@code check} print them. */
    public String reasons() {
        StringBuilder reasons = new StringBuilder();
        for (Problem problem : problems) {
            reasons.append(reasons.isEmpty() ? "" : "; ").append(problem.sentence());
        }
        return reasons.toString();
    }
}
