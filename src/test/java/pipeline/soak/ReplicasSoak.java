package pipeline.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Three replicas on one bucket, polled and announced, each killed again and again in the middle of a file. */
final class ReplicasSoak {
    private static final Map<String, String> SETTINGS = Map.of(
            "PIPELINE_INTAKE", "both",
            "PIPELINE_LEASE_SECONDS", Options.leaseSeconds(),
            "PIPELINE_FILES_AT_ONCE", "2");

    private static final Duration PATIENCE = Duration.ofMinutes(8);

    @Test
    void killedInTheMiddleOfAFileLoseNothingAndStoreNothingTwice() throws Exception {
        run("Replicas: 500 files, 20 kills under a lease, 4 after it", 500, orders(20, 8, 4), 5, List.of("", "", ""));
    }

    @Test
    void needNotAgreeOnTheTime() throws Exception {
        Optional<Path> library = libfaketime();
        Assumptions.assumeTrue(
                library.isPresent(),
                "libfaketime is not installed (Debian: faketime; or -Dsoak.libfaketime=FILE): clocks cannot be set apart");
        run("Replicas whose clocks are 13 minutes apart", 100, orders(6, 3, 1), 3, List.of("-6m", "", "+7m"));
    }

    private static List<Kills.Step> orders(int underLease, int copyToDelete, int afterLedger) {
        List<Kills.Step> before = List.of(Kills.Step.ARCHIVE, Kills.Step.ROWS, Kills.Step.REJECTS);
        List<Kills.Step> between = List.of(Kills.Step.FILE_COPY, Kills.Step.LEDGER);
        List<Kills.Step> steps = new ArrayList<>();
        for (int i = 0; i < underLease; i++) {
            steps.add(i < copyToDelete ? between.get(i % between.size()) : before.get(i % before.size()));
        }
        steps.addAll(Collections.nCopies(afterLedger, Kills.Step.DELETE));
        return steps;
    }

    private static boolean betweenCopyAndLedger(Kills.Made made) {
        return made.order().step().underLease && made.order().step().betweenCopyAndDelete();
    }

    /**
     * @param leastBetween so many kills at the least fall between copy and delete, under the lease
     * @param clocks one replica each: how far its clock is off, empty = it is right
     */
    private static void run(String title, int files, List<Kills.Step> steps, int leastBetween, List<String> clocks)
            throws Exception {
        long seed = Options.seed();
        Random random = new Random(seed);
        Report report = new Report(title);
        report.tell("seed", seed);
        long began = System.nanoTime();
        try (Stage stage = new Stage("replicas")) {
            List<Replica> replicas = new ArrayList<>();
            for (String clock : clocks) {
                Replica replica = stage.replica("replica" + (replicas.size() + 1), SETTINGS);
                if (!clock.isEmpty()) {
                    // Monotonic time is off by the same, which no difference shows; a JVM's timed waits need both
                    // alike.
                    replica.jar()
                            .set("LD_PRELOAD", libfaketime().orElseThrow().toString())
                            .set("FAKETIME", clock);
                    report.tell(replica.name() + "'s clock", clock);
                }
                replicas.add(replica);
            }
            replicas.forEach(Replica::start);
            replicas.forEach(Replica::awaitListening);
            Kills kills = new Kills(stage.account, replicas);
            stage.faults(kills);
            Dropper dropper = new Dropper(stage.account, stage.dropped, seed + 1);
            List<Kills.Made> made = kill(steps, files, random, kills, dropper, replicas, report);
            Invariants found = stage.assertPromisesExceptOnce(report, PATIENCE, dropper.foreign());
            assertEquals(steps.size(), made.size());
            assertTrue(made.stream().filter(ReplicasSoak::betweenCopyAndLedger).count() >= leastBetween);
            assertTrue(found.rowsStored() > 0, "nothing was stored");
            for (Replica replica : replicas) {
                replica.stop();
            }
            report.tell("seconds", Duration.ofNanos(System.nanoTime() - began).toSeconds());
        }
    }

    /** Files come in lots, one for each kill, so that there is work whenever one is due. */
    private static List<Kills.Made> kill(
            List<Kills.Step> steps,
            int files,
            Random random,
            Kills kills,
            Dropper dropper,
            List<Replica> replicas,
            Report report)
            throws Exception {
        List<Kills.Step> shuffled = new ArrayList<>(steps);
        Collections.shuffle(shuffled, random);
        List<Kills.Made> made = new ArrayList<>();
        int left = files;
        for (Kills.Step step : shuffled) {
            // A copy that is not served and a delete that is are deaths at another step.
            boolean served = step == Kills.Step.FILE_COPY || step != Kills.Step.DELETE && random.nextBoolean();
            var next = kills.arm(new Kills.Order(step, random.nextInt(4), served));
            int lot = (left + shuffled.size() - made.size() - 1) / (shuffled.size() - made.size());
            for (int i = 0; i < lot; i++) {
                dropper.dropSmall();
            }
            left -= lot;
            Kills.Made one = next.get(5, TimeUnit.MINUTES);
            made.add(one);
            report.tell("kill " + made.size(), one);
            replicas.stream()
                    .filter(replica -> replica.name().equals(one.replica()))
                    .forEach(Replica::start);
        }
        return made;
    }

    private static Optional<Path> libfaketime() throws java.io.IOException {
        String given = System.getProperty("soak.libfaketime");
        if (given != null) {
            return Optional.of(Path.of(given));
        }
        Path libraries = Path.of("/usr/lib");
        if (!Files.isDirectory(libraries)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(libraries)) {
            return folders.map(folder -> folder.resolve("faketime").resolve("libfaketime.so.1"))
                    .filter(Files::exists)
                    .findFirst();
        }
    }
}
