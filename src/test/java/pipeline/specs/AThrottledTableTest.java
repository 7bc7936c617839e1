package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
        double before = pipeline.count("pipeline.unprocessed.items");

        pipeline.workOff();

        assertCompleted("orders.csv", 1, 120, 1);
        assertEquals(120, sandbox.items("ProcessedOrders").size());
        assertEquals(List.of(), pipeline.events(Event.Retried.class));
        double resent = pipeline.count("pipeline.unprocessed.items") - before;
        assertTrue(resent > 0);
        assertEquals(resent, sandbox.entry("orders.csv").itemsResent());
        Found found = Found.in(sandbox, pipeline);
        found.assertPromises();
        found.assertCounts();
    }

    @Test
    void thatTakesNothingAtAllLetsTheFileWaitUnspent() {
        AtomicInteger asked = new AtomicInteger();
        sandbox.aws()
                .faults(call -> call.operation().equals("dynamodb:BatchWriteItem") && asked.incrementAndGet() <= 11
                        ? Fault.THROTTLE
                        : Fault.NONE);
        sandbox.drop("orders.csv", Orders.good(2));

        pipeline.workOffOnce();
        assertEquals(11, asked.get(), "expected that the writer's own tries are not made again by the step");
        assertEquals(0, sandbox.entry("orders.csv").attempts());
        pipeline.workOff();

        assertCompleted("orders.csv", 1, 2, 0);
        assertEquals(List.of(), pipeline.events(Event.Retried.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3:HeadObject raw-data/",
                "s3:HeadObject archive/",
                "s3:CopyObject archive/",
                "s3:GetObject archive/",
                "s3:CopyObject processed-data/"
            })
    void orAnyOtherServiceThatAsksToSlowDownSpendsNoAttempt(String step) {
        String[] call = step.split(" ");
        // Four tries an attempt: as many as three attempts make.
        sandbox.aws().faults(Faults.first(12, call[0], call[1], Fault.THROTTLE));
        sandbox.drop("orders.csv", Orders.goodAndOneBad(2));

        pipeline.workOff();

        assertCompleted("orders.csv", 1, 2, 1);
        assertEquals(List.of(), pipeline.events(Event.Retried.class));
    }
}
