package pipeline.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine;
import pipeline.aws.Services;
import pipeline.claim.Status;
import pipeline.observe.Journal;
import pipeline.run.Pipeline;

/** {@code once}: works off all there is, and ends. */
@CommandLine.Command(
        name = "once",
        description = {
            "Work off what lies in raw-data/ and every file that waits, then end.",
            "Waits for files that another process holds and for those whose next attempt is due later."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  once                         for a scheduler such as cron",
            "  once --json 2> once.log      the totals for programs",
            "",
            "Exit status: 0 every row was stored, 3 some rows or files were rejected,",
            "1 a file failed or AWS did not answer."
        })
public final class OnceCommand implements Callable<Integer> {
    @CommandLine.Mixin
    private JsonOption json;

    @CommandLine.Mixin
    private HelpOption help;

    /** How a run has ended: nothing is left, AWS did not answer, or it refuses what is left again and again. */
    private enum End {
        DONE,
        OUTAGE,
        STUCK
    }

    private static final int TRIES = 4;

    private final AtomicBoolean pending = new AtomicBoolean();
    private final Map<String, Integer> leftUndone = new ConcurrentHashMap<>();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong duplicates = new AtomicLong();
    private final AtomicLong superseded = new AtomicLong();
    private final AtomicLong rowsStored = new AtomicLong();
    private final AtomicLong rowsRejected = new AtomicLong();

    @Override
    public Integer call() throws InterruptedException {
        try (Setup setup = Setup.read()) {
            Services services = setup.services();
            Optional<Services.Addresses> addresses =
                    setup.find(services, Optional.of(setup.settings().outagePatience()));
            if (addresses.isEmpty()) {
                spec.commandLine().getErr().println("AWS does not answer; every file is where it was");
                return 1;
            }
            try (Pipeline pipeline = new Pipeline(
                    setup.settings(),
                    setup.datasets(),
                    setup.clients(),
                    services,
                    addresses.get(),
                    Pipeline.Intake.ON_DEMAND)) {
                pipeline.journal().listen(this::count);
                // Told to stop: hand back what is in hand, so that the next process goes on from there at once.
                Progress progress = new Progress(pipeline::inHand);
                Thread hook = new Thread(() -> stop(progress, pipeline));
                Runtime.getRuntime().addShutdownHook(hook);
                pipeline.start();
                progress.start(setup.settings());
                End end = workOff(pipeline, setup.settings().outagePatience());
                progress.close();
                Runtime.getRuntime().removeShutdownHook(hook);
                return report(end);
            }
        }
    }

    private static void stop(Progress progress, Pipeline pipeline) {
        progress.close();
        pipeline.close();
    }

    private End workOff(Pipeline pipeline, Duration patience) throws InterruptedException {
        int idle = 0;
        while (true) {
            long before = progress();
            pending.set(false);
            if (!pipeline.workOff()) {
                return End.DONE;
            }
            if (pipeline.outage()
                    .since()
                    .filter(since -> since.plus(patience).isBefore(Instant.now()))
                    .isPresent()) {
                return End.OUTAGE;
            }
            if (progress() > before) {
                idle = 0;
                continue;
            }
            idle = pending.get() || !pipeline.outage().isOver() ? 0 : idle + 1;
            if (idle >= TRIES || leftUndone.values().stream().anyMatch(times -> times >= TRIES)) {
                return End.STUCK;
            }
            // What is left waits, or is another's; both are looked at again soon.
            TimeUnit.MILLISECONDS.sleep(200L << idle);
        }
    }

    private long progress() {
        return completed.get() + refused.get() + failed.get() + duplicates.get() + superseded.get();
    }

    private void count(Journal.Event event) {
        if (event instanceof Journal.Event.Pending) {
            pending.set(true);
        } else if (event instanceof Journal.Event.LeftUndone undone) {
            leftUndone.merge(undone.file(), 1, Integer::sum);
        } else if (event instanceof Journal.Event.Concluded concluded) {
            (concluded.entry().status() == Status.COMPLETED
                            ? completed
                            : concluded.entry().status() == Status.REFUSED ? refused : failed)
                    .incrementAndGet();
            rowsStored.addAndGet(concluded.entry().rowsStored());
            rowsRejected.addAndGet(concluded.entry().rowsRejected());
        } else if (event instanceof Journal.Event.Duplicate) {
            duplicates.incrementAndGet();
        } else if (event instanceof Journal.Event.Superseded) {
            superseded.incrementAndGet();
        }
    }

    private int report(End end) {
        Map<String, Object> totals = new LinkedHashMap<>();
        totals.put("completed", completed.get());
        totals.put("refused", refused.get());
        totals.put("failed", failed.get());
        totals.put("duplicates", duplicates.get());
        totals.put("superseded", superseded.get());
        totals.put("rows_stored", rowsStored.get());
        totals.put("rows_rejected", rowsRejected.get());
        totals.put("ended", end.name().toLowerCase(Locale.ROOT));
        if (json.wanted()) {
            spec.commandLine().getOut().println(Json.line(totals));
        } else {
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%,d completed, %,d refused, %,d failed, %,d dropped again; %,d rows stored, %,d rejected%s%n",
                            completed.get(),
                            refused.get(),
                            failed.get(),
                            duplicates.get(),
                            rowsStored.get(),
                            rowsRejected.get(),
                            switch (end) {
                                case DONE -> "";
                                case OUTAGE -> "; AWS does not answer, the rest is where it was";
                                case STUCK -> "; the rest could not be finished, the log says why";
                            });
        }
        if (end != End.DONE || failed.get() > 0) {
            return 1;
        }
        return refused.get() > 0 || rowsRejected.get() > 0 ? 3 : 0;
    }
}
