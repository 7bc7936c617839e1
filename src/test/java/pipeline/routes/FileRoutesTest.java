package pipeline.routes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.dataformat.csv.CsvDataFormat;
import org.apache.camel.spi.Registry;
import org.apache.commons.csv.CSVFormat;
import org.junit.jupiter.api.Test;
import pipeline.check.Batch;
import pipeline.check.Origin;
import pipeline.check.Row;
import pipeline.check.RowChecker;
import pipeline.conclude.Outcome;
import pipeline.dataset.Dataset;
import pipeline.dataset.Declared;
import pipeline.dataset.HeaderMatch;
import pipeline.intake.ObjectVersion;
import pipeline.place.Copies;

/** {@code process-file} and all within it: what is called, how often, and what a failure does. */
final class FileRoutesTest extends RealRoutes {
    private static final ObjectVersion VERSION =
            ObjectVersion.of("raw-data/in/orders.csv", "\"abc\"", 10, Instant.EPOCH);
    private static final List<String> HEADER =
            List.of("order_id", "customer_name", "product_name", "quantity", "unit_price");

    @Override
    protected void bindToRegistry(Registry registry) {
        super.bindToRegistry(registry);
        CsvDataFormat csv = new CsvDataFormat(CSVFormat.DEFAULT);
        csv.setLazyLoad(true);
        registry.bind("csv-orders", csv);
        when("conclusion.returnRejects", arguments -> Optional.empty());
        when("conclusion.file", arguments -> Optional.of("processed-data/in/orders.csv"));
        when("conclusion.writeLedger", arguments -> refused(""));
        when("attempts.decide", arguments -> Optional.empty());
        when("archive.keep", arguments -> true);
        when("reader.inspect", arguments -> new Inspected(true, "", new Named("orders"), HEADER, 4));
        when("reader.source", arguments -> "source");
        when("reader.open", arguments -> "a,b\nc,d\n");
        when("repairs.begin", arguments -> "origins");
        when("attempts.outcomeOfRows", arguments -> Outcome.refused("no"));
    }

    private static Batch batch(String... quantities) {
        Dataset orders = Declared.shipped("orders");
        RowChecker checker = new RowChecker(
                orders,
                ((HeaderMatch.Fits) orders.match(HEADER)).columns(),
                row -> new Origin.Known("in/orders.csv", row.line(), "2026-11-23T09:14:02.000000042Z"));
        List<Row> rows = IntStream.range(0, quantities.length)
                .mapToObj(i -> checker.row(i + 2, List.of("A" + i, "B", "C", quantities[i], "2.50")))
                .toList();
        return new Batch(rows);
    }

    private void batches(Batch... batches) {
        when("reader.collate", arguments -> {
            assertEquals(List.of("a", "b"), ((List<?>) ((Iterator<?>) arguments[0]).next()));
            return Arrays.asList(batches).iterator();
        });
    }

    private void claim(String kind) {
        when("claims.claim", arguments -> {
            assertEquals(VERSION, arguments[0]);
            return new Claimed(kind, "attempt", refused(""));
        });
    }

    private Exchange process() {
        return template()
                .send("direct:process-file", exchange -> exchange.getMessage().setBody(VERSION));
    }

    // process-file

    @Test
    void aClaimedFileIsArchivedInspectedReadAndConcludedInThisOrder() {
        claim("claimed");
        batches(batch("1", "2"), batch("0", "3"));
        process();

        assertEquals(
                List.of(
                        "claims.notClaimed",
                        "claims.claim",
                        "archive.keep",
                        "reader.source",
                        "reader.inspect",
                        "staleRows.clear",
                        "repairs.begin",
                        "rejects.begin",
                        "reader.open",
                        "reader.collate",
                        "table.store",
                        "rejects.add",
                        "attempts.advance",
                        "table.store",
                        "rejects.add",
                        "attempts.advance",
                        "table.end",
                        "attempts.advance",
                        "attempts.outcomeOfRows",
                        "conclusion.returnRejects",
                        "conclusion.file",
                        "conclusion.writeLedger",
                        "conclusion.settle",
                        "conclusion.clearRawData",
                        "attempts.end"),
                calls);
    }

    @Test
    void aFileThatAnotherHoldsIsLeftAlone() {
        claim("held");
        process();

        assertEquals(List.of("claims.notClaimed", "claims.claim", "attempts.end"), calls);
    }

