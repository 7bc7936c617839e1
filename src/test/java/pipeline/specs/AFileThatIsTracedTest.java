package pipeline.specs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pipeline.local.Collector;
import pipeline.local.Collector.SentSpan;
import pipeline.local.Fault;
import pipeline.run.Pipeline;

/** Each attempt at a file is one trace, which says what was done and how long it took, and nothing of what is in the file. */
class AFileThatIsTracedTest extends FaultSpecs {
    private static final String ENDPOINT = "otel.exporter.otlp.endpoint";
    private static final String TIMEOUT = "otel.exporter.otlp.timeout";
    private static final String SEND_EVERY = "otel.bsp.schedule.delay";

    private static final Map<String, String> TRACED = Map.of("traces", "otlp");

    private Collector collector;

    @BeforeEach
    void startCollector() throws IOException {
        collector = Collector.start();
        System.setProperty(ENDPOINT, collector.endpoint().toString());
    }

    @AfterEach
    void stopCollector() {
        List.of(ENDPOINT, TIMEOUT, SEND_EVERY).forEach(System::clearProperty);
        collector.close();
    }

    private Running traced() {
        return sandbox.start(TRACED, Pipeline.Intake.ON_DEMAND);
    }

    /** Works everything off and waits for its traces: a stop does not wait long for a collector that is slow. */
    private void workOffTraced(int attempts) {
        System.setProperty(SEND_EVERY, "50");
        try (Running traced = traced()) {
            traced.workOff();
            await().atMost(Sandbox.PATIENCE).until(() -> traces().size() >= attempts);
        }
    }

    /** The spans of each trace, those first that began first. */
    private List<List<SentSpan>> traces() {
        return List.copyOf(collector.spans().stream()
                .collect(Collectors.groupingBy(SentSpan::trace, LinkedHashMap::new, Collectors.toList()))
                .values());
    }

    private static SentSpan root(List<SentSpan> trace) {
        List<SentSpan> roots =
                trace.stream().filter(span -> span.parent().isEmpty()).toList();
        assertEquals(1, roots.size(), trace::toString);
        return roots.get(0);
    }

    private static SentSpan named(List<SentSpan> trace, String name) {
        List<SentSpan> spans =
                trace.stream().filter(span -> span.name().equals(name)).toList();
        assertEquals(1, spans.size(), () -> name + " in " + trace);
        return spans.get(0);
    }

