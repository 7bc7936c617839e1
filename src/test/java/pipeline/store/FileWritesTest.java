package pipeline.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import pipeline.check.Batch;
import pipeline.claim.Attempt;
import pipeline.claim.Attempted;
import pipeline.dataset.Dataset;
import pipeline.dataset.Declared;
import pipeline.observe.Counters;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** Several batches of a file are under way, and the table answers when, and as, it is told to. */
@Timeout(60)
class FileWritesTest {
    private static final int AT_ONCE = 4;

    private final Table table = new Table();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final TableWriter writer = new TableWriter(
            table,
            new Counters(new SimpleMeterRegistry()),
            AT_ONCE,
            this::run,
            new BackOff(nanos -> {}),
            () -> new RateLimiter(System::nanoTime, new Random(1)));
    private final Attempt attempt = Attempted.holding(System::nanoTime);
    private final Batches batches = new Batches();
    private final List<Batch.Parted> sent = new ArrayList<>();
    private final AtomicInteger ended = new AtomicInteger();

    private void run(Runnable write) {
        threads.execute(() -> {
            write.run();
            ended.incrementAndGet();
        });
    }

    private void awaitEnded(int writes) {
        Awaitility.await().until(() -> ended.get() >= writes);
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void areUnderWayAtTheSameTimeAndNoMoreThanMayBe() {
        for (int i = 0; i < AT_ONCE; i++) {
            assertEquals(List.of(), store());
        }
        table.awaitAsked(AT_ONCE);
        CompletableFuture<List<Batch.Parted>> another = CompletableFuture.supplyAsync(this::store);
        assertFalse(another.isDone());
        assertEquals(AT_ONCE, table.asked());

        table.succeed("2");
        assertEquals(List.of(sent.get(0)), another.join());
    }

    @Test
    void areStoredInTheOrderOfTheFileWithoutAGap() {
        store();
        store();
        table.awaitAsked(2);
        table.succeed("3");
        awaitEnded(1);
        assertEquals(List.of(), store());

        table.awaitAsked(3);
        table.succeed("4");
        table.succeed("2");
        awaitEnded(3);
        assertEquals(List.copyOf(sent), store());
        store();
        table.awaitAsked(5);
        table.succeed("6");
        table.succeed("5");
        assertEquals(sent.subList(3, 5), writer.end(attempt));
    }

    @Test
    void thatFailAreToldOnceNothingIsUnderWayAndThenMadeAgainBeforeAnythingElse() {
        store();
        store();
        store();
        table.awaitAsked(3);
        table.fail("3", "denied");
        table.succeed("2");
        CompletableFuture<Void> last = CompletableFuture.runAsync(() -> {
            awaitEnded(2);
            table.fail("4", "denied too");
        });
        Batch.Parted next = batches.next(1);
        awaitEnded(2);
        assertEquals(
                "denied",
                assertThrows(DynamoDbException.class, () -> store(next)).getMessage());
        last.join();
        assertEquals(3, table.asked());

        table.always = Answers.FAIL;
        assertThrows(DynamoDbException.class, () -> store(next));
        assertEquals(4, table.asked(), "expected that the first that fails again ends the try");

        table.always = Answers.SUCCEED;
        List<Batch.Parted> stored = new ArrayList<>(store(next));
        stored.addAll(writer.end(attempt));
        assertEquals(sent, stored);
        assertEquals(List.of("3", "3", "4", "5"), table.ids().subList(3, 7), "expected these after the first three");
    }

    @Test
    void thatFailLastAreToldAtTheEndAndMadeAgainThere() {
        store();
        table.awaitAsked(1);
        table.fail("2", "denied");
        assertThrows(DynamoDbException.class, () -> writer.end(attempt));
        table.always = Answers.SUCCEED;

        assertEquals(sent, writer.end(attempt));
        assertEquals(List.of(), writer.end(attempt));
    }

    @Test
    void areOverWhenTheFileIsAbandonedAndWhatIsStoredCounts() {
        store();
        store();
        store();
        table.awaitAsked(3);
        CompletableFuture<List<Batch.Parted>> abandoned = CompletableFuture.supplyAsync(() -> writer.abandon(attempt));
        table.succeed("2");
        table.fail("3", "denied");
        assertFalse(abandoned.isDone());
        table.succeed("4");

        assertEquals(sent.subList(0, 1), abandoned.join());
        assertEquals(List.of(), writer.abandon(attempt));
    }

    @Test
    void thatWaitForABusyTableDoNotWaitOnWhenTheFileIsAbandoned() {
        store();
        table.awaitAsked(1);
        CompletableFuture<List<Batch.Parted>> abandoned = CompletableFuture.supplyAsync(() -> writer.abandon(attempt));
        table.always = Answers.FAIL;
        Awaitility.await().until(() -> !abandoned.isDone());
        table.leaveOver("2");

        assertEquals(List.of(), abandoned.join());
        assertEquals(1, table.asked(), "expected no further request");
    }

    @Test
    void ofOneKeyAreMadeOneAfterTheOther() {
        Dataset upserts = Declared.with("name: v", "upsert: true\n");
        Batches rows = new Batches(upserts);
        Batch.Parted first = new Batch.Parted(List.of(rows.row("A", "1"), rows.row("B", "1")), List.of());
        Batch.Parted second = new Batch.Parted(List.of(rows.row("B", "2")), List.of());
        Batch.Parted other = new Batch.Parted(List.of(rows.row("C", "1")), List.of());
        writer.store(attempt, upserts, first);
        writer.store(attempt, upserts, other);
        table.awaitAsked(2);
        CompletableFuture<List<Batch.Parted>> later =
                CompletableFuture.supplyAsync(() -> writer.store(attempt, upserts, second));
        assertEquals(2, table.asked());
        assertFalse(later.isDone());
        table.succeed("A");

        assertEquals(List.of(first), later.join());
        table.awaitAsked(3);
        assertEquals("2", table.lastItems().get(0).get("v").s());
    }

    @Test
    void takeNoMoreMemoryThanAPartOfTheHeap() throws InterruptedException {
        Memory memory = new Memory(3 * 1024);
        Batch.Parted small = batches.next(1);
        Batch.Parted large = batches.next(200);
        assertTrue(memory.tryTake(small));
        assertTrue(memory.tryTake(small));
        assertFalse(memory.tryTake(large));
        memory.free(small);
        memory.free(small);
        assertTrue(memory.tryTake(large), "expected one batch, however large");
        assertFalse(memory.tryTake(small));
    }

    private List<Batch.Parted> store() {
        return store(batches.next(1));
    }

    private List<Batch.Parted> store(Batch.Parted batch) {
        List<Batch.Parted> stored = writer.store(attempt, Batches.DATASET, batch);
        sent.add(batch);
        return stored;
    }

    private enum Answers {
        WHEN_TOLD,
        SUCCEED,
        FAIL
    }

    /** A table whose every answer is given by hand. */
    private static final class Table implements BatchWriteItem {
        private final List<List<Map<String, AttributeValue>>> requests = new ArrayList<>();
        private final Map<String, CompletableFuture<Answer>> answers = new HashMap<>();
        private volatile Answers always = Answers.WHEN_TOLD;

        @Override
        public Answer put(String name, List<Map<String, AttributeValue>> items) {
            CompletableFuture<Answer> answer = ask(items);
            try {
                return answer.orTimeout(50, TimeUnit.SECONDS).join();
            } catch (CompletionException e) {
                throw (RuntimeException) e.getCause();
            }
        }

        private synchronized CompletableFuture<Answer> ask(List<Map<String, AttributeValue>> items) {
            String id = id(items);
            requests.add(items);
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            answers.put(id, answer);
            if (always == Answers.SUCCEED) {
                succeed(id);
            } else if (always == Answers.FAIL) {
                fail(id, "refused");
            }
            return answer;
        }

        private static String id(List<Map<String, AttributeValue>> items) {
            return items.get(0).get("id").s();
        }

        synchronized int asked() {
            return requests.size();
        }

        synchronized List<Map<String, AttributeValue>> lastItems() {
            return requests.get(requests.size() - 1);
        }

        /** The first ids of all requests. */
        synchronized List<String> ids() {
            return requests.stream().map(Table::id).toList();
        }

        void awaitAsked(int times) {
            Awaitility.await().until(() -> asked() == times);
        }

        synchronized void succeed(String id) {
            answers.get(id).complete(new Answer(1, List.of()));
        }

        synchronized void leaveOver(String id) {
            answers.get(id).complete(new Answer(1, requests.get(0)));
        }

        synchronized void fail(String id, String message) {
            answers.get(id)
                    .completeExceptionally(
                            DynamoDbException.builder().message(message).build());
        }
    }
}
