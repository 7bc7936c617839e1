package pipeline.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import pipeline.claim.Entry;
import pipeline.jar.PackagedJar;

/** Random files, random faults, random kills, for as long as is wished; then the promise is asserted of every row. */
final class RandomFaultsSoak {
    private static final Map<String, String> SETTINGS = Map.of(
            "PIPELINE_INTAKE", "both", "PIPELINE_LEASE_SECONDS", Options.leaseSeconds(), "PIPELINE_FILES_AT_ONCE", "3");

    /** More than that many files waiting would only make the end longer. */
    private static final int BACKLOG = 60;

    /** How long the rest may take once nothing goes wrong any more. */
    private static final Duration PEACE = Duration.ofMinutes(10);

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    @Test
    void nothingIsLostAndNothingTwice() throws Exception {
        long seed = Options.seed();
        Report report = new Report("Soak");
        report.tell("seed", seed);
        report.tell("length", Options.soak());
        try (Stage stage = new Stage("soak")) {
            List<Replica> replicas = IntStream.rangeClosed(1, 3)
                    .mapToObj(number -> stage.replica("replica" + number, SETTINGS))
                    .toList();
            replicas.forEach(Replica::start);
            replicas.forEach(Replica::awaitListening);
            Storm storm = new Storm(seed);
            Dropper dropper = new Dropper(stage.account, stage.dropped, seed + 1);
            Assaults assaults = new Assaults(replicas, seed + 2);
            CutOffs cutOffs = new CutOffs(replicas, storm);
            stage.faults(cutOffs);
            assaults.begin();
            dropFor(Options.soak(), stage, dropper, seed + 3);
            storm.end();
            stage.aws.releaseHanging();
            assaults.close();
            report.tell("faults injected", storm.injected());
            report.tell("kills (SIGKILL)", assaults.kills());
            report.tell("stops (SIGTERM, exit 0 within 10 s)", assaults.stops());
            report.tell("pauses (SIGSTOP, SIGCONT)", assaults.pauses());
            report.tell("events sent", dropper.events());
            report.tell("messages that are no events", dropper.foreign().size());

            Quiet.await(stage.account, PEACE);
            // Noted before the replay, which takes them out of their queue.
            stage.account.deadLetters();
            List<Entry> failed = stage.account.failed();
            report.tell("failed on their own, then replayed", failed.size());
            failed.forEach(entry -> report.tell("failed", tellOf(entry, cutOffs)));
            report.tell("attempts cut off, by what had become of their process", cutOffs.byCause());
            cutOffs.withoutCause().forEach(taken -> report.tell("taken from a process that did what it had to", taken));
            replay(stage, failed);
            Invariants found = stage.assertPromisesExceptOnce(report, PEACE, dropper.foreign());

            for (Replica replica : replicas) {
                replica.stop();
            }
            failures.addAll(assaults.failures());
            report.tell("processes that ended by themselves or did not stop when told", failures);
            assertEquals(List.of(), List.copyOf(failures), () -> "logs in " + stage.folder());
            assertEquals(List.of(), cutOffs.withoutCause(), "taken from a process that did what it had to");
            assertTrue(found.rowsStored() > 0, "nothing was stored");
            assertTrue(assaults.kills() > 0, "nothing was killed");
            assertTrue(storm.wentWrong() > 0, "nothing went wrong");
        }
    }

    /** Its reason, how its attempts ended, and what cut them off. */
    private static String tellOf(Entry entry, CutOffs cutOffs) {
        String ends = entry.history().stream()
                .map(line -> line.get("attempt") + " " + line.get("outcome"))
                .collect(Collectors.joining(", "));
        return "%s: %s; %s; cut off by %s"
                .formatted(entry, entry.reason().orElse(""), ends, cutOffs.causes(entry.toString()));
    }

    private void dropFor(Duration length, Stage stage, Dropper dropper, long seed) throws InterruptedException {
        Random random = new Random(seed);
        ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
        Runnable drop = new Runnable() {
            @Override
            public void run() {
                try {
                    if (stage.account.keys("raw-data/").size() < BACKLOG) {
                        dropper.drop();
                    }
                } catch (RuntimeException | AssertionError e) {
                    failures.add("dropping: " + e);
                }
                if (!timer.isShutdown()) {
                    timer.schedule(this, random.nextInt(50, 500), TimeUnit.MILLISECONDS);
                }
            }
        };
        timer.schedule(drop, 0, TimeUnit.MILLISECONDS);
        // Hanging calls outlive the clients' time-outs, and are cut then.
        timer.scheduleAtFixedRate(stage.aws::releaseHanging, 4, 4, TimeUnit.SECONDS);
        timer.awaitTermination(length.toMillis(), TimeUnit.MILLISECONDS);
        timer.shutdown();
        timer.awaitTermination(1, TimeUnit.MINUTES);
    }

    /** A person does what the alerts say, with the jar's own verb. */
    private static void replay(Stage stage, List<Entry> failed) throws IOException {
        if (!failed.isEmpty()) {
            Replica operator = stage.replica(Account.OBSERVER, SETTINGS);
            String[] arguments = Stream.concat(
                            Stream.of("failures", "replay"), failed.stream().map(Entry::toString))
                    .toArray(String[]::new);
            PackagedJar.Ended replayed = operator.jar().run(arguments);
            assertEquals(0, replayed.status(), replayed::said);
        }
    }
}
