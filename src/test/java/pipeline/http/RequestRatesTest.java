package pipeline.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RequestRatesTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final RequestRates rates = new RequestRates(nanos::get);

    private int taken(String address) {
        int taken = 0;
        while (rates.take(address)) {
            taken++;
        }
        return taken;
    }

    @Test
    void anAddressMayAsk200TimesAtOnceAndThen50TimesASecond() {
        assertEquals(200, taken("a"));
        nanos.addAndGet(1_000_000_000);
        assertEquals(50, taken("a"));
        nanos.addAndGet(3_600_000_000_000L);
        assertEquals(200, taken("a"));
    }

    @Test
    void oneAddressTakesNothingFromAnother() {
        taken("a");
        assertTrue(rates.take("b"));
    }

    @Test
    void wrongCredentialsCountAsTwentyMoreRequests() {
        int guesses = 0;
        while (rates.take("a")) {
            rates.penalise("a");
            guesses++;
        }
        assertEquals(10, guesses);
        nanos.addAndGet(200_000_000);
        assertFalse(rates.take("a"));
    }
}
