package pipeline.dataset;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import pipeline.dataset.Cell.Unfit;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * Types integer and number: exact, never a binary fraction. Blanks around the number are no part of it. A number may have
 * an exponent, an integer may not.
 */
final class NumberType implements FieldType {
    private static final int LONGEST_TEXT = 400;

    private final boolean integer;
    private final char decimalChar;
    private final Optional<Character> groupChar;
    private final Optional<BigDecimal> minimum;
    private final Optional<BigDecimal> maximum;
    private final OptionalInt maxDecimals;
    private final List<BigDecimal> choices;
    private final String expectation;
    private final Unfit unfit;
    private final Unfit unreadable;

    /** Any number in this notation. */
    NumberType(char decimalChar, Optional<Character> groupChar) {
        this(
                false,
                decimalChar,
                groupChar,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                List.of(),
                Optional.empty());
    }

    NumberType(
            boolean integer,
            char decimalChar,
            Optional<Character> groupChar,
            Optional<BigDecimal> minimum,
            Optional<BigDecimal> maximum,
            OptionalInt maxDecimals,
            List<BigDecimal> choices,
            Optional<String> example) {
        this.integer = integer;
        this.decimalChar = decimalChar;
        this.groupChar = groupChar;
        this.minimum = minimum;
        this.maximum = maximum;
        this.maxDecimals = maxDecimals;
        this.choices = List.copyOf(choices);
        this.expectation = phrase();
        this.unfit = new Unfit(expectation);
        this.unreadable = example.or(() -> integer ? Optional.empty() : Optional.of("12" + decimalChar + "50"))
                .filter(text ->
                        choices.isEmpty() && parsed(text).filter(this::fits).isPresent())
                .map(text -> new Unfit((integer ? "an integer such as " : "a decimal such as ") + text))
                .orElse(unfit);
    }

    char decimalChar() {
        return decimalChar;
    }

    Optional<Character> groupChar() {
        return groupChar;
    }

    /** A number of any size in the same notation. */
    NumberType unbounded() {
        return new NumberType(decimalChar, groupChar);
    }

    @Override
    public Cell read(String cell) {
        String text = Blank.strip(cell);
        if (text.length() > LONGEST_TEXT) {
            return new Unfit("a number of at most " + Numbers.DIGITS + " digits");
        }
        Optional<BigDecimal> parsed = parsed(text);
        if (parsed.isEmpty()) {
            return unreadable;
        }
        BigDecimal value = parsed.get();
        Optional<String> limit = Numbers.beyondLimits(value);
        if (limit.isPresent()) {
            return new Unfit(limit.get());
        }
        return fits(value) ? new Cell.Value(value, Numbers.attribute(value)) : unfit;
    }

    // Checked by hand and not by BigDecimal's own exception: a file full of bad numbers must not cost a stack trace a
    // cell.
    private Optional<BigDecimal> parsed(String text) {
        int start = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
        int whole = start;
        while (whole < text.length() && (isDigit(text, whole) || isGroup(text, whole))) {
            whole++;
        }
        if (groupChar.isPresent() && !isGrouped(text.substring(start, whole), groupChar.get())) {
            return Optional.empty();
        }
        int end = whole;
        int decimals = 0;
        if (!integer && end < text.length() && text.charAt(end) == decimalChar) {
            decimals = digits(text, end + 1);
            end += 1 + decimals;
        }
        if (whole == start && decimals == 0) {
            return Optional.empty();
        }
        if (!integer && end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
            int sign = end + 1 < text.length() && "+-".indexOf(text.charAt(end + 1)) >= 0 ? 1 : 0;
            int exponent = digits(text, end + 1 + sign);
            if (exponent == 0 || exponent > 5) {
                return Optional.empty();
            }
            end += 1 + sign + exponent;
        }
        if (end != text.length()) {
            return Optional.empty();
        }
        String plain =
                groupChar.map(group -> text.replace(group.toString(), "")).orElse(text);
        return Optional.of(new BigDecimal(decimalChar == '.' ? plain : plain.replace(decimalChar, '.')));
    }

    private boolean isGroup(String text, int at) {
        return groupChar.isPresent() && text.charAt(at) == groupChar.get();
    }

    // Three digits at the end and two or three before (as in 12,34,567): or 12.50 would be read as 1250 where '.'
    // groups.
    private static boolean isGrouped(String whole, char group) {
        int first = whole.indexOf(group);
        int from = first;
        while (from >= 0) {
            int next = whole.indexOf(group, from + 1);
            int digits = (next < 0 ? whole.length() : next) - from - 1;
            if (digits != 3 && (next < 0 || digits != 2)) {
                return false;
            }
            from = next;
        }
        return first != 0;
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && isDigit(text, at)) {
            at++;
        }
        return at - from;
    }

    private static boolean isDigit(String text, int at) {
        return text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private boolean fits(BigDecimal value) {
        return (minimum.isEmpty() || value.compareTo(minimum.get()) >= 0)
                && (maximum.isEmpty() || value.compareTo(maximum.get()) <= 0)
                && (maxDecimals.isEmpty() || decimals(value) <= maxDecimals.getAsInt())
                && (choices.isEmpty() || choices.stream().anyMatch(choice -> choice.compareTo(value) == 0));
    }

    // Of the value, not of its text: 1.50000 has one decimal.
    private int decimals(BigDecimal value) {
        return value.scale() <= maxDecimals.orElse(0)
                ? 0
                : value.stripTrailingZeros().scale();
    }

    private String phrase() {
        if (!choices.isEmpty()) {
            return (choices.size() == 1 ? "" : "one of ")
                    + Shown.choice(choices.stream().map(Numbers::text).toList());
        }
        String range = "";
        if (minimum.isPresent() && maximum.isPresent()) {
            range = " from " + Numbers.text(minimum.get()) + " to " + Numbers.text(maximum.get());
        } else if (minimum.isPresent()) {
            range = " of at least " + Numbers.text(minimum.get());
        } else if (maximum.isPresent()) {
            range = " of at most " + Numbers.text(maximum.get());
        }
        String decimals = maxDecimals.isEmpty() ? "" : " with at most " + maxDecimals.getAsInt() + " decimals";
        return (integer ? "an integer" : "a decimal") + range + decimals;
    }

    @Override
    public String expectation() {
        return expectation;
    }

    @Override
    public ScalarAttributeType keyType() {
        return ScalarAttributeType.N;
    }

    @Override
    public Object sample() {
        return minimum.or(() -> maximum).orElse(BigDecimal.ONE);
    }
}
