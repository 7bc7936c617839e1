package pipeline.claim;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What an entry tells of the attempts before, one line for each end of one; see {@link Entry#history}. */
final class History {
    /** So many lines are kept: an item of DynamoDB has 400 KB. */
    private static final int LINES = 50;

    private History() {}

    /** Adds a line, and leaves the oldest ones out where there are too many. */
    static Update add(Update update, Entry entry, Instant at, String outcome, String reason) {
        List<AttributeValue> lines =
                new ArrayList<>(Optional.ofNullable(entry.item().get("history"))
                        .map(AttributeValue::l)
                        .orElse(List.of()));
        lines.add(AttributeValue.fromM(Map.of(
                "at", AttributeValue.fromS(at.truncatedTo(ChronoUnit.SECONDS).toString()),
                "attempt", AttributeValue.fromN(Integer.toString(entry.attempts())),
                "outcome", AttributeValue.fromS(outcome),
                "reason", AttributeValue.fromS(reason))));
        return update.set(
                "history", AttributeValue.fromL(lines.subList(Math.max(0, lines.size() - LINES), lines.size())));
    }
}
