package pipeline.dataset;

/** An expression asks for what cannot be: text times text, a number as a condition. */
final class IllegalOperand extends ArithmeticException {
    private static final long serialVersionUID = 1L;

    IllegalOperand(String found) {
        super(found);
    }
}
