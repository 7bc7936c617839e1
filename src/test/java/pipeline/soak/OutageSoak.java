package pipeline.soak;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.local.Call;
import pipeline.local.Fault;

/** DynamoDB is down for minutes while files wait: no file pays for it. */
final class OutageSoak {
    @Test
    void ofDynamoDbCostsNoFileAnAttemptAndIsToldOnce() throws Exception {
        Report report = new Report("Outage of DynamoDB with " + Options.files() + " files waiting");
        long seed = Options.seed();
        report.tell("seed", seed);
        report.tell("length", Options.outage());
        try (Stage stage = new Stage("outage")) {
            Replica replica = stage.replica("replica1", Map.of("PIPELINE_LEASE_SECONDS", Options.leaseSeconds()));
            replica.start();
            replica.awaitListening();
            Dropper dropper = new Dropper(stage.account, stage.dropped, seed + 1);
            for (int i = 0; i < Options.files(); i++) {
                dropper.dropSmall();
            }
            Awaitility.await("some files are through")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> stage.account.ledger().stream()
                                    .filter(entry -> entry.status() == Status.COMPLETED)
                                    .count()
                            > 5);
            AtomicInteger lost = new AtomicInteger();
            stage.faults(call -> isDown(call) && lost.incrementAndGet() > 0 ? Fault.DOWN : Fault.NONE);
            long through = stage.account.ledger().stream()
                    .filter(entry -> entry.status() == Status.COMPLETED)
                    .count();
            new CountDownLatch(1).await(Options.outage().toMillis(), TimeUnit.MILLISECONDS);
            report.tell("files through when it began", through);
            report.tell("calls that were not answered", lost.get());
            List<Entry> during = stage.account.ledger();
            report.tell("in the ledger at its end, by status", Figures.byStatus(during));
            stage.faults(call -> Fault.NONE);
            long ended = System.nanoTime();

            stage.assertPromises(report, Duration.ofMinutes(8), dropper.foreign());
            report.tell(
                    "seconds until all was stored",
                    Duration.ofNanos(System.nanoTime() - ended).toSeconds());
            List<Entry> ledger = stage.account.ledger();
            report.tell("attempts, and how many files took them", Figures.byAttempts(ledger));
            report.tell("outage alerts", alerts(stage));
            replica.stop();
            assertAll(
                    () -> assertEquals(List.of("outage-began", "outage-ended"), alerts(stage)),
                    () -> assertEquals(
                            List.of(),
                            ledger.stream()
                                    .filter(entry -> entry.attempts() != 1)
                                    .map(entry -> entry + ": attempts " + entry.attempts())
                                    .toList(),
                            "expected that no file has spent an attempt on it"));
        }
    }

    private static boolean isDown(Call call) {
        return call.service().equals("dynamodb") && !call.caller().equals(Account.OBSERVER);
    }

    private static List<String> alerts(Stage stage) {
        return stage.account.alerts().stream()
                .map(alert -> alert.path("kind").asText())
                .filter(kind -> !kind.equals("file"))
                .toList();
    }
}
