package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pipeline.claim.Status;
import pipeline.local.Fault;

/** Whichever step fails for good, the attempt ends: nothing is held, and the ledger says what comes next. */
class EveryFailureIsDecidedTest {
    private static final String GOOD = "order_id,customer_name,product_name,quantity,unit_price\nA,B,C,1,2\n";
    private static final String BAD = "a,b\n1,2\n";

    private final Sandbox sandbox = Sandbox.shared();

    @BeforeEach
    @AfterEach
    void clean() {
        sandbox.clean();
    }

    @ParameterizedTest
    @CsvSource({
        "s3:CopyObject, good, WAITING",
        "s3:GetObject, good, WAITING",
        "dynamodb:BatchWriteItem, good, WAITING",
        "s3:DeleteObject, good, COMPLETED",
        "sqs:SendMessage, bad, REFUSED",
        "sns:Publish, bad, REFUSED"
    })
    void theAttemptEnds(String operation, String content, Status status) {
        Running running = sandbox.pipeline();
        sandbox.aws().faults(call -> call.operation().equals(operation) ? Fault.DENIED : Fault.NONE);
        sandbox.drop("orders.csv", content.equals("good") ? GOOD : BAD);
        running.workOffOnce();
        assertEquals(status, sandbox.entry("orders.csv").status());
        assertEquals(List.of(), List.copyOf(running.pipeline().inHand()));
    }
}
