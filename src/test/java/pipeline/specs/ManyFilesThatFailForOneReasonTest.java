package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import pipeline.local.PublishedMessage;
import pipeline.run.Pipeline;

/** {@code pipeline.alert-digest=10m}: programs hear of each, people read one long mail and a line for each of the others. */
class ManyFilesThatFailForOneReasonTest extends FaultSpecs {
    private static final String REASON = "found columns sku, warehouse, expected those of orders, sales or sensors";

    private static final Pattern SINCE = Pattern.compile("--since (\\S+)\n$");

    @Test
    void areToldInFullOnceAndThenInALineEach() {
        IntStream.rangeClosed(1, 100)
                .forEach(file -> sandbox.drop(
                        "inventory-%03d.csv".formatted(file), "sku,warehouse\nK-%d,Lisbon\n".formatted(file)));
        try (Running digesting = sandbox.start(Map.of("alert-digest", "10m"), Pipeline.Intake.ON_DEMAND)) {
            digesting.workOff();
        }

        List<PublishedMessage> alerts = sandbox.aws().published();
        assertEquals(100, alerts.size());
        List<JsonNode> told =
                alerts.stream().map(alert -> Sandbox.json(alert.defaultText())).toList();
        assertEquals(new HashSet<>(sandbox.takeDeadLetters()), new HashSet<>(told), "messages and alerts");
        assertEquals(
                100,
                told.stream()
                        .map(alert -> alert.path("file").asText())
                        .distinct()
                        .count());
        told.forEach(alert -> assertEquals(
                alert.path("file").asText() + ": " + REASON,
                alert.path("reason").asText()));

        PublishedMessage full = alerts.stream()
                .filter(alert -> alert.emailText().startsWith("What: "))
                .reduce((one, other) -> {
                    throw new AssertionError("found two mails in full: " + one + " and " + other);
                })
                .orElseThrow();
        String first = Sandbox.json(full.defaultText()).path("file").asText();
        Matcher since = SINCE.matcher(full.emailText());
        assertTrue(since.find(), full::emailText);
        assertEquals("[pipeline] " + first + " refused", full.subject());
        assertEquals(
                """
                What: %1$s: %2$s
                Kept: no row is stored; the file is in failed-data/%1$s. Nothing is lost.
                Do:   mend the file and drop it again; if the file is right, mend the dataset, then run: failures replay %1$s
                More: until UNTIL others that end so are told in a line each; all of them: failures list --since %3$s
                """.formatted(first, REASON, since.group(1)),
                full.emailText().replaceFirst("until \\S+ others", "until UNTIL others"));

        Set<Integer> numbers = new HashSet<>();
        for (PublishedMessage alert : alerts) {
            if (alert != full) {
                Matcher number =
                        Pattern.compile("refused \\((\\d+) for one reason").matcher(alert.subject());
                assertTrue(number.find(), alert::subject);
                int n = Integer.parseInt(number.group(1));
                numbers.add(n);
                String file = Sandbox.json(alert.defaultText()).path("file").asText();
                assertEquals(
                        "[pipeline] %s refused (%d for one reason since %s)".formatted(file, n, since.group(1)),
                        alert.subject());
                assertEquals(
                        "%s refused: %s; %d for one reason, nothing is lost; all of them: failures list --since %s\n"
                                .formatted(file, REASON, n, since.group(1)),
                        alert.emailText());
                assertEquals(
                        n == 10 || n == 100 ? null : "repeat",
                        alert.attributes().get("digest"),
                        alert::subject);
            }
        }
        assertEquals(IntStream.rangeClosed(2, 100).boxed().collect(Collectors.toSet()), numbers);
    }

    @Test
    void areEachToldInFullWithoutASettingThatAsksForLess() {
        for (int file = 1; file <= 3; file++) {
            sandbox.drop("inventory-" + file + ".csv", "sku,warehouse\nK-%d,Lisbon\n".formatted(file));
        }
        pipeline.workOff();

        Found.in(sandbox, pipeline).assertPromises();
        for (PublishedMessage alert : sandbox.aws().published()) {
            assertTrue(alert.emailText().startsWith("What: inventory-"), alert::emailText);
            assertEquals(3, alert.emailText().lines().count(), alert::emailText);
            assertFalse(alert.attributes().containsKey("digest"), alert::toString);
        }
    }
}
