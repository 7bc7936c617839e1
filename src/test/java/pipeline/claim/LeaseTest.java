package pipeline.claim;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class LeaseTest {
    private final AtomicLong clock = new AtomicLong(1_000_000_000_000L);
    private final LeaseWatch watch = new LeaseWatch(clock::get);
    private final Lease lease =
            new Lease("me", 1, clock.get(), Duration.ofSeconds(30), Duration.ofSeconds(10), clock::get);

    private void pass(double seconds) {
        clock.addAndGet((long) (seconds * 1e9));
    }

    private static Entry entry(String owner, long beat) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put("file", AttributeValue.fromS("jan.csv"));
        item.put("version", AttributeValue.fromS("v"));
        item.put("lease_owner", AttributeValue.fromS(owner));
        item.put("lease_beat", AttributeValue.fromN(Long.toString(beat)));
        item.put("lease_seconds", AttributeValue.fromN("30"));
        return new Entry(item);
    }

    @Test
    void aHolderStopsWhenACallMightOutlastItsLease() {
        pass(20);
        assertDoesNotThrow(lease::check);
        pass(0.1);
        assertThrows(LeaseLostException.class, lease::check);
    }

    @Test
    void aRenewedLeaseCountsFromWhenTheRenewalWasSent() {
        pass(15);
        lease.renewed(clock.get());
        pass(20);
        assertDoesNotThrow(lease::check);
    }

    @Test
    void aBeatOfWhichTheAnswerWasLostIsNotWrittenAgain() {
        long served = lease.nextBeat();
        assertEquals(served + 1, lease.nextBeat(), "others have seen that number, and would see no life in it");
    }

    @Test
    void aLeaseThatAnotherHasTakenIsLostAtOnce() {
        lease.lose();
        assertThrows(LeaseLostException.class, lease::check);
        assertThrows(LeaseLostException.class, lease::checkHeld);
    }

    @Test
    void aStoppingProcessHandsBackBetweenStepsButStillEndsWhatItEnds() {
        lease.askToHandBack();
        assertThrows(HandBackException.class, lease::check);
        assertDoesNotThrow(lease::checkHeld);
    }

    @Test
    void anothersLeaseRunsOutOnlyWhenItStoodStillForItsWholeLength() {
        assertEquals(Duration.ofSeconds(30), watch.remaining(entry("other", 4)));
        pass(29);
        assertEquals(Duration.ofSeconds(1), watch.remaining(entry("other", 4)));
        assertEquals(Duration.ofSeconds(30), watch.remaining(entry("other", 5)), "it has renewed");
        pass(30);
        assertEquals(Duration.ZERO, watch.remaining(entry("other", 5)));
        assertEquals(Duration.ofSeconds(30), watch.remaining(entry("third", 5)), "somebody else has it");
    }
}
