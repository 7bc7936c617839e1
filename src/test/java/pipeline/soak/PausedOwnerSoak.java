package pipeline.soak;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.local.Call;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;

/** An owner that sleeps longer than its lease (SIGSTOP) finds another's work when it wakes, and does no harm. */
final class PausedOwnerSoak {
    private static final Map<String, String> SETTINGS = Map.of(
            "PIPELINE_INTAKE", "poll", "PIPELINE_LEASE_SECONDS", Options.leaseSeconds(), "PIPELINE_FILES_AT_ONCE", "1");

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String OWNER = "sleeper";

    /**
     * Where the owner falls asleep: the nth such call is served, its answer reaches nobody awake.
     *
     * @param fenced whether it must notice that its lease is lost; else the ledger has been written, and there is nothing to lose
     * @param replaced whether the file is replaced while it sleeps
     */
    private record Nap(String operation, String target, int which, boolean fenced, boolean replaced) {}

    private static final List<Nap> NAPS = List.of(
            new Nap("s3:CopyObject", "/archive/", 1, true, false),
            new Nap("dynamodb:BatchWriteItem", "ProcessedOrders", 3, true, false),
            new Nap("dynamodb:BatchWriteItem", "ProcessedOrders", 5, true, true),
            new Nap("s3:PutObject", "/failed-data/", 1, true, false),
            new Nap("s3:CopyObject", "/processed-data/", 1, true, false),
            new Nap("s3:CopyObject", "/processed-data/", 1, true, true),
            // The look at the object just before its delete.
            new Nap("s3:HeadObject", "/raw-data/", 2, false, false),
            new Nap("s3:HeadObject", "/raw-data/", 2, false, true));

    @Test
    void ownersThatSleptBeyondTheirLeaseDoNoHarm() throws Exception {
        Report report = new Report("Owners paused beyond their lease (SIGSTOP, SIGCONT)");
        try (Stage stage = new Stage("paused")) {
            Replica owner = stage.replica(OWNER, SETTINGS);
            Replica other = stage.replica("other", SETTINGS);
            owner.start();
            other.start();
            owner.awaitListening();
            other.awaitListening();
            for (int i = 0; i < NAPS.size(); i++) {
                report.tell("nap " + (i + 1), NAPS.get(i));
                nap(stage, owner, other, "nap-%d.csv".formatted(i + 1), NAPS.get(i), i);
            }
            stage.assertPromisesExceptOnce(report, PATIENCE, List.of());
            for (Entry entry : stage.account.ledger()) {
                assertEquals(Status.COMPLETED, entry.status(), entry::toString);
            }
            owner.stop();
            other.stop();
        }
    }

    private static void nap(Stage stage, Replica owner, Replica other, String file, Nap nap, long seed)
            throws Exception {
        other.pause();
        CompletableFuture<Void> asleep = new CompletableFuture<>();
        List<Call> moves = new CopyOnWriteArrayList<>();
        AtomicInteger count = new AtomicInteger();
        FaultPlan plan = call -> {
            if (Replica.caller(call).equals(OWNER)) {
                if (asleep.isDone()) {
                    moves.add(call);
                } else if (call.operation().equals(nap.operation())
                        && call.target().contains(nap.target())
                        && count.incrementAndGet() == nap.which()) {
                    owner.pause();
                    asleep.complete(null);
                }
            }
            return Fault.NONE;
        };
        stage.faults(plan);
        Version version = stage.drop(file, new Content.Rows(Sheet.ORDERS, 100 + seed, 400, 12));
        asleep.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        // Calls of other threads that were on their way when it fell asleep have arrived by now; they are no second
        // moves.
        Optional<Version> newer = nap.replaced()
                ? Optional.of(stage.drop(file, new Content.Rows(Sheet.ORDERS, 900 + seed, 300, 12)))
                : Optional.empty();
        other.resume();
        if (nap.fenced() || newer.isEmpty()) {
            await("the other one has concluded " + version).atMost(PATIENCE).until(() -> isCompleted(stage, version));
        }
        await("raw-data/ is empty")
                .atMost(PATIENCE)
                .until(() -> stage.account.keys("raw-data/").isEmpty());
        newer.ifPresent(next -> await().atMost(PATIENCE).until(() -> isCompleted(stage, next)));
        moves.clear();
        int before = said(owner);
        owner.resume();
        if (nap.fenced()) {
            await("the owner notices that its lease is lost").atMost(PATIENCE).until(() -> said(owner) > before);
        }
        await("the owner goes on with its work").atMost(PATIENCE).until(() -> moves.stream()
                .anyMatch(call -> call.operation().startsWith("s3:ListObjects")));
        assertEquals(
                List.of(),
                moves.stream().filter(PausedOwnerSoak::isMove).toList(),
                () -> "it has moved what another had moved: " + owner.said());
    }

    /** A delete that names the version that is gone is none: only what S3 would carry out counts, and that {@link Invariants} see. */
    private static boolean isMove(Call call) {
        return call.operation().equals("s3:CopyObject")
                || call.operation().equals("s3:PutObject")
                || call.operation().equals("dynamodb:BatchWriteItem");
    }

    private static boolean isCompleted(Stage stage, Version version) {
        return stage.account
                .entry(version.file(), version.eTag())
                .filter(entry -> entry.status() == Status.COMPLETED)
                .isPresent();
    }

    /** How often it has said that a file is another's now. */
    private static int said(Replica replica) {
        return (int) replica.said()
                .lines()
                .filter(line -> line.contains("the lease was not renewed in time or another worker has taken it"))
                .count();
    }
}
