package pipeline.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import pipeline.check.Batch;
import pipeline.check.Row;
import pipeline.claim.Attempt;
import pipeline.claim.HandBackException;
import pipeline.dataset.Dataset;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The batches of one file that are on their way to its table, in the order of the file. Only the thread that reads the file
 * calls it.
 *
 * <p>A failure is told by the next call, once nothing is under way any more. The call after that makes the failed writes
 * again, one by one, before it does anything else; so a step that is tried again tries just what has failed.
 */
final class FileWrites {
    private final Attempt attempt;
    private final TableRequests requests;
    private final Executor threads;
    private final Concurrency concurrency;
    private final Memory memory;
    private final Deque<Write> underWay = new ArrayDeque<>();
    private List<Batch.Parted> stored = new ArrayList<>();
    private Batch.Parted inHand;
    private final Deque<Batch.Parted> unsent = new ArrayDeque<>();
    private long rows;
    private boolean told;
    private volatile boolean abandoned;

    FileWrites(Attempt attempt, TableRequests requests, Executor threads, Concurrency concurrency, Memory memory) {
        this.attempt = attempt;
        this.requests = requests;
        this.threads = threads;
        this.concurrency = concurrency;
        this.memory = memory;
    }

    /** One batch on its way. */
    private static final class Write {
        private final Batch.Parted batch;
        private final Runnable task;
        private final Set<Map<String, AttributeValue>> keys;
        private CompletableFuture<Void> result = CompletableFuture.completedFuture(null);

        Write(Batch.Parted batch, Runnable task, Set<Map<String, AttributeValue>> keys) {
            this.batch = batch;
            this.task = task;
            this.keys = keys;
        }

        void await() {
            result.handle((nothing, failure) -> null).join();
        }

        boolean failed() {
            return result.isCompletedExceptionally();
        }

        boolean stored() {
            return result.isDone() && !failed();
        }

        RuntimeException failure() {
            try {
                result.join();
                throw new IllegalStateException("it has not failed");
            } catch (CompletionException e) {
                return e.getCause() instanceof RuntimeException failure ? failure : e;
            }
        }

        void again() {
            task.run();
            result = CompletableFuture.completedFuture(null);
        }
    }

    /**
     * Sends a batch on its way, a request for each of its parts. A call that throws has not sent all of it: the call that
     * is made for it again goes on.
     *
     * @return the parts of batches that are stored since the last call, in the order of the file and without a gap
     */
    List<Batch.Parted> store(Dataset dataset, Batch.Parted batch) {
        tellFailures();
        if (batch != inHand) {
            inHand = batch;
            unsent.addAll(batch.parts(BatchWriteItem.ITEMS));
        }
        while (!unsent.isEmpty()) {
            send(dataset, unsent.element());
            unsent.remove();
        }
        return take();
    }

    private void send(Dataset dataset, Batch.Parted part) {
        long through = rows + part.accepted().size() + part.rejected().size();
        if (part.accepted().isEmpty() || attempt.storedBefore(through)) {
            makeRoom(part);
            underWay.add(new Write(part, () -> {}, Set.of()));
        } else {
            Write write = new Write(
                    part,
                    () -> requests.put(attempt, dataset, part.accepted(), this::mayGoOn),
                    dataset.upsert() ? keys(dataset, part.accepted()) : Set.of());
            awaitSameKeys(write);
            makeRoom(part);
            send(write);
        }
        rows = through;
    }

    /** Waits until everything is stored; else like {@link #store}. */
    List<Batch.Parted> end() {
        tellFailures();
        underWay.forEach(Write::await);
        tellFailures();
        return take();
    }

    /** Ends what is under way, whatever becomes of it; else like {@link #store}, and throws nothing. */
    List<Batch.Parted> abandon() {
        abandoned = true;
        underWay.forEach(Write::await);
        List<Batch.Parted> last = take();
        underWay.forEach(write -> memory.free(write.batch));
        underWay.clear();
        return last;
    }

    private void tellFailures() {
        if (told) {
            underWay.stream().filter(Write::failed).forEach(Write::again);
            told = false;
        } else if (underWay.stream().anyMatch(Write::failed)) {
            underWay.forEach(Write::await);
            told = true;
            throw underWay.stream()
                    .filter(Write::failed)
                    .findFirst()
                    .orElseThrow()
                    .failure();
        }
    }

    /** Of two rows with one key the later counts: the earlier one is in the table before it is sent. */
    private void awaitSameKeys(Write write) {
        for (Write earlier : underWay) {
            if (!Collections.disjoint(earlier.keys, write.keys)) {
                earlier.await();
            }
        }
        tellFailures();
    }

    private static Set<Map<String, AttributeValue>> keys(Dataset dataset, List<Row> rows) {
        return rows.stream().map(row -> dataset.tableKeyOf(row.item())).collect(Collectors.toUnmodifiableSet());
    }

    private void makeRoom(Batch.Parted batch) {
        try {
            while (!memory.tryTake(batch)) {
                if (underWay.isEmpty()) {
                    memory.take(batch);
                    return;
                }
                underWay.element().await();
                tellFailures();
                collect();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private void send(Write write) {
        try {
            concurrency.acquire();
        } catch (InterruptedException e) {
            memory.free(write.batch);
            throw interrupted();
        }
        write.result = CompletableFuture.runAsync(write.task, threads);
        // Only then: whoever waited for its end finds it ended.
        write.result.whenComplete((nothing, failure) -> concurrency.release());
        underWay.add(write);
    }

    private static HandBackException interrupted() {
        Thread.currentThread().interrupt();
        return new HandBackException();
    }

    private void mayGoOn() {
        if (abandoned) {
            throw new CancellationException("another write of the file has failed");
        }
        attempt.lease().check();
    }

    private void collect() {
        while (!underWay.isEmpty() && underWay.element().stored()) {
            Batch.Parted batch = underWay.remove().batch;
            memory.free(batch);
            stored.add(batch);
        }
    }

    private List<Batch.Parted> take() {
        collect();
        List<Batch.Parted> taken = stored;
        stored = new ArrayList<>();
        return taken;
    }
}
