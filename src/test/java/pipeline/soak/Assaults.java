package pipeline.soak;

import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Kills, stops and pauses replicas at random, each independently of the others, and starts them again. */
final class Assaults implements AutoCloseable {
    private final List<Replica> replicas;
    private final Random random;
    private final ScheduledThreadPoolExecutor timer;
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger stops = new AtomicInteger();
    private final AtomicInteger pauses = new AtomicInteger();

    Assaults(List<Replica> replicas, long seed) {
        this.replicas = List.copyOf(replicas);
        this.random = new Random(seed);
        this.timer = new ScheduledThreadPoolExecutor(replicas.size());
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    void begin() {
        replicas.forEach(replica -> in(5_000, 20_000, () -> strike(replica)));
    }

    private void in(int least, int most, Runnable what) {
        if (!timer.isShutdown()) {
            timer.schedule(() -> attempt(what), between(least, most), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized int between(int least, int most) {
        return random.nextInt(least, most);
    }

    private void attempt(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException | AssertionError e) {
            failures.add(String.valueOf(e));
        }
    }

    private void strike(Replica replica) {
        if (replica.endedByItself()) {
            failures.add(replica.name() + " ended by itself: " + replica.said());
            replica.start();
        }
        int what = between(0, 100);
        if (what < 55) {
            replica.kill();
            kills.incrementAndGet();
            in(1, 6_000, () -> start(replica));
        } else if (what < 72) {
            attempt(replica::stop);
            stops.incrementAndGet();
            in(1, 6_000, () -> start(replica));
        } else {
            replica.pause();
            pauses.incrementAndGet();
            in(500, 12_000, () -> resume(replica));
        }
    }

    private void start(Replica replica) {
        replica.start();
        in(8_000, 30_000, () -> strike(replica));
    }

    private void resume(Replica replica) {
        replica.resume();
        in(5_000, 25_000, () -> strike(replica));
    }

    /** Nothing happens to them any more, and all of them run. */
    @Override
    public void close() {
        // What is being done is done to its end; what waits is left.
        timer.shutdown();
        try {
            timer.awaitTermination(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Replica replica : replicas) {
            if (replica.running()) {
                replica.resume();
            } else {
                if (replica.endedByItself()) {
                    failures.add(replica.name() + " ended by itself: " + replica.said());
                }
                replica.start();
            }
        }
    }

    int kills() {
        return kills.get();
    }

    int stops() {
        return stops.get();
    }

    int pauses() {
        return pauses.get();
    }

    /** Processes that ended when nobody had told them to, or did not end well when told. */
    List<String> failures() {
        return List.copyOf(failures);
    }
}
