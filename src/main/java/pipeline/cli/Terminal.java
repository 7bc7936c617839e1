package pipeline.cli;

import java.io.Console;
import java.nio.charset.Charset;
import java.util.Map;

/** Whether a person sits in front of this process, and what that person's terminal can show. */
public final class Terminal {
    private Terminal() {}

    /** True when standard output is a terminal that moves its cursor. */
    public static boolean present() {
        return isTerminal(System.console()) && movesCursor(System.getenv());
    }

    /** The terminal's charset, where there is one. */
    static Charset charset() {
        Console console = System.console();
        return console == null ? Charset.defaultCharset() : console.charset();
    }

    /** From Java 22 on there is a console even where nobody sits at it; it says so itself. */
    private static boolean isTerminal(Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException olderJava) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    static boolean movesCursor(Map<String, String> environment) {
        String term = environment.getOrDefault("TERM", "");
        return !term.isEmpty() && !term.equals("dumb") || environment.containsKey("WT_SESSION");
    }
}
