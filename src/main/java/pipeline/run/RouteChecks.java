package pipeline.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import pipeline.settings.ConfigurationException;
import pipeline.settings.DidYouMean;

/** Mistakes in how routes name each other, which Camel does not say, says too late, or does not say where. */
final class RouteChecks {
    private final List<RouteLine> lines;

    /** @param lines of all route files */
    RouteChecks(List<RouteLine> lines) {
        this.lines = lines;
    }

    /** @throws ConfigurationException one sentence for the first mistake */
    void run() {
        checkIds();
        checkConsumers();
        checkTargets();
    }

    /** Camel stops at a route id that is there twice without saying where, and at a step id with a stack trace. */
    private void checkIds() {
        Map<String, RouteLine> seen = new HashMap<>();
        for (RouteLine line : lines) {
            if (line.key().equals("id")
                    && !line.parent().equals("parameters")
                    && !line.parent().equals("properties")) {
                RouteLine first = seen.putIfAbsent(line.text(), line);
                if (first != null) {
                    throw new ConfigurationException("%s: found the id %s, which %s has too, expected each id once"
                            .formatted(line.place(), line.text(), first.place()));
                }
            }
        }
    }

    /** Camel stops at a second consumer with a stack trace. */
    private void checkConsumers() {
        Map<String, RouteLine> seen = new HashMap<>();
        for (RouteLine line : lines) {
            if (line.key().equals("uri") && line.isOfFrom()) {
                line.direct().ifPresent(name -> {
                    RouteLine first = seen.putIfAbsent(name, line);
                    if (first != null) {
                        throw new ConfigurationException(
                                "%s: found a second route from direct %s, expected one; the first is at %s"
                                        .formatted(line.place(), name, first.place()));
                    }
                });
            }
        }
    }

    /** Camel notices that nothing listens when the first message is sent there. */
    private void checkTargets() {
        Set<String> listening = lines.stream()
                .filter(line -> line.key().equals("uri") && line.isOfFrom())
                .flatMap(line -> line.direct().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        for (RouteLine line : lines) {
            line.direct().filter(name -> !listening.contains(name)).ifPresent(name -> {
                throw new ConfigurationException(
                        "%s: found direct %s, to which no route listens, expected a route's name%s"
                                .formatted(line.place(), name, DidYouMean.question(listening, name)));
            });
        }
    }
}
