package pipeline.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import pipeline.dataset.Shown;

/** Numbers, durations and names as people read them. */
final class Words {
    private Words() {}

    /** {@code 1 row}, {@code 1,204 rows}. */
    static String count(long number, String one) {
        return count(number, one, one + "s");
    }

    static String count(long number, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : many);
    }

    /** How long ago, in the largest unit that says enough: {@code 4 s}, {@code 4 min}, {@code 2 h}, {@code 3 d}. */
    static String ago(Duration since) {
        long seconds = Math.max(0, since.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + " min";
        }
        return seconds < 2 * 86_400 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
    }

    /** How long something took: {@code 840 ms}, {@code 4.2 s}, {@code 3 min 8 s}. */
    static String time(Duration took) {
        if (took.toMillis() < 1_000) {
            return took.toMillis() + " ms";
        }
        return took.toSeconds() < 60
                ? String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1e3)
                : "%,d min %d s".formatted(took.toMinutes(), took.toSecondsPart());
    }

    /** An amount of money: {@code $62.50}, {@code $0.26}, {@code $0.0000044}; two digits that count where it is small. */
    static String dollars(BigDecimal amount) {
        if (amount.signum() == 0) {
            return "$0";
        }
        BigDecimal rounded = amount.abs().compareTo(BigDecimal.ONE) < 0
                ? amount.round(new MathContext(2, RoundingMode.HALF_UP))
                : amount.setScale(2, RoundingMode.HALF_UP);
        return "$" + String.format(Locale.ROOT, "%,." + Math.max(2, rounded.scale()) + "f", rounded);
    }

    /** A time to come, as a clock counts it down: {@code 0:08}, {@code 1:08}, {@code 1:01:08}. */
    static String clock(long seconds) {
        return seconds < 3_600
                ? "%d:%02d".formatted(seconds / 60, seconds % 60)
                : "%d:%02d:%02d".formatted(seconds / 3_600, seconds / 60 % 60, seconds % 60);
    }

    /** A size in decimal units: {@code 812 bytes}, {@code 14 kB}, {@code 1.1 GB}. */
    static String size(long bytes) {
        if (bytes < 1_000) {
            return bytes + " bytes";
        }
        double size = bytes / 1e3;
        String[] units = {"kB", "MB", "GB", "TB"};
        int unit = 0;
        while (size >= 999.5 && unit < units.length - 1) {
            size /= 1e3;
            unit++;
        }
        return String.format(Locale.ROOT, size < 9.95 ? "%.1f %s" : "%.0f %s", size, units[unit]);
    }

    /** An argument as a shell takes it: quoted where it has to be. */
    static String argument(String text) {
        return Shown.argument(text);
    }
}
