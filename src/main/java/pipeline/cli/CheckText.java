package pipeline.cli;

import java.io.PrintWriter;
import pipeline.check.Problem;
import pipeline.check.RejectedRow;
import pipeline.cost.Estimate;
import pipeline.cost.Prices;
import pipeline.dataset.Shown;
import pipeline.explain.DryRun;
import pipeline.explain.Items;
import pipeline.read.Inspection;

/** What {@code check} says about one file, for people: as it is found, one fact a line. */
final class CheckText implements DryRun.Report {
    private final PrintWriter out;
    private final String name;
    private final String file;
    private final long most;
    private final Prices prices;
    private long lines;
    private long unsaid;

    /**
     * @param name the file as the user named it
     * @param file the file as its sentences name it
     * @param most no further row is printed once there are so many lines of problems
     */
    CheckText(PrintWriter out, String name, String file, long most, Prices prices) {
        this.out = out;
        this.name = name;
        this.file = file;
        this.most = most;
        this.prices = prices;
    }

    @Override
    public void refused(String sentence) {
        out.println("would be refused: " + Shown.line(name)
                + sentence.substring(Shown.line(file).length()));
        out.flush();
    }

    @Override
    public void readable(Inspection.Readable found) {
        out.printf(
                "%s: %s, dataset %s (%s)%n",
                Shown.line(name),
                Words.count(found.rows(), "row"),
                found.dataset().name(),
                found.columns().summary());
        if (found.columns().isRepair()) {
            out.println(
                    "  has a column _errors, so it repairs earlier files; which rows those had rejected only the ledger knows, and here each row is checked as an ordinary one");
        }
        out.flush();
    }

    @Override
    public void rejected(RejectedRow rejected) {
        if (lines >= most) {
            unsaid++;
            return;
        }
        for (Problem problem : rejected.problems()) {
            lines++;
            out.printf(
                    "  line %d%s%s%n",
                    rejected.row().line(), problem.column().isEmpty() ? ": " : ", ", problem.sentence());
        }
    }

    @Override
    public void end(DryRun.Totals totals) {
        if (unsaid > 0) {
            out.printf(
                    "  ... and %s with problems (--all prints them)%n", Words.count(unsaid, "more row", "more rows"));
        }
        out.printf(
                "would store %,d, reject %,d%s%n",
                totals.stored(),
                totals.rejected(),
                totals.stored() > 0
                        ? "; " + price(totals.estimate(prices))
                        : totals.refused() ? "; the file would be refused, since no row could be stored" : "");
        totals.firstItem().ifPresent(item -> out.println("first item: " + Items.text(item)));
        out.flush();
    }

    /** Such as {@code about 7 write units, $0.0000044, under a second}; which pace sets the time is said where it matters. */
    private static String price(Estimate estimate) {
        String time = estimate.time().toSeconds() < 1
                ? "under a second"
                : "%s at %,d %s"
                        .formatted(
                                Words.time(estimate.time()),
                                estimate.limit().aSecond(),
                                estimate.limit().words());
        return "about %s, %s, %s"
                .formatted(Words.count(estimate.writeUnits(), "write unit"), Words.dollars(estimate.dollars()), time);
    }
}
