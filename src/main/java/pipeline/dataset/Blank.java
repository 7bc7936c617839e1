package pipeline.dataset;

/** Blanks as people see them: white space of any kind, no-break and ideographic spaces included. */
public final class Blank {
    private Blank() {}

    static boolean isBlank(char c) {
        return c <= ' '
                ? Character.isWhitespace(c)
                : c > 0x7F && (Character.isWhitespace(c) || Character.isSpaceChar(c));
    }

    /** Whether the text is empty or nothing but blanks. */
    public static boolean isBlank(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isBlank(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** The text without blanks before and after it. */
    static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }
}
