package pipeline.cli;

import picocli.CommandLine;

/** {@code -h}, the same at every level. */
final class HelpOption {
    @CommandLine.Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;
}
