package pipeline.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import pipeline.deploy.Roles;
import pipeline.jar.Cloud;
import pipeline.jar.PackagedJar;
import pipeline.local.FaultPlan;
import pipeline.local.LocalAws;

/** An account of its own, the model of what is dropped there, and replicas that work in it. */
final class Stage implements AutoCloseable {
    final LocalAws aws;
    final Account account;
    final Dropped dropped = new Dropped();
    private final Path folder;
    private final List<Replica> replicas = new ArrayList<>();
    private final ArchiveWatch watch;

    /** Files and logs stay under {@code target/soak/}. */
    Stage(String name) throws IOException {
        folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "soak")), name + "-")
                .toAbsolutePath();
        aws = LocalAws.start(folder.resolve("aws"));
        Cloud.provision(aws.endpoint());
        account = new Account(aws);
        // Replicas work as the stack's tasks do; what else asks is the test's own.
        Set<String> own = Set.of(PackagedJar.CALLER, Account.OBSERVER);
        aws.policy((caller, needed) -> own.contains(caller) || Roles.TASK.allows(needed));
        watch = new ArchiveWatch(folder.resolve("aws"));
        aws.faults(watch);
        // A run that is broken off leaves no process behind.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> replicas.forEach(Replica::close)));
    }

    /** From now on these calls fail; the archive is watched all the same. */
    void faults(FaultPlan plan) {
        watch.faults(plan);
    }

    Replica replica(String name, Map<String, String> settings) {
        Replica replica = new Replica(name, folder, aws.endpoint(), settings);
        replicas.add(replica);
        return replica;
    }

    /** Drops one file. */
    Version drop(String file, Content content) {
        byte[] bytes = content.bytes();
        Version version = dropped.note(file, content, bytes);
        account.put(file, bytes);
        return version;
    }

    /** Waits until nothing is left to do, and asserts that every invariant holds and no file has failed. */
    Invariants assertPromises(Report report, Duration atMost, List<String> foreign) {
        return assertPromises(report, atMost, foreign, true);
    }

    /** The same after a process died or an answer was lost: then a failure may be told more than once, with one id. */
    Invariants assertPromisesExceptOnce(Report report, Duration atMost, List<String> foreign) {
        return assertPromises(report, atMost, foreign, false);
    }

    private Invariants assertPromises(Report report, Duration atMost, List<String> foreign, boolean once) {
        boolean quiet = Quiet.await(account, atMost);
        Invariants found = Invariants.of(account, dropped, foreign, watch, once);
        found.tell(report);
        assertEquals(List.of(), found.broken().stream().limit(25).toList(), () -> "logs in " + folder);
        assertEquals(List.of(), account.failed(), () -> "logs in " + folder);
        assertEquals(true, quiet, () -> "it did not become quiet; logs in " + folder);
        return found;
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        aws.releaseHanging();
        replicas.forEach(Replica::close);
        account.close();
        aws.close();
    }
}
