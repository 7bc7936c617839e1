package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pipeline.claim.Status;
import pipeline.cost.Charge;
import pipeline.cost.Kind;
import pipeline.cost.Metering;
import pipeline.cost.Prices;
import pipeline.cost.Usage;
import pipeline.local.Fault;

/** What a file's ledger entry says of its cost is what AWS has charged for it, to the last digit. */
class WhatAFileCostsTest extends FaultSpecs {
    private final Prices prices = Prices.shipped();

    WhatAFileCostsTest() {
        super(settings("poll"));
    }

    /** What another test has begun on this thread and not ended is another pipeline's. */
    @BeforeEach
    void endWhatWasBegun() {
        Usage.end();
    }

    /** No heartbeat falls into these files. */
    private static Map<String, String> settings(String intake) {
        return Map.of("conditional-writes", "true", "intake", intake, "lease-seconds", "3600");
    }

    @Test
    void isItsRowsTheLedgerWithItsIndexesAndTheRequestsMadeForIt() {
        sandbox.drop("orders.csv", Orders.good(20));
        Used used = used(pipeline, pipeline::workOff);

        // 20 rows; claim and conclusion, in the index of open files, out of it, into that by day; two copies, HEAD and
        // GET.
        assertEquals(
                new BigDecimal("0.0000125")
                        .add(new BigDecimal("0.000000625").multiply(BigDecimal.valueOf(5)))
                        .add(new BigDecimal("0.000005").multiply(BigDecimal.valueOf(2)))
                        .add(new BigDecimal("0.0000004").multiply(BigDecimal.valueOf(2))),
                cost("orders.csv"));
        assertEquals(used.forFiles(), cost("orders.csv"));
        assertEquals(new BigDecimal("0.0000125"), used.by.get(Kind.ROWS));
        assertEquals(20, sandbox.entry("orders.csv").writeUnits());
    }

    @Test
    void growsByAWriteUnitARowAsTheDocumentSays() throws IOException {
        // One that nobody has throttled: the other goes slowly for a while.
        Map<String, String> unthrottled = new TreeMap<>(settings("poll"));
        unthrottled.put("writes-at-once", "63");
        sandbox.drop("one.csv", Orders.good(1));
        sandbox.drop("thousand.csv", Orders.good(1_000));
        sandbox.pipeline(unthrottled).workOff();

        assertEquals(new BigDecimal("0.00001455"), cost("one.csv"));
        assertEquals(new BigDecimal("0.000638925"), cost("thousand.csv"));
        String document = Files.readString(Path.of("docs", "costs.md"));
        for (String figure : List.of("$0.000013925 for the file", "$0.000000625 for each row", "**$0.000639**")) {
            assertTrue(document.contains(figure), figure);
        }
    }

    @Test
    void holdsTheAlertOfARefusedFileBeforeItIsSent() {
        sandbox.drop("bad.csv", Orders.good(0) + "A1,Nora Vance,Wireless mouse,none,1\n");
        Used used = used(pipeline, pipeline::workOff);

        assertEquals(Status.REFUSED, sandbox.entry("bad.csv").status());
        assertEquals(used.forFiles(), cost("bad.csv"));
        assertEquals(new BigDecimal("0.0000004"), used.by.get(Kind.SQS), "one message");
        assertEquals(new BigDecimal("0.0000205"), used.by.get(Kind.SNS), "one alert, to one subscriber");
    }

    @Test
    void addsUpOverItsAttempts() {
        AtomicInteger asked = new AtomicInteger();
        sandbox.aws()
                .faults(call -> call.operation().equals("dynamodb:BatchWriteItem") && asked.incrementAndGet() <= 11
                        ? Fault.THROTTLE
                        : Fault.NONE);
        sandbox.drop("orders.csv", Orders.good(2));
        Used used = used(pipeline, pipeline::workOff);

        assertCompleted("orders.csv", 1, 2, 0);
        assertEquals(
                6, used.requests.get("UpdateItem"), "claimed, waits, no new claim but a later one, concluded, settled");
        assertEquals(used.forFiles(), cost("orders.csv"));
        assertEquals(20, sandbox.entry("orders.csv").itemsResent(), "two items, ten times");
    }

    @Test
    void holdsTheMessageOfTheEventThatAnnouncedIt() {
        Running receiving = sandbox.pipeline(settings("events"));
        sandbox.drop("orders.csv", Orders.good(20));
        sandbox.announce("orders.csv");
        Used used = used(receiving, receiving::receive);

        assertCompleted("orders.csv", 1, 20, 0);
        assertEquals(new BigDecimal("0.0000008"), used.by.get(Kind.SQS), "received, deleted");
        assertEquals(used.forFiles(), cost("orders.csv"));
    }

    @Test
    void knowsWhatAChangeCostsThatWasNotMade() {
        sandbox.drop("orders.csv", Orders.good(20));
        pipeline.workOff();
        sandbox.drop("orders.csv", Orders.good(20));
        Used used = used(pipeline, pipeline::workOff);

        assertEquals(1, used.requests.get("UpdateItem"), "a claim that finds the file concluded");
        assertEquals(
                prices.of(Charge.LEDGER_WRITE_UNITS, 1).stripTrailingZeros(),
                used.by
                        .get(Kind.LEDGER)
                        .subtract(prices.of(Charge.LEDGER_READ_UNITS, used.queried))
                        .stripTrailingZeros());
    }

    private BigDecimal cost(String file) {
        return sandbox.entry(file).cost().orElseThrow();
    }

    /** What a process has used meanwhile, in dollars, and the requests that it has made. */
    private Used used(Running running, Runnable work) {
        Metering metering = running.clients().metering();
        Map<Kind, BigDecimal> before = dollars(metering.total());
        Map<String, Long> sentBefore = requests(metering);
        double readBefore = metering.total().of(Charge.LEDGER_READ_UNITS);
        work.run();
        Map<Kind, BigDecimal> by = dollars(metering.total());
        by.replaceAll((kind, after) -> after.subtract(before.get(kind)).stripTrailingZeros());
        Map<String, Long> requests = requests(metering);
        requests.replaceAll((operation, sent) -> sent - sentBefore.getOrDefault(operation, 0L));
        return new Used(by, requests, metering.total().of(Charge.LEDGER_READ_UNITS) - readBefore);
    }

    private Map<Kind, BigDecimal> dollars(Usage usage) {
        Map<Kind, BigDecimal> dollars = new TreeMap<>();
        for (Kind kind : Kind.values()) {
            dollars.put(kind, prices.of(usage, kind));
        }
        return dollars;
    }

    private static Map<String, Long> requests(Metering metering) {
        Map<String, Long> requests = new TreeMap<>();
        metering.watch((request, count) -> requests.put(request.operation(), count.sum()));
        return requests;
    }

    private final class Used {
        private final Map<Kind, BigDecimal> by;
        private final Map<String, Long> requests;
        private final double queried;

        Used(Map<Kind, BigDecimal> by, Map<String, Long> requests, double queried) {
            this.by = by;
            this.queried = queried;
            this.requests = requests;
        }

        /** All of it but listings and queries of open files, which are made whether or not there are any. */
        BigDecimal forFiles() {
            long listings = requests.getOrDefault("ListObjects", 0L) + requests.getOrDefault("ListObjectsV2", 0L);
            return by.values().stream()
                    .reduce(BigDecimal.ZERO, BigDecimal::add)
                    .subtract(prices.of(Charge.S3_PUTS, listings))
                    .subtract(prices.of(Charge.LEDGER_READ_UNITS, queried))
                    .stripTrailingZeros();
        }
    }
}
