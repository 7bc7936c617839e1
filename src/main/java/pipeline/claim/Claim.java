package pipeline.claim;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What became of the wish to work on a file version. */
public sealed interface Claim {
    /** For a route's {@code choice}: the name of the case, in lower case. */
    String kind();

    /** What the claim allows to do under a lease: an attempt, or what an attempt that is concluded has left undone. */
    default Optional<Attempt> work() {
        return Optional.empty();
    }

    /**
     * Nobody has answered yet.
     *
     * @param owner the token of this claim, made before it is tried, so that a retry knows its own success
     * @param since when that was, by this process's monotonic clock in nanoseconds
     */
    record NotClaimed(String owner, long since) implements Claim {
        @Override
        public String kind() {
            return "not-claimed";
        }
    }

    /**
     * It is ours.
     *
     * @param exhausted there is no further attempt: the file is only to be concluded
     */
    record Claimed(Attempt attempt, boolean exhausted) implements Claim {
        @Override
        public String kind() {
            return exhausted ? "exhausted" : "claimed";
        }

        @Override
        public Optional<Attempt> work() {
            return Optional.of(attempt);
        }
    }

    /** Another holds it; ask again when its lease can have run out. */
    record Held(Duration retryIn) implements Claim {
        @Override
        public String kind() {
            return "held";
        }
    }

    /** It waits for its next attempt. */
    record Waiting(Instant notBefore) implements Claim {
        @Override
        public String kind() {
            return "waiting";
        }
    }

    /**
     * It was concluded earlier.
     *
     * @param rest an announcement, or copies in old places, which are ours to see to now; empty where nothing is left of it
     *     but its object
     */
    record Concluded(Entry entry, Optional<Attempt> rest) implements Claim {
        @Override
        public String kind() {
            return "concluded";
        }

        @Override
        public Optional<Attempt> work() {
            return rest;
        }
    }

    /** It is gone: there is no such entry any more and no object was seen. */
    record Gone() implements Claim {
        @Override
        public String kind() {
            return "gone";
        }
    }
}
