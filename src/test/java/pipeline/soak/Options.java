package pipeline.soak;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What can be set on the command line: {@code -Dsoak.minutes=10 -Dsoak.seed=1 -Dsoak.outage-seconds=300
 * -Dsoak.files=300 -Dsoak.lease-seconds=6}.
 */
final class Options {
    private Options() {}

    /** How long files are dropped and processes killed; what is left then is finished in peace. */
    static Duration soak() {
        return Duration.ofSeconds(Math.round(60 * Double.parseDouble(System.getProperty("soak.minutes", "10"))));
    }

    /**
     * From what everything random is drawn. It repeats what is dropped and what is drawn for the nth call; which
     * call that is depends on the processes.
     */
    static long seed() {
        return Long.getLong("soak.seed", ThreadLocalRandom.current().nextInt(1, 1_000_000_000));
    }

    /** How many files wait in an outage. */
    static int files() {
        return Integer.getInteger("soak.files", 300);
    }

    static Duration outage() {
        return Duration.ofSeconds(Long.getLong("soak.outage-seconds", 300));
    }

    /** Short, so that the dead are replaced soon; on a busy machine longer, since a call may take a third of it. */
    static String leaseSeconds() {
        return System.getProperty("soak.lease-seconds", "6");
    }
}
