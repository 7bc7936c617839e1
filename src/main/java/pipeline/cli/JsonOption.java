package pipeline.cli;

import picocli.CommandLine;

/** {@code --json}, the same for every verb that has it. */
final class JsonOption {
    @CommandLine.Option(names = "--json", description = "Print JSON and nothing else; logs go to standard error.")
    private boolean json;

    boolean wanted() {
        return json;
    }
}
