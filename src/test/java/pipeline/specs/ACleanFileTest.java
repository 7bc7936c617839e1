package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import pipeline.local.Call;

/** A small file without a bad row, on a store that keeps conditions as S3 does: what people pay for it beside its rows. */
class ACleanFileTest extends FaultSpecs {
    /** A page of objects or of open entries is asked for, however many files there are. */
    private static final Set<String> FOR_ALL_FILES = Set.of("s3:ListObjects", "s3:ListObjectsV2", "dynamodb:Query");

    ACleanFileTest() {
        super(Map.of("conditional-writes", "true"));
    }

    @Test
    void costsEightRequestsWhenItIsFoundByListing() {
        sandbox.drop("orders.csv", Orders.good(20));
        List<String> calls = calls(pipeline::workOff);

        assertCompleted("orders.csv", 1, 20, 0);
        assertEquals(8, calls.size(), calls::toString);
    }

    @Test
    void costsElevenRequestsWhenItIsFoundByItsEvent() {
        sandbox.drop("orders.csv", Orders.good(20));
        sandbox.announce("orders.csv");
        List<String> calls = calls(pipeline::receive);

        assertCompleted("orders.csv", 1, 20, 0);
        assertEquals(11, calls.size(), calls::toString);
    }

    private List<String> calls(Runnable work) {
        sandbox.aws().recordCalls(true);
        work.run();
        List<String> calls = sandbox.aws().calls().stream()
                .map(Call::operation)
                .filter(operation -> !FOR_ALL_FILES.contains(operation))
                .toList();
        sandbox.aws().recordCalls(false);
        return calls;
    }
}
