package pipeline.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CountersTest {
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Counters counters = new Counters(meters);

    private void assertShown(String sample) {
        assertTrue(meters.scrape().lines().anyMatch(sample::equals), () -> sample + " is not in\n" + meters.scrape());
    }

    @Test
    void everyDatasetIsThereBeforeItsFirstFileSoThatTheFirstOneIsAnIncrease() {
        counters.begin(List.of("orders"));
        assertShown("pipeline_files_total{dataset=\"orders\",outcome=\"completed\"} 0.0");
        assertShown("pipeline_files_total{dataset=\"none\",outcome=\"refused\"} 0.0");
        assertShown("pipeline_rows_rejected_total{dataset=\"orders\"} 0.0");
        assertShown("pipeline_write_units_total{dataset=\"orders\"} 0.0");
        counters.file("completed", "orders", 7, Duration.ofMillis(200));
        counters.consumed("orders", 2.5);
        assertShown("pipeline_files_total{dataset=\"orders\",outcome=\"completed\"} 1.0");
        assertShown("pipeline_write_units_total{dataset=\"orders\"} 2.5");
    }

    @Test
    void theTimeOfAFileIsShownInBucketsFromWhichAPercentileCanBeComputed() {
        counters.file("completed", "orders", 7, Duration.ofMillis(200));
        counters.file("completed", "orders", 7, Duration.ofSeconds(20));
        assertShown("pipeline_file_seconds_bucket{outcome=\"completed\",le=\"0.1\"} 0");
        assertShown("pipeline_file_seconds_bucket{outcome=\"completed\",le=\"0.25\"} 1");
        assertShown("pipeline_file_seconds_bucket{outcome=\"completed\",le=\"30.0\"} 2");
        assertShown("pipeline_file_seconds_bucket{outcome=\"completed\",le=\"+Inf\"} 2");
    }

    @Test
    void itIsIdleSinceTheLastFileThatWasConcluded() {
        double before = idle();
        assertTrue(before >= 0, () -> "idle for " + before + " s");
        double later = idle();
        assertTrue(later > before, () -> later + " s after " + before + " s");

        counters.file("duplicate", "orders", 7, Duration.ZERO);
        double still = idle();
        assertTrue(still > later, () -> still + " s after " + later + " s: a duplicate concludes nothing");

        long began = System.nanoTime();
        counters.file("failed", "orders", 7, Duration.ZERO);
        double again = idle();
        double passed = (System.nanoTime() - began) / 1e9;
        assertTrue(again <= passed, () -> "idle for " + again + " s, of the " + passed + " s since");
    }

    private double idle() {
        return meters.get("pipeline.idle").gauge().value();
    }

    @Test
    void itemsCountEachTimeThatTheyAreSent() {
        counters.sent(25);
        counters.retried(10);
        counters.sent(10);
        assertEquals(35, meters.get("pipeline.items.sent").counter().count());
        assertEquals(10, meters.get("pipeline.unprocessed.items").counter().count());
    }
}
