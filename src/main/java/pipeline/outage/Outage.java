package pipeline.outage;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.aws.Services;

/**
 * Whether AWS lets files through. While it does not, nothing is taken up, so that no file spends an attempt on what is not
 * its fault; one alert says when that begins and one when it ends.
 *
 * <p>A service that does not answer is asked until it does. Where all answer, and yet one file after the other fails by
 * AWS's word with none going through in between, as when a permission is gone, nothing but a file can find out whether
 * that has ended: now and then some are let try. It may be a few bad files that came in a row, so nobody is told before
 * every file that waits has had time to try.
 */
public final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    /** So many files fail, none going through in between: then it is not the files. */
    private static final int MANY = 3;

    /**
     * Where only files are left that have failed, they are let try again after so many intervals. An outage in which all
     * services answer is told when it has lasted as long.
     */
    private static final int AGAIN = 6;

    /** Files that are remembered; the others only wait longer. */
    private static final int MOST = 10_000;

    /**
     * A stretch of time in which files did not go through.
     *
     * @param answered all services answer, and refuse what files need
     */
    private record Stretch(String id, Instant began, String what, boolean answered) {}

    private final Services services;
    private final long tryEvery;
    private final LongSupplier nanoTime;
    private Optional<Stretch> open = Optional.empty();
    /** Failed since one went through. */
    private final Set<String> failed = new HashSet<>();
    /** It is these files, as others went through just before and just after them. */
    private final Set<String> failedWhileOthersPassed = new HashSet<>();

    private long failedAt;
    private long beganAt;
    private boolean told;
    private final List<Map<String, Object>> unsent = new ArrayList<>();

    /** @param tryEvery how often files may try whether it has ended */
    public Outage(Services services, Duration tryEvery) {
        this(services, tryEvery, System::nanoTime);
    }

    Outage(Services services, Duration tryEvery, LongSupplier nanoTime) {
        this.services = services;
        this.tryEvery = tryEvery.toNanos();
        this.nanoTime = nanoTime;
    }

    /** False while files are to be left alone. */
    public synchronized boolean isOver() {
        return open.isEmpty();
    }

    /** Whether some file may be taken up now: always but in an outage; in one where AWS answers, now and then. */
    public synchronized boolean mayTry() {
        return open.isEmpty() || open.get().answered() && nanoTime.getAsLong() - failedAt >= tryEvery;
    }

    /**
     * Whether this file may be taken up now. Those that have not failed yet come first: they may go through, and none that
     * cannot keeps them from it.
     */
    public synchronized boolean mayTry(String file) {
        boolean hasFailed = failed.contains(file) || failedWhileOthersPassed.contains(file);
        return open.isEmpty() || mayTry() && (!hasFailed || nanoTime.getAsLong() - failedAt >= AGAIN * tryEvery);
    }

    /** When the outage that lasts began; empty when there is none. */
    public synchronized Optional<Instant> since() {
        return open.map(Stretch::began);
    }

    /** Why nothing is taken up; empty when there is no outage. */
    public synchronized Optional<String> reason() {
        return open.map(Stretch::what);
    }

    /** A call has failed: if that was AWS's doing, an outage begins. */
    public void suspect(Throwable failure) {
        services.outage(failure, Optional.empty()).ifPresent(this::begin);
    }

    /** A service does not answer: an outage begins, or goes on. */
    public void begin(String what) {
        begin(what, false);
    }

    private synchronized void begin(String what, boolean answered) {
        if (open.filter(Stretch::answered).isPresent() && !answered) {
            // It goes on, but no file is to find out whether it has ended.
            Stretch stretch = new Stretch(open.get().id(), open.get().began(), what, false);
            open = Optional.of(stretch);
            if (!told) {
                tell(stretch);
            }
            LOG.error("AWS does not even answer any more: {}", what);
        } else if (open.isEmpty()) {
            Stretch stretch = new Stretch(UUID.randomUUID().toString(), now(), what, answered);
            open = Optional.of(stretch);
            beganAt = nanoTime.getAsLong();
            told = false;
            if (!answered) {
                tell(stretch);
            }
            LOG.error(
                    "AWS {}, so nothing is taken up until that has ended: {}",
                    answered ? "refuses what one file after the other needs" : "does not answer",
                    what);
        }
    }

    private void tell(Stretch stretch) {
        unsent.add(alert("outage-began", stretch, stretch.began()));
        told = true;
    }

    /**
     * A file has failed by AWS's word, while all services answer.
     *
     * @param file file@version
     * @return true when that is not the file's fault, as others fare the same
     */
    public synchronized boolean isOfMany(String file, String what) {
        failedAt = nanoTime.getAsLong();
        if (open.isEmpty() && failedWhileOthersPassed.contains(file)) {
            return false;
        }
        if (failed.size() < MOST) {
            failed.add(file);
        }
        if (open.isEmpty() && failed.size() >= MANY) {
            begin(what, true);
        }
        return open.isPresent();
    }

    /**
     * A file went through. Those that have failed since the last one did are few, and it is them; but if there was an
     * outage, they failed by it for all that is known, and it is over.
     */
    public synchronized void passed(String file) {
        if (open.isEmpty() && failedWhileOthersPassed.size() < MOST) {
            failedWhileOthersPassed.addAll(failed);
        }
        failed.clear();
        failedWhileOthersPassed.remove(file);
        if (open.filter(Stretch::answered).isPresent()) {
            end();
        }
    }

    /** A file came to its end without going through: if a person has it worked on again, its cause may be another. */
    public synchronized void ended(String file) {
        failedWhileOthersPassed.remove(file);
    }

    /**
     * Asks the services again while one does not answer.
     *
     * @return the alerts to send now, oldest first; an alert is returned until it is {@link #sent}
     */
    public List<Map<String, Object>> check() {
        if (isUnanswered() && services.unanswered().isEmpty()) {
            end();
        }
        return due();
    }

    private void tellIfItLasts() {
        if (!told && nanoTime.getAsLong() - beganAt >= AGAIN * tryEvery) {
            open.ifPresent(this::tell);
        }
    }

    private synchronized boolean isUnanswered() {
        return open.filter(stretch -> !stretch.answered()).isPresent();
    }

    private synchronized void end() {
        open.ifPresent(stretch -> {
            Instant ended = now();
            if (told) {
                unsent.add(alert("outage-ended", stretch, ended));
            }
            LOG.info("AWS lets files through again after {} s", ChronoUnit.SECONDS.between(stretch.began(), ended));
        });
        open = Optional.empty();
    }

    /** While it lasts, SNS may be what does not answer. */
    private synchronized List<Map<String, Object>> due() {
        tellIfItLasts();
        return open.isPresent() && open.get().what().startsWith("SNS") ? List.of() : List.copyOf(unsent);
    }

    /** An alert is on its way. */
    public synchronized void sent(Map<String, Object> alert) {
        unsent.remove(alert);
    }

    private static Map<String, Object> alert(String kind, Stretch stretch, Instant at) {
        Map<String, Object> alert = new LinkedHashMap<>();
        // An id that is there twice is the same alert sent twice; what began and ended is the outage.
        alert.put("id", UUID.randomUUID().toString());
        alert.put("kind", kind);
        alert.put("outage", stretch.id());
        alert.put("cause", stretch.answered() ? "refused" : "unanswered");
        alert.put("at", at.toString());
        alert.put("reason", stretch.what());
        return alert;
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }
}