    @Test
    void aFileThatEndsEveryProcessIsConcludedAsFailed() {
        claim("exhausted");
        when("attempts.exhausted", arguments -> Outcome.failed("it kills"));
        when("conclusion.file", arguments -> {
            assertEquals(Outcome.failed("it kills"), arguments[1]);
            return Optional.of("failed-data/in/orders.csv");
        });
        process();

        assertEquals(List.of(), calls("archive", "reader", "table"));
        assertEquals(
                List.of("attempts.exhausted", "conclusion.returnRejects", "conclusion.file", "conclusion.writeLedger"),
                calls("attempts.exhausted", "conclusion").subList(0, 4));
        assertEquals(1, calls("attempts.end").size());
    }

    @Test
    void aFileThatFailedAndIsGoneWithNothingKeptIsSuperseded() {
        claim("exhausted");
        when("attempts.exhausted", arguments -> Outcome.failed("it kills"));
        when("conclusion.file", arguments -> Optional.empty());
        process();

        assertEquals(
                List.of("conclusion.returnRejects", "conclusion.file", "conclusion.supersede"), calls("conclusion"));
        assertEquals(1, calls("attempts.end").size());
    }

    @Test
    void aFileThatWasConcludedEarlierIsOnlyClearedAway() {
        claim("concluded");
        process();

        assertEquals(
                List.of(
                        "claims.notClaimed",
                        "claims.claim",
                        "conclusion.settle",
                        "conclusion.clearAgain",
                        "attempts.end"),
                calls);
    }

    @Test
    void aFileReplacedBeforeItWasArchivedIsSuperseded() {
        claim("claimed");
        when("archive.keep", arguments -> false);
        process();

        assertEquals(List.of("conclusion.supersede"), calls("conclusion"));
        assertEquals(List.of(), calls("reader", "table"));
        assertEquals(1, calls("attempts.end").size());
    }

    @Test
    void aFileThatIsNotWhatItSaysIsRefusedAndStoresNothing() {
        claim("claimed");
        when("reader.inspect", arguments -> new Inspected(false, "not a dataset", new Named("none"), List.of(), 0));
        when("attempts.refused", arguments -> {
            assertEquals("not a dataset", arguments[0]);
            return Outcome.refused("not a dataset");
        });
        process();

        assertEquals(List.of(), calls("table", "repairs", "rejects"));
        assertEquals(List.of("attempts.refused", "attempts.end"), calls("attempts"));
        assertEquals(1, calls("conclusion.writeLedger").size());
    }

    // The error policy

    @Test
    void aStepIsTriedThreeTimesMoreHoweverDeepItIsAndTheAttemptIsGivenUpOnce() {
        claim("claimed");
        batches(batch("1"), batch("2"));
        fail("table.store", new IllegalStateException("throttled"));
        process();

        assertEquals(4, calls("table.store").size());
        assertEquals(1, calls("attempts.decide").size());
        assertEquals(1, calls("attempts.end").size());
        assertEquals(1, calls("reader.collate").size(), "what is around the step is not tried again");
        assertEquals(1, calls("claims.claim").size());
        assertEquals(List.of(), calls("rejects.add", "attempts.advance", "attempts.outcomeOfRows", "conclusion"));
    }

    @Test
    void aStepThatSucceedsAtLastIsDoneOnceAndNothingIsGivenUp() {
        claim("claimed");
        batches(batch("1"));
        when("table.store", arguments -> {
            if (calls("table.store").size() < 4) {
                throw new IllegalStateException("throttled");
            }
            return List.of();
        });
        process();

        assertEquals(4, calls("table.store").size());
        assertEquals(2, calls("attempts.advance").size(), "after the batch, and after the last one");
        assertEquals(List.of(), calls("attempts.decide"));
        assertEquals(1, calls("conclusion.writeLedger").size());
    }

    @Test
    void whatAnotherTryCannotChangeIsTriedOnce() {
        claim("claimed");
        batches(batch("1"));
        fail("table.store", new Copies.SourceGoneException());
        process();

        assertEquals(1, calls("table.store").size());
        assertEquals(1, calls("attempts.decide").size());
        assertEquals(1, calls("attempts.end").size());
    }

    @Test
    void whatBreaksOffWhileReadingIsNotReadOn() {
        claim("claimed");
        fail("reader.collate", new IllegalStateException("connection reset"));
        process();

        assertEquals(1, calls("reader.collate").size());
        assertEquals(1, calls("attempts.decide").size());
    }

