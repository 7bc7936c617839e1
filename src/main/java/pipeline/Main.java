package pipeline;

import java.io.PrintWriter;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import picocli.CommandLine;
import pipeline.aws.Reasons;
import pipeline.cli.CheckCommand;
import pipeline.cli.CostsCommand;
import pipeline.cli.DoctorCommand;
import pipeline.cli.ExplainCommand;
import pipeline.cli.FailuresCommand;
import pipeline.cli.OnceCommand;
import pipeline.cli.ProvisionCommand;
import pipeline.cli.RunCommand;
import pipeline.cli.Setup;
import pipeline.cli.StatusLine;
import pipeline.cli.Terminal;
import pipeline.cli.Version;
import pipeline.settings.ConfigurationException;
import software.amazon.awssdk.core.exception.SdkException;

/** The command line: what users start. */
@CommandLine.Command(
        name = "camel-data-pipeline",
        description = {
            "Files dropped in a bucket become rows in a table: nothing lost, nothing twice, every rejected row comes back with its reason.",
            "Without a verb: run."
        },
        synopsisSubcommandLabel = "[VERB]",
        commandListHeading = "%nVerbs:%n",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            RunCommand.class,
            OnceCommand.class,
            CheckCommand.class,
            ProvisionCommand.class,
            DoctorCommand.class,
            FailuresCommand.class,
            ExplainCommand.class,
            CostsCommand.class
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:all well",
            "1:something failed",
            "2:wrong usage or configuration",
            "3:done, but some rows or files were rejected (once, check)"
        },
        footerHeading = "%nFirst steps:%n",
        footer = {
            "  check orders.csv   what would become of a file on this machine; no AWS needed",
            "  provision          create bucket, tables, queues, topic (test accounts)",
            "  doctor             what is wrong with the account, and what mends it",
            "  once               work off raw-data/ of the bucket",
            "  failures list      which files need a person, and why",
            "  explain jan.csv:17 what became of a file, or of one of its rows",
            "  costs              what files have cost, by day and dataset",
            "",
            "Settings: config/application.properties; pipeline.bucket is PIPELINE_BUCKET in",
            "the environment, and so on. Datasets: config/datasets/. Credentials, AWS_REGION",
            "and AWS_ENDPOINT_URL: as with every AWS tool. More on a verb: VERB --help"
        })
public final class Main implements Runnable {
    /** Runs one verb and ends the process with its exit status. */
    public static void main(String[] arguments) {
        // With --json nothing but the answer goes to standard output.
        Setup.beforeLogging(List.of(arguments).contains("--json") ? "SYSTEM_ERR" : "SYSTEM_OUT");
        if (Terminal.present() && !List.of(arguments).contains("--json")) {
            StatusLine.install();
        }
        int status = commandLine().execute(arguments.length == 0 ? new String[] {"run"} : arguments);
        LogManager.shutdown();
        System.exit(status);
    }

    /** All verbs; what a user can cause is one sentence on standard error, anything else a stack trace. */
    public static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler(Main::explain)
                .setParameterExceptionHandler(Main::misused);
    }

    private static int misused(CommandLine.ParameterException misuse, String[] arguments) {
        PrintWriter err = misuse.getCommandLine().getErr();
        err.println(misuse.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(misuse, err);
        err.println("Help: " + misuse.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return 2;
    }

    @Override
    public void run() {
        throw new IllegalStateException("a command line without a verb was taken for one");
    }

    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        if (failure instanceof ConfigurationException) {
            command.getErr().println(failure.getMessage());
            return 2;
        }
        if (failure instanceof SdkException) {
            command.getErr().println(Reasons.of(failure));
            return 1;
        }
        throw failure;
    }
}
