package pipeline.cost;

import java.math.BigDecimal;
import java.time.Duration;
import pipeline.settings.Settings;

/**
 * What one process asks for in a day in which no file comes.
 *
 * @param listings of {@code raw-data/}
 * @param queries of the ledger's open files: what is to do, and, for the figures, what waits
 * @param polls of the queue
 * @param depths how often a queue is asked how many messages it holds
 */
public record Idle(long listings, long queries, long polls, long depths) {
    /** How long a poll of the queue waits, as the route {@code receive-event} says. */
    static final Duration POLL = Duration.ofSeconds(3);

    /** How long Camel waits after one that found nothing (its {@code delay}). */
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** What the least query is charged, in read units. */
    private static final double QUERY = 0.5;

    public static Idle aDay(Settings settings) {
        long pollers = settings.eventIntake() ? settings.filesAtOnce() : 0;
        // The figures of what waits (pipeline.observe.Backlog): two kinds of open files, one or two queues.
        long looks = aDay(settings.pollEvery().multipliedBy(3));
        return new Idle(
                aDay(settings.listEvery()),
                aDay(settings.pollEvery()) + 2 * looks,
                pollers * aDay(POLL.plus(PAUSE)),
                (settings.eventIntake() ? 2 : 1) * looks);
    }

    private static long aDay(Duration every) {
        return Math.max(1, Duration.ofDays(1).toMillis() / every.toMillis());
    }

    /** In dollars. */
    public BigDecimal cost(Prices prices) {
        return prices.of(new Usage()
                .add(Charge.S3_PUTS, listings)
                .add(Charge.LEDGER_READ_UNITS, QUERY * queries)
                .add(Charge.SQS_REQUESTS, polls + depths));
    }
}
