package pipeline.conclude;

import java.util.Optional;
import pipeline.claim.Attempt;
import pipeline.claim.Status;
import pipeline.dataset.Shown;

/**
 * How an attempt ends a file.
 *
 * @param status completed, refused or failed
 * @param reason for a refused or failed file, one sentence
 * @param lastTry it was tried before to end the file so, and could not be done: where S3 still does not make its copy,
 *     it is ended without one
 */
public record Outcome(Status status, Optional<String> reason, boolean lastTry) {
    private Outcome(Status status, Optional<String> reason) {
        this(status, reason, false);
    }

    /**
     * Every row was dealt with. None stored although there were some: the file as a whole is refused.
     *
     * @param rows how many the file has, counted when it was looked through
     * @throws IllegalStateException when not every one of them was dealt with
     */
    public static Outcome ofRows(Attempt attempt, long rows) {
        if (attempt.rowsRead() != rows) {
            throw new IllegalStateException(
                    "%s: found %,d rows on the way to the table, expected the %,d that the file has"
                            .formatted(Shown.line(attempt.file()), attempt.rowsRead(), rows));
        }
        if (attempt.rowsStored() == 0 && attempt.rowsRejected() > 0) {
            return refused(noRowStored(attempt.file(), attempt.rowsRejected()));
        }
        return new Outcome(Status.COMPLETED, Optional.empty());
    }

    /** Why a file is refused of which every row was rejected. */
    public static String noRowStored(String file, long rejected) {
        return "%s: no row could be stored, %,d of %,d were rejected".formatted(Shown.line(file), rejected, rejected);
    }

    /** The file is not what it says. */
    public static Outcome refused(String reason) {
        return new Outcome(Status.REFUSED, Optional.of(reason));
    }

    /** The last attempt that the file gets has failed. */
    public static Outcome failed(String reason) {
        return new Outcome(Status.FAILED, Optional.of(reason));
    }

    /** As that, and it is being tried again to end the file. */
    public static Outcome failedOnLastTry(String reason) {
        return new Outcome(Status.FAILED, Optional.of(reason), true);
    }
}
