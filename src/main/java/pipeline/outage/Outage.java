package pipeline.outage;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.aws.Reasons;
import pipeline.aws.Services;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Whether AWS answers. While it does not, nothing is taken up, so that no file spends an attempt on what is not its
 * fault; one alert says when that begins and one when it ends.
 */
public final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    /** A stretch of time in which AWS did not answer. */
    private record Stretch(String id, Instant began, String what) {}

    private final Services services;
    private Optional<Stretch> open = Optional.empty();
    private final List<Map<String, Object>> unsent = new ArrayList<>();

    public Outage(Services services) {
        this.services = services;
    }

    /** False while files are to be left alone. */
    public synchronized boolean isOver() {
        return open.isEmpty();
    }

    /** When the outage that lasts began; empty when there is none. */
    public synchronized Optional<Instant> since() {
        return open.map(Stretch::began);
    }

    /** A call has failed: if that was AWS's doing, an outage begins. */
    public void suspect(Throwable failure) {
        services.outage(failure, Optional.empty()).ifPresent(this::begin);
    }

    /** An outage begins, or goes on. */
    public synchronized void begin(String what) {
        if (open.isEmpty()) {
            Stretch stretch = new Stretch(UUID.randomUUID().toString(), now(), what);
            open = Optional.of(stretch);
            unsent.add(alert("outage-began", stretch, stretch.began()));
            LOG.error("AWS does not answer, so nothing is taken up until it does: {}", what);
        }
    }

    /**
     * Asks the services again while there is an outage.
     *
     * @return the alerts to send now, oldest first; an alert is returned until it is {@link #sent}
     */
    public List<Map<String, Object>> check() {
        if (!isOver()) {
            Optional<String> still = unanswered();
            if (still.isEmpty()) {
                end();
            }
        }
        return due();
    }

    private synchronized void end() {
        open.ifPresent(stretch -> {
            Instant ended = now();
            unsent.add(alert("outage-ended", stretch, ended));
            LOG.info("AWS answers again after {} s", ChronoUnit.SECONDS.between(stretch.began(), ended));
        });
        open = Optional.empty();
    }

    /** While it lasts, SNS may be what does not answer. */
    private synchronized List<Map<String, Object>> due() {
        return open.isPresent() && open.get().what().startsWith("SNS") ? List.of() : List.copyOf(unsent);
    }

    /** An alert is on its way. */
    public synchronized void sent(Map<String, Object> alert) {
        unsent.remove(alert);
    }

    private Optional<String> unanswered() {
        for (Map.Entry<String, Services.Probe> probe :
                services.probesOfEverything().entrySet()) {
            try {
                probe.getValue().run();
            } catch (SdkException e) {
                return Optional.of(probe.getKey() + ": " + Reasons.of(e));
            }
        }
        return Optional.empty();
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
