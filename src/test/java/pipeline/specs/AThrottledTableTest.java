package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import pipeline.local.Fault;
import pipeline.observe.Journal.Event;

/** DynamoDB takes less than it is given. */
class AThrottledTableTest extends FaultSpecs {
    @Test
    void delaysButLosesNothing() {
        AtomicInteger count = new AtomicInteger();
        List<Fault> inTurn = List.of(Fault.THROTTLE, Fault.UNPROCESSED, Fault.THROTTLE, Fault.NONE, Fault.UNPROCESSED);
        sandbox.aws()
                .faults(call -> call.operation().equals("dynamodb:BatchWriteItem")
                        ? inTurn.get(count.getAndIncrement() % inTurn.size())
                        : Fault.NONE);
        sandbox.drop("orders.csv", Orders.goodAndOneBad(120));

        pipeline.workOff();

        assertCompleted("orders.csv", 1, 120, 1);
        assertEquals(120, sandbox.items("ProcessedOrders").size());
        assertEquals(List.of(), pipeline.events(Event.Retried.class));
        assertTrue(pipeline.count("pipeline.unprocessed.items") > 0);
        Found found = Found.in(sandbox, pipeline);
        found.assertPromises();
        found.assertCounts();
    }
}
