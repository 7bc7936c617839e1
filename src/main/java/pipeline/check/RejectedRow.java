package pipeline.check;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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

    /** The reasons that the row has in common with others, each once; see {@link Problem#reason}. */
    public Set<String> distinctReasons() {
        return problems.stream().map(Problem::reason).collect(Collectors.toUnmodifiableSet());
    }
}
