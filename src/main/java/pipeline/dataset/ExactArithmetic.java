package pipeline.dataset;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.apache.commons.jexl3.JexlArithmetic;
import org.apache.commons.jexl3.JexlOperator;

/**
 * Arithmetic of expressions on decimals: sums, differences and products are exact, a quotient has 38 digits. Nothing is
 * coerced: a number is a number, a condition is true or false, {@code +} with a text joins.
 */
final class ExactArithmetic extends JexlArithmetic {
    private static final MathContext QUOTIENT = new MathContext(Numbers.DIGITS, RoundingMode.HALF_EVEN);

    ExactArithmetic() {
        super(true, MathContext.UNLIMITED, Integer.MIN_VALUE);
    }

    static BigDecimal number(Object operand) {
        if (operand instanceof BigDecimal decimal) {
            return decimal;
        }
        if (operand instanceof Number) {
            return new BigDecimal(operand.toString()); // a literal of the expression
        }
        throw new IllegalOperand(operand == null ? "nothing where a number is needed" : kind(operand) + " as a number");
    }

    private static String kind(Object operand) {
        return operand instanceof Number
                ? "a number"
                : operand instanceof Boolean ? "true or false" : operand instanceof String ? "text" : "a date or time";
    }

    @Override
    public Object add(Object left, Object right) {
        if (left instanceof String || right instanceof String) {
            return text(left) + text(right);
        }
        return number(left).add(number(right));
    }

    private static String text(Object operand) {
        if (operand == null) {
            throw new IllegalOperand("nothing where a text is needed");
        }
        return operand instanceof BigDecimal decimal ? Numbers.text(decimal) : operand.toString();
    }

    @Override
    public Object subtract(Object left, Object right) {
        return number(left).subtract(number(right));
    }

    @Override
    public Object multiply(Object left, Object right) {
        return number(left).multiply(number(right));
    }

    @Override
    public Object divide(Object left, Object right) {
        return number(left).divide(divisor(right), QUOTIENT);
    }

    @Override
    public Object mod(Object left, Object right) {
        return number(left).remainder(divisor(right));
    }

    private static BigDecimal divisor(Object operand) {
        BigDecimal divisor = number(operand);
        if (divisor.signum() == 0) {
            throw new ArithmeticException("a division by zero");
        }
        return divisor;
    }

    @Override
    public Object negate(Object operand) {
        return number(operand).negate();
    }

    @Override
    public Object positivize(Object operand) {
        return number(operand);
    }

    @Override
    public boolean equals(Object left, Object right) {
        if (left instanceof Number && right instanceof Number) {
            return number(left).compareTo(number(right)) == 0;
        }
        return left == null ? right == null : left.equals(right);
    }

    @Override
    @SuppressWarnings("unchecked") // operands of one class, checked just before
    protected int compare(Object left, Object right, JexlOperator operator) {
        if (left instanceof Number || right instanceof Number) {
            return number(left).compareTo(number(right));
        }
        if (left instanceof Comparable<?> && right != null && left.getClass() == right.getClass()) {
            return ((Comparable<Object>) left).compareTo(right);
        }
        throw new IllegalOperand("values of different types compared");
    }

    @Override
    public boolean toBoolean(Object operand) {
        if (operand instanceof Boolean condition) {
            return condition;
        }
        throw new IllegalOperand(
                operand == null ? "nothing where a condition is needed" : kind(operand) + " as a condition");
    }

    @Override
    public long toLong(Object operand) {
        throw new IllegalOperand("an operator on bits");
    }

    @Override
    protected long toLong(boolean strict, Object operand) {
        throw new IllegalOperand("an operator on bits");
    }

    // Whatever an expression says about options, its arithmetic stays this one.
    @Override
    protected JexlArithmetic createWithOptions(boolean strict, MathContext context, int scale) {
        return this;
    }
}
