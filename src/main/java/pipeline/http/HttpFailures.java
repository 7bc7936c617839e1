package pipeline.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.announce.DeadLetters;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.conclude.Failures;
import pipeline.dataset.Shown;
import pipeline.explain.EntryFacts;
import pipeline.settings.Settings;

/** What a person decides over HTTP of refused and failed files; the same as {@code failures list, replay, discard}. */
public final class HttpFailures {
    private static final Logger LOG = LoggerFactory.getLogger(HttpFailures.class);

    private final Failures failures;
    private final Versions versions;
    private final DeadLetters deadLetters;
    private final ExecutorService background;
    private final Overview overview;
    private final Settings settings;

    /** @param background where dead-letter messages are looked for, which takes its time */
    HttpFailures(
            Failures failures,
            Versions versions,
            DeadLetters deadLetters,
            ExecutorService background,
            Overview overview,
            Settings settings) {
        this.failures = failures;
        this.versions = versions;
        this.deadLetters = deadLetters;
        this.background = background;
        this.overview = overview;
        this.settings = settings;
    }

    public void list(Exchange exchange) {
        Answers.json(exchange, () -> {
            List<Entry> entries = failures.some();
            return Map.of(
                    "failures",
                    entries.stream()
                            .map(entry -> CustomerData.hidden(EntryFacts.summary(entry, Optional.empty()), settings))
                            .toList(),
                    "complete",
                    entries.size() < Failures.MOST);
        });
    }

    public void replay(Exchange exchange) {
        Query query = Query.of(exchange);
        Answers.json(
                exchange,
                () -> decide(
                        query.body(),
                        failures::replay,
                        now -> now == Status.WAITING || now == Status.PROCESSING || now == Status.COMPLETED,
                        "re-opened: it is worked on again from its archived copy",
                        "nothing to replay"));
    }

    public void discard(Exchange exchange) {
        Query query = Query.of(exchange);
        Answers.json(
                exchange,
                () -> decide(
                        query.body(),
                        failures::discard,
                        now -> now == Status.DISCARDED,
                        "discarded: it leaves the list, its copies stay",
                        "nothing to discard"));
    }

    /** @param already whether what is to be done has been done */
    private Map<String, Object> decide(
            JsonNode body, Predicate<Entry> decision, Predicate<Status> already, String done, String nothing) {
        Entry entry = versions.find(Query.of(body, "file"), Query.of(body, "version"));
        boolean applied = decision.test(entry);
        Entry now = applied ? entry : failures.now(entry).orElse(entry);
        if (!applied && !already.test(now.status())) {
            throw new Refusal(
                    409,
                    Failures.isFailure(now)
                            ? "it was changed by another in this very moment: nothing was done to it; look again"
                            : "it is %s: %s".formatted(now.status().text(), nothing));
        }
        if (applied) {
            LOG.info("{} was {}", Shown.line(entry.file()), done);
        }
        // Decided again, the message is looked for again.
        background.execute(() -> deadLetters
                .remove(new LinkedHashSet<>(DeadLetters.ids(entry)))
                .trouble()
                .ifPresent(LOG::warn));
        failures.now(entry).ifPresent(overview::changed);
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("file", entry.file());
        view.put("version", entry.version());
        view.put("done", applied);
        view.put(
                "text",
                applied
                        ? done
                        : "it is %s since %s: %s".formatted(now.status().text(), EntryFacts.since(now), nothing));
        return view;
    }
}
