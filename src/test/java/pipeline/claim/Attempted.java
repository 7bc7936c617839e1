package pipeline.claim;

import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import pipeline.cost.Billing;
import pipeline.cost.Prices;
import pipeline.cost.Usage;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An attempt without a ledger behind it. */
public final class Attempted {
    private Attempted() {}

    /** Its lease lasts an hour by the given clock. */
    public static Attempt holding(LongSupplier nanoTime) {
        Duration hour = Duration.ofHours(1);
        return new Attempt(
                new Entry(Map.of(
                        "file", AttributeValue.fromS("raw-data/orders.csv"),
                        "version", AttributeValue.fromS("v"),
                        "status", AttributeValue.fromS(Status.PROCESSING.text()))),
                new Lease("owner", 1, nanoTime.getAsLong(), hour, Duration.ofSeconds(1), nanoTime),
                new Billing(new Usage(), Prices.shipped(), false).bill());
    }

    /** The process of the attempt is stopping. */
    public static void handBack(Attempt attempt) {
        attempt.lease().askToHandBack();
    }
}
