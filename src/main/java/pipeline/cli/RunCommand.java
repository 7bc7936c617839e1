package pipeline.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.logging.log4j.LogManager;
import picocli.CommandLine;
import pipeline.aws.Services;
import pipeline.http.HttpInterface;
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
        AtomicReference<Runnable> end = new AtomicReference<>(() -> {});
        // The hook ends the process itself: status 0, because to stop when told to is no failure.
        Thread hook = new Thread(() -> {
            end.get().run();
            LogManager.shutdown();
            Runtime.getRuntime().halt(0);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try (Setup setup = Setup.read()) {
            // Before AWS is waited for.
            HttpInterface.check(setup.settings());
            Services services = setup.services();
            Pipeline pipeline = new Pipeline(
                    setup.settings(),
                    setup.datasets(),
                    setup.clients(),
                    services,
                    find(setup, services),
                    Pipeline.Intake.LISTENING);
            Progress progress = new Progress(pipeline::inHand);
            end.set(() -> {
                progress.close();
                pipeline.close();
            });
            start(pipeline);
            progress.start(setup.settings());
            new CountDownLatch(1).await();
            return 0;
        } catch (RuntimeException e) {
            // A start that failed is one: it keeps its own status.
            Runtime.getRuntime().removeShutdownHook(hook);
            throw e;
        }
    }

    private static void start(Pipeline pipeline) {
        try {
            pipeline.start();
        } catch (RuntimeException e) {
            pipeline.close();
            throw e;
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
