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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.aws.Services;

/**
 * Whether AWS lets files through. While it does not, nothing is taken up, so that no file spends an attempt on what is not
 * its fault; one alert says when that begins and one when it ends.
 *
 * <p>A service that does not answer is asked until it does. What is denied to one file after the other, with none going
 * through in between, cannot be asked for without a file: now and then one is let try.
 */
public final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    /** So many files are denied something, none going through in between: then it is not the files. */
    private static final int DENIED_FILES = 3;

    /**
     * A stretch of time in which files did not go through.
     *
     * @param denial services answer, and deny what files need
     */
    private record Stretch(String id, Instant began, String what, boolean denial) {}

    private final Services services;
    private final Duration tryEvery;
    private Optional<Stretch> open = Optional.empty();
    private final Set<String> denied = new HashSet<>();
    private long triedAt;
    private final List<Map<String, Object>> unsent = new ArrayList<>();

    /** @param tryEvery how often a file may try whether a denial has ended */
    public Outage(Services services, Duration tryEvery) {
        this.services = services;
        this.tryEvery = tryEvery;
    }

    /** False while files are to be left alone. */
    public synchronized boolean isOver() {
        return open.isEmpty();
    }

    /** Whether a file may be taken up now: always but in an outage; in one by denial, one now and then. */
    public synchronized boolean admits() {
        if (open.isEmpty()) {
            return true;
        }
        long now = System.nanoTime();
        if (!open.get().denial() || now - triedAt < tryEvery.toNanos()) {
            return false;
        }
        triedAt = now;
        return true;
    }

    /** When the outage that lasts began; empty when there is none. */
    public synchronized Optional<Instant> since() {
        return open.map(Stretch::began);
    }

    /** A call has failed: if that was AWS's doing, an outage begins. */
    public void suspect(Throwable failure) {
        services.outage(failure, Optional.empty()).ifPresent(this::begin);
    }

    /** A service does not answer: an outage begins, or goes on. */
    public void begin(String what) {
        begin(what, false);
    }

    private synchronized void begin(String what, boolean denial) {
        if (open.isEmpty()) {
            Stretch stretch = new Stretch(UUID.randomUUID().toString(), now(), what, denial);
            open = Optional.of(stretch);
            triedAt = System.nanoTime();
            unsent.add(alert("outage-began", stretch, stretch.began()));
            LOG.error(
                    "AWS does not {}, so nothing is taken up until it does: {}", denial ? "allow it" : "answer", what);
        }
    }

    /**
     * A file was denied something, while all services answer.
     *
     * @return true when that is not the file's fault, as others fare the same
     */
    public synchronized boolean denied(String file, String what) {
        if (open.isEmpty()) {
            denied.add(file);
            if (denied.size() < DENIED_FILES) {
                return false;
            }
            begin(what, true);
        }
        return true;
    }

    /** A file went through: nothing that files need is denied. */
    public synchronized void passed() {
        denied.clear();
        if (open.filter(Stretch::denial).isPresent()) {
            end();
        }
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

    private synchronized boolean isUnanswered() {
        return open.filter(stretch -> !stretch.denial()).isPresent();
    }

    private synchronized void end() {
        open.ifPresent(stretch -> {
            Instant ended = now();
            unsent.add(alert("outage-ended", stretch, ended));
            LOG.info("AWS lets files through again after {} s", ChronoUnit.SECONDS.between(stretch.began(), ended));
        });
        open = Optional.empty();
        denied.clear();
    }

    /** While it lasts, SNS may be what does not answer. */
    private synchronized List<Map<String, Object>> due() {
        return open.isPresent() && open.get().what().startsWith("SNS") ? List.of() : List.copyOf(unsent);
    }

    /** An alert is on its way. */
    public synchronized void sent(Map<String, Object> alert) {
        unsent.remove(alert);
    }

    private static Map<String, Object> alert(String kind, Stretch stretch, Instant at) {
        Map<String, Object> alert = new LinkedHashMap<>();
        alert.put("id", stretch.id());
        alert.put("kind", kind);
        alert.put("at", at.toString());
        alert.put("reason", stretch.what());
        return alert;
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }
}
