package pipeline.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import pipeline.aws.Provisioning;

/** {@code provision}: creates what the pipeline needs, in local and test accounts. */
@CommandLine.Command(
        name = "provision",
        description = {
            "Create the bucket, tables, queues and topic that the settings name; what is there stays as it is.",
            "For local and test accounts."
        },
        footerHeading = "%nExample (another name for the bucket):%n",
        footer = "  PIPELINE_BUCKET=my-test-data camel-data-pipeline provision")
public final class ProvisionCommand implements Callable<Integer> {
    @CommandLine.Mixin
    private JsonOption json;

    @CommandLine.Mixin
    private HelpOption help;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        try (Setup setup = Setup.read()) {
            var steps = new Provisioning(setup.clients(), setup.settings(), setup.datasets()).run();
            if (json.wanted()) {
                spec.commandLine().getOut().println(Json.line(steps));
            } else {
                steps.forEach(step -> spec.commandLine()
                        .getOut()
                        .printf("%-8s %s %s%n", step.get("state"), step.get("kind"), step.get("name")));
            }
            return 0;
        }
    }
}
