package pipeline.dataset;

import java.util.Collection;
import java.util.Iterator;

/** Text from outside as it may appear in a sentence: bounded, on one line, nothing invisible. */
public final class Shown {
    private static final int CHARACTERS = 60;
    private static final int NAMES = 15;

    private Shown() {}

    /** The text between single quotes, at most 60 characters of it. */
    public static String quoted(String text) {
        return "'" + plain(text) + "'";
    }

    /** At most 60 characters of the text; control and formatting characters are escaped. */
    public static String plain(String text) {
        return escaped(text, CHARACTERS);
    }

    /** The whole text on one line; control and formatting characters are escaped. */
    public static String line(String text) {
        return escaped(text, Integer.MAX_VALUE);
    }

    /** An argument as a shell takes it, on one line: quoted where it has to be. */
    public static String argument(String text) {
        if (text.matches("[\\p{Alnum}_./:@%+=,-]+") && !text.startsWith("-")) {
            return text;
        }
        String line = line(text);
        // What is escaped is read back by $'...' alone (bash, ksh, zsh, POSIX 2024).
        return line.equals(text)
                ? "'" + text.replace("'", "'\\''") + "'"
                : "$'" + line(text.replace("\\", "\\\\").replace("'", "\\'")) + "'";
    }

    private static String escaped(String text, int most) {
        StringBuilder shown = new StringBuilder();
        int at = 0;
        for (int count = 0; count < most && at < text.length(); count++) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> shown.append(escaped(c));
                default -> shown.append(isNoncharacter(c) ? escaped(c) : Character.toString(c));
            }
        }
        return shown.append(at < text.length() ? "…" : "").toString();
    }

    // No message of SQS or SNS may hold the two at the end of the basic plane.
    private static boolean isNoncharacter(int c) {
        return (c & 0xFFFE) == 0xFFFE || c >= 0xFDD0 && c <= 0xFDEF;
    }

    /** Names one after the other, such as {@code a, b, c}; from the sixteenth on only their number. */
    public static String list(Collection<String> names) {
        return join(names, ", ");
    }

    /** Names to choose from, such as {@code a, b or c}. */
    public static String choice(Collection<String> names) {
        return join(names, " or ");
    }

    private static String join(Collection<String> names, String last) {
        StringBuilder list = new StringBuilder();
        Iterator<String> each = names.iterator();
        for (int i = 0; each.hasNext(); i++) {
            if (i == NAMES && names.size() > NAMES + 1) {
                return list.append(" and ")
                        .append(names.size() - NAMES)
                        .append(" more")
                        .toString();
            }
            String name = plain(each.next());
            list.append(i == 0 ? "" : each.hasNext() ? ", " : last).append(name);
        }
        return list.toString();
    }

    private static String escaped(int c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format(c > 0xFFFF ? "\\U%08X" : "\\u%04X", c);
        };
    }
}
