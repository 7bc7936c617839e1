package pipeline.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.logging.log4j.LogManager;
import picocli.CommandLine;
import pipeline.aws.Services;
import pipeline.observe.HealthWhileWaiting;
import pipeline.run.Pipeline;

/** {@code run}: works on whatever is dropped, until the process is told to stop. */
@CommandLine.Command(
        name = "run",
        description = {
            "Work on whatever is dropped in the bucket, until SIGTERM or Ctrl-C. This is the default.",
            "Any number of these may run at the same time, on one machine or many: they share the work."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  run",
            "  PIPELINE_INTAKE=events PIPELINE_LOG_FORMAT=json camel-data-pipeline run",
            "",
            "Exit status: 0 when told to stop; files in hand are finished or handed back first."
        })
public final class RunCommand implements Callable<Integer> {
    @CommandLine.Mixin
    private HelpOption help;

    @Override
    public Integer call() throws InterruptedException {
        try (Setup setup = Setup.read()) {
            Services services = setup.services();
            Services.Addresses addresses = find(setup, services);
            Pipeline pipeline = new Pipeline(
                    setup.settings(),
                    setup.datasets(),
                    setup.clients(),
                    services,
                    addresses,
                    Pipeline.Intake.LISTENING);
            Progress progress = new Progress(pipeline::inHand);
            // The hook ends the process itself: status 0, because to stop when told to is no failure.
            Thread hook = new Thread(() -> {
                progress.close();
                pipeline.close();
                LogManager.shutdown();
                Runtime.getRuntime().halt(0);
            });
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                pipeline.start();
            } catch (RuntimeException e) {
                // A start that failed is one: it keeps its own status.
                Runtime.getRuntime().removeShutdownHook(hook);
                pipeline.close();
                throw e;
            }
            progress.start(setup.settings());
            new CountDownLatch(1).await();
            return 0;
        }
    }

    /** Waits while AWS does not answer, alive and not ready. */
    private static Services.Addresses find(Setup setup, Services services) throws InterruptedException {
        Optional<Services.Addresses> atOnce = setup.find(services, Optional.of(Duration.ZERO));
        if (atOnce.isPresent()) {
            return atOnce.get();
        }
        HealthWhileWaiting health = HealthWhileWaiting.open(setup.settings());
        try {
            return setup.find(services, Optional.empty()).orElseThrow();
        } finally {
            health.close();
        }
    }
}
