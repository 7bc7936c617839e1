package pipeline.dataset;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.jexl3.JexlArithmetic;
import org.apache.commons.jexl3.JexlBuilder;
import org.apache.commons.jexl3.JexlEngine;
import org.apache.commons.jexl3.JexlException;
import org.apache.commons.jexl3.JexlFeatures;
import org.apache.commons.jexl3.JexlInfo;
import org.apache.commons.jexl3.JexlScript;

/**
 * A formula over a row's fields, compiled once. It can calculate, compare, choose and call {@link Functions}; it can reach
 * no Java class, keep no state and run no loop. Safe for use by several threads.
 */
public final class Expression {
    private static final JexlFeatures FEATURES = new JexlFeatures()
            .script(false)
            .loops(false)
            .lambda(false)
            .localVar(false)
            .sideEffect(false)
            .sideEffectGlobal(false)
            .newInstance(false)
            .methodCall(false)
            .arrayReferenceExpr(false)
            .structuredLiteral(false)
            .pragma(false)
            .annotation(false)
            .register(false);
    private static final JexlEngine ENGINE = engine();

    private final String source;
    private final JexlScript script;
    private final int[] slots;
    private final boolean copesWithNothing;

    private Expression(String source, JexlScript script, int[] slots) {
        this.source = source;
        this.script = script;
        this.slots = slots;
        this.copesWithNothing = source.contains("??");
    }

    /** What came of an expression. */
    public sealed interface Computed {
        record Value(Object value) implements Computed {}

        /** A field it needs holds nothing. */
        enum Nothing implements Computed {
            NOTHING
        }

        /** It cannot be computed, such as a division by zero. */
        record Failed(String found) implements Computed {}
    }

    /** A mistake in an expression's text. */
    static final class Mistake extends Exception {
        private static final long serialVersionUID = 1L;

        Mistake(String found) {
            super(found);
        }
    }

    /** Compiles a formula whose variables are the names, each at its slot, and tries it on the samples. */
    static Expression compile(String source, List<String> names, List<Object> samples) throws Mistake {
        try {
            List<String> used = new ArrayList<>();
            for (List<String> variable : parse(source).getVariables()) {
                String name = String.join(".", variable);
                if (!names.contains(name)) {
                    throw new Mistake("the unknown name " + name);
                }
                used.add(name);
            }
            JexlScript script = parse(source, used.toArray(String[]::new));
            int[] slots = used.stream().mapToInt(names::indexOf).toArray();
            Expression expression = new Expression(source, script, slots);
            expression.tryOn(samples);
            return expression;
        } catch (JexlException e) {
            throw new Mistake(reason(e));
        }
    }

    private static JexlScript parse(String source, String... parameters) {
        return ENGINE.createScript(FEATURES, new JexlInfo("expression", 1, 1), source, parameters);
    }

    // A division by zero depends on the samples; anything else would fail on every row.
    private void tryOn(List<Object> samples) throws Mistake {
        try {
            run(samples.toArray());
        } catch (JexlException e) {
            if (!(e.getCause() instanceof ArithmeticException) || e.getCause() instanceof IllegalOperand) {
                throw new Mistake(reason(e));
            }
        }
    }

    /** The kind of thing it yields for the samples, or empty where these cannot be computed. */
    Optional<Object> sample(List<Object> samples) {
        return evaluate(samples.toArray()) instanceof Computed.Value value
                ? Optional.of(value.value())
                : Optional.empty();
    }

    public String source() {
        return source;
    }

    /** Slots of the fields it uses. */
    int[] slots() {
        return slots.clone();
    }

    /** Whether it uses a field whose slot is marked. */
    public boolean uses(boolean[] marked) {
        for (int slot : slots) {
            if (marked[slot]) {
                return true;
            }
        }
        return false;
    }

    /**
     * Works it out for one row.
     *
     * @param values by slot; null where a field holds nothing, as the engine wants it
     */
    public Computed evaluate(Object[] values) {
        boolean lacks = lacks(values);
        if (lacks && !copesWithNothing) {
            return Computed.Nothing.NOTHING;
        }
        try {
            Object result = run(values);
            if (result == null) {
                return Computed.Nothing.NOTHING;
            }
            boolean number = result instanceof Number && !(result instanceof BigDecimal);
            return new Computed.Value(number ? ExactArithmetic.number(result) : result);
        } catch (JexlException e) {
            return lacks ? Computed.Nothing.NOTHING : new Computed.Failed(reason(e));
        }
    }

    private boolean lacks(Object[] values) {
        for (int slot : slots) {
            if (values[slot] == null) {
                return true;
            }
        }
        return false;
    }

    private Object run(Object[] values) {
        Object[] arguments = new Object[slots.length];
        for (int i = 0; i < slots.length; i++) {
            arguments[i] = values[slots[i]];
        }
        return script.execute(null, arguments);
    }

    private static String reason(JexlException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ArithmeticException && cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        if (e instanceof JexlException.Method method) {
            return "the unknown function " + method.getMethod();
        }
        if (e instanceof JexlException.Property property) {
            return "a property, ." + property.getProperty();
        }
        if (e instanceof JexlException.Feature) {
            return "something that expressions may not do";
        }
        if (e instanceof JexlException.Parsing parsing) {
            return "no formula (it breaks at column " + parsing.getInfo().getColumn() + ")";
        }
        return "something that cannot be computed";
    }

    private static JexlEngine engine() {
        JexlArithmetic arithmetic = new ExactArithmetic();
        Map<String, Object> functions = new HashMap<>();
        functions.put(null, new Functions()); // JEXL's name for functions without a prefix
        return new JexlBuilder()
                .features(FEATURES)
                .permissions(new NothingButFunctions())
                .arithmetic(arithmetic)
                .strict(true)
                .silent(false)
                .safe(false)
                .antish(false)
                .cache(0)
                .namespaces(functions)
                .create();
    }
}
