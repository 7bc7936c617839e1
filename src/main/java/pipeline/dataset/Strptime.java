package pipeline.dataset;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalField;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A date or time format in the notation of C's and Python's strptime, as Frictionless Table Schema names it. Directives:
 * %Y %y %m %d %b %B %H %I %M %S %f %p %z %%.
 *
 * @param example a moment written in this format
 */
record Strptime(DateTimeFormatter formatter, String example) {
    static final String DIRECTIVES = "%Y %y %m %d %b %B %H %I %M %S %f %p %z %%";
    private static final Map<Character, TemporalField> TWO_DIGITS = Map.of(
            'm', ChronoField.MONTH_OF_YEAR,
            'd', ChronoField.DAY_OF_MONTH,
            'H', ChronoField.HOUR_OF_DAY,
            'I', ChronoField.CLOCK_HOUR_OF_AMPM,
            'M', ChronoField.MINUTE_OF_HOUR,
            'S', ChronoField.SECOND_OF_MINUTE);

    /** The format, or empty when the pattern has a directive that is not supported. */
    static Optional<Strptime> of(String pattern) {
        DateTimeFormatterBuilder format = new DateTimeFormatterBuilder().parseCaseInsensitive();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c != '%') {
                format.appendLiteral(c);
            } else if (++i == pattern.length() || !append(format, pattern, i)) {
                return Optional.empty();
            }
        }
        DateTimeFormatter formatter = format.toFormatter(Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
        LocalDateTime example = LocalDateTime.of(2026, 11, 23, 14, 30, 15);
        return Optional.of(new Strptime(formatter, formatter.format(example.atOffset(ZoneOffset.UTC))));
    }

    private static boolean append(DateTimeFormatterBuilder format, String pattern, int at) {
        char directive = pattern.charAt(at);
        switch (directive) {
            case 'Y' -> format.appendValue(ChronoField.YEAR, 4);
            case 'y' -> format.appendValueReduced(ChronoField.YEAR, 2, 2, 1969); // as POSIX: 69 is 1969, 68 is 2068
            case 'b' -> format.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.SHORT);
            case 'B' -> format.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.FULL);
            case 'f' -> format.appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, false);
            case 'p' -> format.appendText(ChronoField.AMPM_OF_DAY, TextStyle.SHORT);
            // As C and Python together: Z, +01, +0100 or +01:00, also with seconds.
            case 'z' -> format.parseLenient().appendOffset("+HH", "Z").parseStrict();
            case '%' -> format.appendLiteral('%');
            default -> {
                TemporalField field = TWO_DIGITS.get(directive);
                if (field == null) {
                    return false;
                }
                boolean run = at + 1 < pattern.length() && pattern.charAt(at + 1) == '%'
                        || at >= 3 && pattern.charAt(at - 3) == '%';
                if (run) {
                    format.appendValue(field, 2);
                } else {
                    format.appendValue(field, 1, 2, SignStyle.NOT_NEGATIVE); // strptime takes 3/7/2026 for %d/%m/%Y
                }
            }
        }
        return true;
    }
}
