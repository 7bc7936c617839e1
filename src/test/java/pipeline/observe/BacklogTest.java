package pipeline.observe;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import pipeline.claim.Entry;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class BacklogTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final Duration EVERY = Duration.ofSeconds(15);

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final List<Entry> entries = new ArrayList<>();
    private Supplier<Stream<Entry>> ledger = entries::stream;
    private Supplier<Double> intake = () -> 2.0;
    private Supplier<Double> deadLetters = () -> 3.0;
    private final List<Backlog> backlogs = new ArrayList<>();

    @AfterEach
    void close() {
        backlogs.forEach(Backlog::close);
    }

    private Backlog backlog() {
        Backlog backlog = new Backlog(
                () -> ledger.get(),
                Map.of("intake", () -> intake.get(), "dead-letter", () -> deadLetters.get()),
                InstantSource.fixed(NOW),
                EVERY);
        backlogs.add(backlog);
        backlog.show(meters);
        return backlog;
    }

    private static Entry entry(String status, Instant firstClaim) {
        return new Entry(Map.of(
                "status", AttributeValue.fromS(status), "first_claim", AttributeValue.fromS(firstClaim.toString())));
    }

    private static void look(Backlog backlog) {
        backlog.lookAtFiles();
        backlog.lookAtQueues();
    }

    private static SdkClientException noAnswer() {
        return SdkClientException.create("connection refused");
    }

    private double open(String status) {
        return meters.get("pipeline.open.files").tag("status", status).gauge().value();
    }

    private double messages(String queue) {
        return meters.get("pipeline.queue.messages").tag("queue", queue).gauge().value();
    }

    private double oldest() {
        return meters.get("pipeline.oldest.open.file").gauge().value();
    }

    @Test
    void nothingIsKnownBeforeAwsWasAsked() {
        backlog();
        assertEquals(
                Collections.nCopies(6, Double.NaN),
                List.of(
                        open("processing"),
                        open("failed"),
                        open("refused"),
                        oldest(),
                        messages("intake"),
                        messages("dead-letter")));
    }

    @Test
    void openFilesAreCountedByWhoHasToMoveThemOn() {
        entries.add(entry("processing", NOW.minusSeconds(20)));
        entries.add(entry("waiting", NOW.minusSeconds(90)));
        entries.add(entry("waiting", NOW.minusSeconds(60)));
        // For a person, and some of them not announced yet: none is unfinished.
        entries.add(entry("failed", NOW.minusSeconds(4_000)));
        entries.add(entry("refused", NOW.minusSeconds(9_000)));
        // Only its copies are still to be tidied.
        entries.add(entry("completed", NOW.minusSeconds(9_000)));

        look(backlog());

        assertEquals(
                List.of(1.0, 2.0, 1.0, 1.0),
                List.of(open("processing"), open("waiting"), open("failed"), open("refused")));
        assertEquals(90.0, oldest());
        assertEquals(List.of(2.0, 3.0), List.of(messages("intake"), messages("dead-letter")));
    }

    @Test
    void whereNothingIsOpenTheOldestIsZero() {
        look(backlog());
        assertEquals(List.of(0.0, 0.0), List.of(open("waiting"), oldest()));
    }

    @Test
    void whatOneServiceDoesNotTellIsNotKnownUntilItDoesAndTheOthersAre() {
        Backlog backlog = backlog();
        look(backlog);
        ledger = () -> {
            throw noAnswer();
        };
        deadLetters = () -> {
            throw new IllegalStateException("found an answer that is none");
        };

        look(backlog);

        assertEquals(
                List.of(Double.NaN, Double.NaN, 2.0, Double.NaN),
                List.of(open("waiting"), oldest(), messages("intake"), messages("dead-letter")));
        ledger = entries::stream;
        look(backlog);
        assertEquals(0.0, open("waiting"));
    }

    @Test
    void manyOpenFilesAreLookedAtMoreRarely() {
        Backlog backlog = backlog();
        assertEquals(EVERY, backlog.lookAtFiles());
        entries.addAll(Collections.nCopies(10_000, entry("refused", NOW)));
        assertEquals(Duration.ofSeconds(100), backlog.lookAtFiles());
        assertEquals(EVERY, backlog.lookAtQueues());
        assertEquals(10_000.0, open("refused"));
    }

    @Test
    void aFileThatWasReplayedIsOpenSinceThen() {
        Map<String, AttributeValue> item =
                new HashMap<>(entry("waiting", NOW.minusSeconds(9_000)).item());
        item.put(
                "history",
                AttributeValue.fromL(List.of(
                        AttributeValue.fromM(Map.of(
                                "at",
                                        AttributeValue.fromS(
                                                NOW.minusSeconds(8_000).toString()),
                                "outcome", AttributeValue.fromS("failed"))),
                        AttributeValue.fromM(Map.of(
                                "at", AttributeValue.fromS(NOW.minusSeconds(70).toString()),
                                "outcome", AttributeValue.fromS("replayed"))))));
        entries.add(new Entry(item));
        look(backlog());
        assertEquals(70.0, oldest());
    }

    @Test
    void whoReadsAFigureDoesNotWaitForAwsAndTheQueuesNotForTheLedger() {
        CountDownLatch answered = new CountDownLatch(1);
        ledger = () -> {
            try {
                answered.await();
            } catch (InterruptedException e) {
                throw noAnswer();
            }
            return entries.stream();
        };
        backlog().start();
        await().atMost(Duration.ofSeconds(20)).until(() -> messages("dead-letter") == 3.0);
        assertEquals(Double.NaN, open("waiting"));
        answered.countDown();
        await().atMost(Duration.ofSeconds(20)).until(() -> open("waiting") == 0.0);
    }
}
