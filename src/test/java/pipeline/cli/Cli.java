package pipeline.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import pipeline.Main;

/** What a user sees of one command: exit status, standard output, standard error. */
record Cli(int status, String out, String err) {
    static Cli run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Cli(status, lines(out), lines(err));
    }

    private static String lines(StringWriter text) {
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}