    @Test
    void aStepOutsideTheRowsThatKeepsFailingIsGivenUpOnceToo() {
        claim("claimed");
        fail("archive.keep", new IllegalStateException("S3 does not answer"));
        process();

        assertEquals(4, calls("archive.keep").size());
        assertEquals(List.of("attempts.decide", "attempts.end"), calls("attempts"));
    }

    @Test
    void aClaimThatKeepsFailingIsGivenUpOnceAndKnownAsNotClaimed() {
        fail("claims.claim", new IllegalStateException("DynamoDB does not answer"));
        when("attempts.decide", arguments -> {
            assertEquals("not-claimed", ((Claimed) arguments[0]).kind());
            assertEquals("DynamoDB does not answer", cause(arguments[1]));
            return Optional.empty();
        });
        process();

        assertEquals(4, calls("claims.claim").size());
        assertEquals(List.of("attempts.decide", "attempts.end"), calls("attempts"));
    }

    @Test
    void aConclusionThatFailsIsTriedAgainFromTheStepThatFailed() {
        claim("claimed");
        batches(batch("1"));
        fail("conclusion.settle", new IllegalStateException("DynamoDB does not answer"));
        process();

        assertEquals(1, calls("conclusion.writeLedger").size());
        assertEquals(4, calls("conclusion.settle").size());
        assertEquals(List.of(), calls("conclusion.clearRawData"));
        assertEquals(1, calls("attempts.decide").size());
    }

    // read-rows and check-rows

    @Test
    void batchesAreWorkedOnInOrderAndNothingComesAfterTheFirstFailure() {
        claim("claimed");
        Batch first = batch("1");
        Batch second = batch("2");
        batches(first, second, batch("3"));
        when("table.store", arguments -> {
            Batch.Parted parted = (Batch.Parted) arguments[2];
            int call = calls("table.store").size();
            assertEquals((call == 1 ? first : second).rows(), parted.accepted());
            if (call > 1) {
                throw new Copies.SourceGoneException();
            }
            return List.of(parted);
        });
        process();

        assertEquals(List.of("table.store", "table.store"), calls("table"));
        assertEquals(1, calls("attempts.advance").size());
    }

    @Test
    void onlyWhatIsInTheTableIsCounted() {
        claim("claimed");
        Batch first = batch("1");
        batches(first, batch("2"), batch("3"));
        List<List<Batch>> stored = List.of(List.of(), List.of(first), List.of(), List.of(first, first));
        List<Object> counted = new ArrayList<>();
        when("table.store", arguments -> stored.get(counted.size()));
        when("table.end", arguments -> stored.get(3));
        when("attempts.advance", arguments -> counted.add(arguments[1]));
        process();

        assertEquals(stored, counted);
    }

    @Test
    void aFileWhoseLastRowsCannotBeStoredIsNotConcluded() {
        claim("claimed");
        batches(batch("1"));
        fail("table.end", new IllegalStateException("throttled"));
        process();

        assertEquals(4, calls("table.end").size());
        assertEquals(1, calls("table.store").size());
        assertEquals(1, calls("attempts.decide").size());
        assertEquals(List.of(), calls("attempts.outcomeOfRows", "conclusion"));
    }

    private Batch.Parted check(Batch batch) {
        return template().requestBody("direct:check-rows", batch, Batch.Parted.class);
    }

    @Test
    void aBatchIsPartedByItsViolations() {
        Batch batch = batch("1", "0", "3", "x");
        Batch.Parted parted = check(batch);

        assertEquals(List.of(batch.rows().get(0), batch.rows().get(2)), parted.accepted());
        assertEquals(
                List.of(batch.rows().get(1), batch.rows().get(3)),
                parted.rejected().stream().map(rejected -> rejected.row()).toList());
    }

    @Test
    void aBatchWithoutViolationsIsAcceptedAsAWhole() {
        Batch batch = batch("1", "2");
        Batch.Parted parted = check(batch);

        assertEquals(batch.rows(), parted.accepted());
        assertEquals(List.of(), parted.rejected());
    }

    @Test
    void aCheckedBatchIsForgotten() {
        List<WeakReference<Batch>> checked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Batch batch = batch("1", "0");
            check(batch);
            checked.add(new WeakReference<>(batch));
        }
        await().untilAsserted(() -> {
            System.gc();
            assertEquals(
                    0, checked.stream().filter(batch -> batch.get() != null).count());
        });
    }
}
