package pipeline.check;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The instant that makes a row's key unique within its table and equal on every retry, after every crash, everywhere. */
public final class Timestamps {
    // ISO-8601 with always nine digits, so that keys sort as text in the order of the rows.
    private static final DateTimeFormatter NINE_DIGITS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Timestamps() {}

    /** First claim of the file version plus the row's line in nanoseconds. */
    public static String of(Instant firstClaim, long line) {
        return NINE_DIGITS.format(firstClaim.plusNanos(line));
    }
}
