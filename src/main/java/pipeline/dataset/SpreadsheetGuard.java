package pipeline.dataset;

/**
 * Keeps a spreadsheet from running a cell as a formula: such a cell gets one leading {@code '}, and loses it again on the
 * way in. {@link #unguard} undoes {@link #guard} for every text. A plain number such as -5 is no formula and stays.
 *
 * <p>Source: OWASP, "CSV Injection".
 */
public final class SpreadsheetGuard {
    private SpreadsheetGuard() {}

    /** The text as it is safe to write into a file that people open in a spreadsheet. */
    public static String guard(String cell) {
        return needsGuard(cell) ? "'" + cell : cell;
    }

    /** The text before {@link #guard}; any other text is left as it is. */
    public static String unguard(String cell) {
        if (cell.isEmpty() || cell.charAt(0) != '\'') {
            return cell;
        }
        String inner = cell.substring(1);
        return needsGuard(inner) ? inner : cell;
    }

    // Leading quotes are looked past, so that a cell that already looks guarded is guarded once more and comes back
    // whole.
    private static boolean needsGuard(String cell) {
        int start = 0;
        while (start < cell.length() && cell.charAt(start) == '\'') {
            start++;
        }
        if (start == cell.length() || "=+-@\t\r".indexOf(cell.charAt(start)) < 0) {
            return false;
        }
        return start > 0 || !isPlainNumber(cell);
    }

    private static boolean isPlainNumber(String cell) {
        int at = cell.charAt(0) == '-' || cell.charAt(0) == '+' ? 1 : 0;
        int digits = digits(cell, at);
        int end = at + digits;
        if (end < cell.length() && (cell.charAt(end) == '.' || cell.charAt(end) == ',')) {
            int fraction = digits(cell, end + 1);
            digits += fraction;
            end += 1 + fraction;
        }
        return digits > 0 && end == cell.length();
    }

    private static int digits(String cell, int from) {
        int at = from;
        while (at < cell.length() && cell.charAt(at) >= '0' && cell.charAt(at) <= '9') {
            at++;
        }
        return at - from;
    }
}
