package pipeline.check;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The instant that makes a row's key unique within its table and equal on every retry, after every crash, everywhere. */
public final class Timestamps {
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Rows that follow each other mostly fall into one second. */
    private static volatile Second latest = new Second(0, SECOND.format(Instant.EPOCH));

    private record Second(long epochSecond, String text) {}

    private Timestamps() {}

    /** First claim of the file version plus the row's line in nanoseconds. */
    public static String of(Instant firstClaim, long line) {
        Instant instant = firstClaim.plusNanos(line);
        Second second = latest;
        if (second.epochSecond() != instant.getEpochSecond()) {
            second = new Second(instant.getEpochSecond(), SECOND.format(instant));
            latest = second;
        }
        // Always nine digits, so that keys sort as text in the order of the rows.
        String nanos = Integer.toString(1_000_000_000 + instant.getNano());
        return second.text() + nanos.substring(1) + 'Z';
    }
}
