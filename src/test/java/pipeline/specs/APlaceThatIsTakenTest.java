package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pipeline.claim.Entry;
import pipeline.local.Fault;

/** Just when a file is copied to its place, somebody else puts an object there. */
class APlaceThatIsTakenTest extends FaultSpecs {
    @ParameterizedTest
    @ValueSource(strings = {"archive/", "processed-data/"})
    void isLeftAloneAndTheCopyLiesBesideIt(String folder) {
        String[] taken = new String[1];
        sandbox.aws().faults(call -> Faults.at(1, "s3:CopyObject", folder, () -> {
                    if (taken[0] == null) {
                        taken[0] = call.target().substring(call.target().indexOf(folder));
                        sandbox.put(taken[0], "another's".getBytes(StandardCharsets.UTF_8));
                    }
                    return Fault.NONE;
                })
                .next(call));
        sandbox.drop("orders.csv", Orders.good(2));

        pipeline.workOff();

        assertCompleted("orders.csv", 1, 2, 0);
        assertEquals("another's", sandbox.text(taken[0]));
        Entry entry = sandbox.entry("orders.csv");
        String copy = (folder.equals("archive/") ? entry.archive() : entry.location()).orElseThrow();
        assertNotEquals(taken[0], copy);
        assertEquals(Orders.good(2), sandbox.text(copy));
    }
}
