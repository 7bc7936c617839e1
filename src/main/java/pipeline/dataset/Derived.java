package pipeline.dataset;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** A column that is worked out from the others, such as {@code total_amount} from {@code quantity * unit_price}. */
public final class Derived {
    private static final NumberType PLAIN = new NumberType('.', Optional.empty());

    private final String name;
    private final Expression expression;
    private final NumberType notation;

    /** Numbers that a file supplies for this column are read in the notation of the first number it is worked out from. */
    Derived(String name, Expression expression, List<Field> fields) {
        this.name = name;
        this.expression = expression;
        NumberType found = PLAIN;
        for (int slot : expression.slots()) {
            if (found == PLAIN && slot < fields.size() && fields.get(slot).type() instanceof NumberType number) {
                found = number.unbounded();
            }
        }
        this.notation = found;
    }

    public String name() {
        return name;
    }

    public Expression expression() {
        return expression;
    }

    /** Whether a cell says the same as the computed value: numbers by value, all else by text. */
    public boolean agrees(String cell, Object computed) {
        if (computed instanceof BigDecimal number) {
            return notation.read(cell) instanceof Cell.Value supplied
                    && number.compareTo((BigDecimal) supplied.value()) == 0;
        }
        return Blank.strip(cell).equals(computed.toString());
    }
}
