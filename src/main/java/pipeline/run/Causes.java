package pipeline.run;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks through a failure and its causes, itself the first of them. */
final class Causes {
    private Causes() {}

    /** The pattern, found in the message of the outermost cause that has it. */
    static Optional<Matcher> matched(Throwable failure, Pattern pattern) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher matcher = pattern.matcher(String.valueOf(cause.getMessage()));
            if (matcher.find()) {
                return Optional.of(matcher);
            }
        }
        return Optional.empty();
    }

    /** The innermost cause of a kind: Camel wraps one in another of the same kind. */
    static <T extends Throwable> Optional<T> innermost(Throwable failure, Class<T> kind) {
        Optional<T> found = Optional.empty();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                found = Optional.of(kind.cast(cause));
            }
        }
        return found;
    }

    /** What it all began with. */
    static Throwable root(Throwable failure) {
        return failure.getCause() == null ? failure : root(failure.getCause());
    }
}
