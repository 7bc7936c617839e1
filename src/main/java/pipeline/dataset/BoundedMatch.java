package pipeline.dataset;

import java.util.regex.Pattern;

/**
 * A text as a pattern looks at it, so many characters and no more: a dataset's pattern may backtrack without end, or too
 * deep for the stack, on a cell that is made for it or just long. Such a cell does not match.
 */
final class BoundedMatch implements CharSequence {
    private static final long LEAST = 1_000_000;
    private static final long FOR_EACH_CHARACTER = 100;

    /** Thrown at the pattern's own code, which knows no other way to stop. */
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Enough() {
            super("looked long enough", null, false, false);
        }
    }

    private final String text;
    private long left;

    private BoundedMatch(String text) {
        this.text = text;
        this.left = LEAST + FOR_EACH_CHARACTER * text.length();
    }

    /** Whether the whole text matches. */
    static boolean matches(Pattern pattern, String text) {
        try {
            return pattern.matcher(new BoundedMatch(text)).matches();
        } catch (Enough | StackOverflowError e) {
            // The matcher recurses once for each repetition of a group: how deep is the text's doing, not the
            // program's.
            return false;
        }
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (--left < 0) {
            throw new Enough();
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
