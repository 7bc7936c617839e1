package pipeline.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import pipeline.deploy.Roles;
import pipeline.jar.PackagedJar;
import pipeline.local.Call;

/**
 * One place at which a process of the jar runs, and is started again after it was killed. The access key id is its name
 * and the number of the process, so that the front can tell whose call it has before it.
 */
final class Replica implements AutoCloseable {
    /** A machine that is busy with other things starts a process in a minute. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration STOP = Duration.ofSeconds(10);

    /** One process, and what was done to it. */
    static final class Life {
        /** How it was ended. */
        enum End {
            NONE,
            KILLED,
            STOPPED
        }

        private volatile End end = End.NONE;
        private boolean paused;
        private boolean resumed;
        private long lastResumed;

        End end() {
            return end;
        }

        /** Whether it was in a pause at {@code nanoTime} or later. */
        synchronized boolean pausedSince(long nanoTime) {
            return paused || resumed && lastResumed - nanoTime >= 0;
        }

        private synchronized void pause() {
            paused = true;
        }

        private synchronized void resume() {
            if (paused) {
                paused = false;
                resumed = true;
                lastResumed = System.nanoTime();
            }
        }
    }

    private final String name;
    private final PackagedJar jar;
    private PackagedJar.Run run;
    private final List<Life> lives = new CopyOnWriteArrayList<>();
    private boolean meantToRun;

    /**
     * @param name letters and digits
     * @param settings environment variables beside those that every replica has
     */
    Replica(String name, Path folder, URI endpoint, Map<String, String> settings) {
        this.name = name;
        try {
            jar = new PackagedJar(Files.createDirectories(folder.resolve(name)), endpoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        jar.set("AWS_ACCESS_KEY_ID", name)
                .set("PIPELINE_ALERT_TOPIC", Roles.TOPIC)
                .set("PIPELINE_POLL_EVERY_SECONDS", "1")
                .set("PIPELINE_RETRY_BACKOFF_SECONDS", "1");
        settings.forEach(jar::set);
    }

    String name() {
        return name;
    }

    PackagedJar jar() {
        return jar;
    }

    synchronized void start() {
        meantToRun = true;
        lives.add(new Life());
        // Each process has a key of its own: what a dead one has sent may be looked at after the next has begun.
        jar.set("AWS_ACCESS_KEY_ID", name + "x" + lives.size());
        run = jar.start("run");
    }

    /** Until it works on what is dropped. */
    void awaitListening() {
        Awaitility.await(name + " listens")
                .atMost(PATIENCE)
                .until(() -> endedByItself() || said().contains("watching s3://"));
        if (endedByItself()) {
            throw new AssertionError(name + " has ended: " + said());
        }
    }

    synchronized boolean alive() {
        return run != null && run.alive();
    }

    /** Whether the process that made this call is alive. */
    synchronized boolean alive(Call call) {
        return alive() && life(call) == life();
    }

    /** Nobody has ended it. */
    synchronized boolean running() {
        return meantToRun && alive();
    }

    /** What nobody has asked for: it was to run, and does not. */
    synchronized boolean endedByItself() {
        return meantToRun && !alive();
    }

    /** SIGKILL. */
    synchronized void kill() {
        meantToRun = false;
        life().end = Life.End.KILLED;
        run.kill();
    }

    /**
     * SIGTERM.
     *
     * @throws AssertionError when it is still there after 10 s, or says that something went wrong
     */
    synchronized void stop() {
        meantToRun = false;
        life().end = Life.End.STOPPED;
        PackagedJar.Run stopping = run;
        try {
            PackagedJar.Ended ended = stopping.terminate(STOP);
            if (ended.status() != 0 && !isBeforeItBegan(ended)) {
                throw new AssertionError("after SIGTERM: " + ended.said());
            }
        } finally {
            if (stopping.alive()) {
                stopping.kill();
            }
        }
    }

    /** A JVM that has not come to the program yet ends with 128 and the number of the signal. */
    private static boolean isBeforeItBegan(PackagedJar.Ended ended) {
        return ended.status() == 143 && ended.out().isEmpty() && ended.err().isEmpty();
    }

    /** SIGSTOP. */
    synchronized void pause() {
        life().pause();
        run.pause();
    }

    /** SIGCONT. */
    synchronized void resume() {
        run.resume();
        life().resume();
    }

    /** Of the process that was started last. */
    private Life life() {
        return lives.get(lives.size() - 1);
    }

    /** Of the process that made a call. */
    Life life(Call call) {
        return lives.get(Integer.parseInt(call.caller().substring(name.length() + 1)) - 1);
    }

    /** The name of the replica that made a call, or of whoever else did. */
    static String caller(Call call) {
        return call.caller().replaceFirst("x\\d+$", "");
    }

    /** What the process that runs has said. */
    synchronized String said() {
        return run.said();
    }

    @Override
    public synchronized void close() {
        if (alive()) {
            run.kill();
        }
        jar.close();
    }
}