    /** Names, each behind those around it. */
    private static Set<String> paths(List<SentSpan> trace) {
        Map<String, SentSpan> byId = trace.stream().collect(Collectors.toMap(SentSpan::id, span -> span));
        return trace.stream().map(span -> path(span, byId)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String path(SentSpan span, Map<String, SentSpan> byId) {
        return span.parent().isEmpty() ? span.name() : path(byId.get(span.parent()), byId) + " " + span.name();
    }

    @Test
    void leavesOneTraceWithASpanForEachStep() {
        sandbox.drop("in/orders.csv", Orders.goodAndOneBad(2));
        sandbox.drop("more.csv", Orders.good(3));

        workOffTraced(2);

        List<List<SentSpan>> traces = traces();
        assertEquals(2, traces.size(), traces::toString);
        List<SentSpan> trace = traces.stream()
                .filter(spans -> "in/orders.csv".equals(root(spans).attributes().get("pipeline.file")))
                .findFirst()
                .orElseThrow();
        String read = "process-file attempt-file work-on-claim read-file";
        String rows = read + " read-archived read-rows";
        String end = read + " read-archived conclude-file";
        assertEquals(
                new TreeSet<>(Set.of(
                        "process-file",
                        "process-file attempt-file",
                        "process-file attempt-file claim-file",
                        "process-file attempt-file claim-file claim",
                        "process-file attempt-file work-on-claim",
                        "process-file end-attempt",
                        read,
                        read + " archive-first",
                        read + " read-archived",
                        read + " read-archived inspect",
                        read + " read-archived clear-stale-rows",
                        read + " read-archived clear-stale-rows delete-stale-rows",
                        rows,
                        rows + " unmarshal-csv",
                        rows + " check-rows",
                        rows + " check-rows validate",
                        rows + " store-rows",
                        rows + " store-rows write-batch",
                        rows + " reject-rows",
                        rows + " reject-rows add-to-rejects",
                        rows + " count-rows",
                        rows + " await-stored",
                        rows + " await-stored await-writes",
                        rows + " count-last-rows",
                        end,
                        end + " return-rejects",
                        end + " file-copy",
                        end + " write-ledger",
                        end + " announce-failure",
                        end + " settle",
                        end + " clear-raw-data")),
                paths(trace));
        SentSpan root = root(trace);
        trace.forEach(span -> assertFalse(span.error() || span.attributes().containsKey("error.type"), span::toString));
        assertEquals(
                Map.of(
                        "pipeline.file", "in/orders.csv",
                        "pipeline.version", sandbox.entry("in/orders.csv").version(),
                        "pipeline.attempt", "1",
                        "pipeline.bytes",
                                Long.toString(sandbox.entry("in/orders.csv").bytes()),
                        "pipeline.dataset", "orders",
                        "pipeline.outcome", "completed",
                        "pipeline.rows.read", "3",
                        "pipeline.rows.stored", "2",
                        "pipeline.rows.rejected", "1"),
                root.attributes());
        trace.forEach(span -> assertTrue(
                root.began() <= span.began() && span.began() <= span.ended() && span.ended() <= root.ended(),
                () -> span + " in " + root));
        assertEquals(List.of("camel-data-pipeline"), collector.services());
    }

    @Test
    void hasNoMoreSpansForTenThousandRowsThanForTwo() {
        sandbox.drop("orders.csv", Orders.good(10_000));

        workOffTraced(1);

        List<List<SentSpan>> traces = traces();
        assertEquals(1, traces.size());
        assertEquals(31, traces.get(0).size(), traces::toString);
        for (String name :
                List.of("check-rows", "validate", "store-rows", "write-batch", "reject-rows", "count-rows")) {
            SentSpan span = named(traces.get(0), name);
            assertEquals("20", span.attributes().get("pipeline.times"), span::toString);
            double busy = Double.parseDouble(span.attributes().get("pipeline.busy_seconds"));
            assertTrue(0 < busy && busy <= (span.ended() - span.began()) / 1e9, span::toString);
        }
        assertEquals("10000", root(traces.get(0)).attributes().get("pipeline.rows.stored"));
    }

    @Test
    void showsWhichStepFailedAndByWhatKindOfErrorInEachAttempt() {
        sandbox.aws().faults(Faults.all("s3:CopyObject", "processed-data/", Fault.DENIED));
        sandbox.drop("orders.csv", Orders.goodAndOneBad(2));

        workOffTraced(3);

        List<List<SentSpan>> traces = traces();
        assertEquals(
                List.of("1 waiting", "2 waiting", "3 failed"),
                traces.stream()
                        .map(trace -> root(trace).attributes())
                        .map(about -> about.get("pipeline.attempt") + " " + about.get("pipeline.outcome"))
                        .toList());
        for (List<SentSpan> trace : traces) {
            assertEquals("orders.csv", root(trace).attributes().get("pipeline.file"));
            assertTrue(root(trace).error());
            assertEquals("AccessDenied", root(trace).attributes().get("error.type"));
            SentSpan copy = trace.stream()
                    .filter(span -> span.name().equals("file-copy"))
                    .findFirst()
                    .orElseThrow();
            assertTrue(copy.error());
            assertEquals(
                    List.of("AccessDenied", "4", "4"),
                    List.of(
                            copy.attributes().get("error.type"),
                            copy.attributes().get("pipeline.times"),
                            copy.attributes().get("pipeline.failures")));
        }
        assertTrue(
                paths(traces.get(2)).contains("process-file give-up conclude-file announce-failure send-alert alert"));
    }

    @Test
    void showsAStepThatWentThroughInTheEndAsNoError() {
        sandbox.aws().faults(Faults.first(2, "s3:CopyObject", "processed-data/", Fault.DENIED));
        sandbox.drop("orders.csv", Orders.good(2));

        workOffTraced(1);

        List<SentSpan> trace = traces().get(0);
        assertFalse(root(trace).error());
        SentSpan copy = named(trace, "file-copy");
        assertFalse(copy.error());
        assertEquals(
                List.of("3", "2", "AccessDenied"),
                List.of(
                        copy.attributes().get("pipeline.times"),
                        copy.attributes().get("pipeline.failures"),
                        copy.attributes().get("error.type")));
    }

    @Test
    void holdsNothingOfWhatIsInIt() {
        sandbox.drop("orders.csv", Orders.goodAndOneBad(2));
        sandbox.drop("no-header.csv", "A0001,Nora Vance,Wireless mouse,1,29.99\n");
        sandbox.drop("all-bad.csv", Orders.HEADER + "B0001,Piet Holler,USB-C cable,none,8.50\n");

        workOffTraced(2);

        assertEquals(
                Set.of("completed null", "refused refused"),
                traces().stream()
                        .map(trace -> root(trace).attributes())
                        .map(about -> about.get("pipeline.outcome") + " " + about.get("error.type"))
                        .collect(Collectors.toSet()));
        for (String cell : List.of("Nora", "Piet", "Wireless", "USB-C", "A0001", "B0001", "29.99", "8.50", "none")) {
            assertFalse(collector.text().contains(cell), cell);
        }
    }

    @Test
    void leavesNoneWhileThereIsNothingToDoForIt() {
        sandbox.drop("orders.csv", Orders.good(2));
        pipeline.workOff();
        sandbox.drop("orders.csv", Orders.good(2));

        workOffTraced(0);

        assertEquals(List.of(), collector.spans());
    }

    @Test
    void goesThroughWhenNoCollectorTakesItsTraceWhichIsSaidOnce() {
        System.setProperty(SEND_EVERY, "20");
        try (Said said = new Said();
                Running traced = traced()) {
            collector.answer(400);
            for (int file = 1; file <= 3; file++) {
                sandbox.drop("orders-" + file + ".csv", Orders.good(file));
                traced.workOff();
                int sent = file;
                await().atMost(Sandbox.PATIENCE).until(() -> collector.refused() >= sent);
            }
            assertEquals(
                    List.of(
                            "WARN the collector of traces at " + collector.endpoint()
                                    + " does not take them (it answers with an error): files go on, their traces are left out until it does"),
                    said.lines());

            collector.answer(200);
            sandbox.drop("orders-4.csv", Orders.good(4));
            traced.workOff();
            await().atMost(Sandbox.PATIENCE).until(() -> said.lines().size() == 2);

            assertEquals(
                    "INFO the collector of traces at " + collector.endpoint() + " takes them again",
                    said.lines().get(1));
        }
        for (int file = 1; file <= 4; file++) {
            assertCompleted("orders-" + file + ".csv", 1, file, 0);
        }
    }

    @Test
    void goesThroughWhenTheCollectorHangsAndTheProcessStopsAllTheSame() {
        System.setProperty(TIMEOUT, "200");
        collector.hang();
        Running traced = traced();
        sandbox.drop("orders.csv", Orders.good(2));

        traced.workOff();

        assertCompleted("orders.csv", 1, 2, 0);
        long began = System.nanoTime();
        traced.close();
        long took = Duration.ofNanos(System.nanoTime() - began).toMillis();
        assertTrue(took < 8_000, () -> took + " ms");
        assertEquals(List.of(), collector.spans());
    }

    /** What is logged of the collector, each line behind its level. */
    private static final class Said implements AutoCloseable {
        private final Logger logger = (Logger) LogManager.getLogger("pipeline.observe.WatchedExporter");
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final AbstractAppender appender = new AbstractAppender("said", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
            }
        };

        Said() {
            appender.start();
            logger.addAppender(appender);
            logger.setLevel(Level.INFO);
        }

        List<String> lines() {
            return List.copyOf(lines);
        }

        @Override
        public void close() {
            logger.setLevel(Level.WARN);
            logger.removeAppender(appender);
        }
    }
}
