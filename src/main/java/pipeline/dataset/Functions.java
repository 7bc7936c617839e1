package pipeline.dataset;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** The functions an expression may call. Public only because the expression engine calls nothing else. */
public final class Functions {
    Functions() {}

    /** The number with so many decimals, halves away from zero as in commerce. */
    public Object round(Object number, Object decimals) {
        int scale = ExactArithmetic.number(decimals).intValueExact();
        if (scale < 0 || scale > Numbers.DIGITS) {
            throw new IllegalOperand("rounding to " + scale + " decimals");
        }
        return ExactArithmetic.number(number).setScale(scale, RoundingMode.HALF_UP);
    }

    public Object abs(Object number) {
        return ExactArithmetic.number(number).abs();
    }

    public Object min(Object a, Object b) {
        BigDecimal left = ExactArithmetic.number(a);
        return left.min(ExactArithmetic.number(b));
    }

    public Object max(Object a, Object b) {
        BigDecimal left = ExactArithmetic.number(a);
        return left.max(ExactArithmetic.number(b));
    }
}
