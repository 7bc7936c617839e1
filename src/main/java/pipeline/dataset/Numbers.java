package pipeline.dataset;

import java.math.BigDecimal;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Numbers as DynamoDB keeps them: at most 38 significant digits, magnitude 1E-130 to below 1E126, or zero.
 *
 * <p>Source: Amazon DynamoDB Developer Guide, "Supported data types and naming rules", Number.
 */
public final class Numbers {
    static final int DIGITS = 38;
    static final int HIGHEST_EXPONENT = 125;
    static final int LOWEST_EXPONENT = -130;

    private Numbers() {}

    /** What is expected instead of a number beyond the limits; empty for a number within them. */
    public static Optional<String> beyondLimits(BigDecimal value) {
        if (value.signum() == 0) {
            return Optional.empty();
        }
        BigDecimal bare = value.precision() > DIGITS ? value.stripTrailingZeros() : value;
        if (bare.precision() > DIGITS) {
            return Optional.of("a number of at most " + DIGITS + " digits");
        }
        long exponent = (long) bare.precision() - bare.scale() - 1;
        return exponent > HIGHEST_EXPONENT || exponent < LOWEST_EXPONENT
                ? Optional.of("a number from 1E-130 to 9.99E+125")
                : Optional.empty();
    }

    /** The attribute N with exactly this value, written without trailing zeros as the table will show it. */
    public static AttributeValue attribute(BigDecimal value) {
        return AttributeValue.builder().n(text(value)).build();
    }

    /** The shortest plain text of a value; numbers with many zeros keep their exponent. */
    public static String text(BigDecimal value) {
        if (value.scale() == 0) {
            return value.toString();
        }
        BigDecimal bare = value.stripTrailingZeros();
        return Math.abs(bare.scale()) > DIGITS ? bare.toString() : bare.toPlainString();
    }
}
