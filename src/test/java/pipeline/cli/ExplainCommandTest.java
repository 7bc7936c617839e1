package pipeline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;
import pipeline.specs.Sandbox;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A real pipeline works off a file; then a person asks after its rows. */
class ExplainCommandTest {
    private static final String HEADER = "order_id,customer_name,product_name,quantity,unit_price\n";
    private static final String FILE = HEADER + "A1,Nora,Mouse,1,2.50\nA2,Nora,Mouse,-1,2\n\nA3,\"Nora\",Mouse,3,4\n";

    private final Sandbox sandbox = Sandbox.shared();

    @BeforeEach
    void workOff() {
        sandbox.clean();
        sandbox.drop("in/a.csv", FILE);
        sandbox.pipeline().workOff();
    }

    @AfterEach
    void clean() {
        sandbox.clean();
    }

    private static String said(String argument) {
        Cli cli = Cli.run("explain", argument);
        assertEquals(0, cli.status(), cli::err);
        return cli.out().replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:]+\\.?\\d*Z", "INSTANT");
    }

    @Test
    void aStoredRowIsShownAsItLiesInTheTable() {
        assertEquals("""
                stored from line 2 in ProcessedOrders: order_id S A1 | processed_timestamp S INSTANT | customer_name S Nora \
                | processing_status S completed | product_name S Mouse | quantity N 1 | source_file S in/a.csv \
                | source_line N 2 | total_amount N 2.5 | unit_price N 2.5
                """, said("in/a.csv:2"));
        assertEquals(said("in/a.csv:2"), said("raw-data/in/a.csv:2"), "the whole key means the same");
    }

    @Test
    void aRejectedRowIsToldWithItsReasons() {
        assertEquals(
                "rejected on line 3 at INSTANT (attempt 1): quantity: found '-1', expected an integer of at least 1\n",
                said("in/a.csv:3"));
    }

    @Test
    void whereNoRowStartsTheOneBeforeItIsMeant() {
        assertEquals("in/a.csv: no row starts on line 1 or before it; the header comes first\n", said("in/a.csv:1"));
        assertTrue(said("in/a.csv:4")
                .startsWith("No row starts on line 4; the last one before it starts on line 3.\nrejected on line 3 "));
        assertTrue(said("in/a.csv:999")
                .startsWith(
                        "No row starts on line 999; the last one before it starts on line 5.\nstored from line 5 "));
    }

    @Test
    void programsGetTheTypesAsDynamoDbWritesThem() {
        Cli cli = Cli.run("explain", "--json", "in/a.csv:2");
        assertTrue(
                cli.out()
                        .matches("\\{\"file\":\"in/a.csv\",\"version\":\"[0-9a-f]+\",\"status\":\"completed\","
                                + "\"dataset_edited\":false,\"outcome\":\"stored\",\"line\":2,\"table\":\"ProcessedOrders\","
                                + "\"item\":\\{\"order_id\":\\{\"S\":\"A1\"},.*\"unit_price\":\\{\"N\":\"2.5\"}}}\\R"),
                cli::out);
    }

    @Test
    void aRowThatSomebodyDeletedIsMissed() {
        var item = sandbox.dynamoDb().scan(request -> request.tableName("ProcessedOrders")).items().stream()
                .filter(found -> found.get("order_id").s().equals("A1"))
                .findFirst()
                .orElseThrow();
        sandbox.dynamoDb().deleteItem(request -> request.tableName("ProcessedOrders")
                .key(Map.of(
                        "order_id", item.get("order_id"),
                        "processed_timestamp", item.get("processed_timestamp"))));
        assertEquals(
                "right on line 2, and not in ProcessedOrders under order_id S A1 | processed_timestamp S INSTANT:"
                        + " the file is completed, so it was deleted since\n",
                said("in/a.csv:2"));
    }

    @Test
    void aCorrectedRowPointsToTheFileThatHadRejectedIt() {
        sandbox.drop("in/b.csv", sandbox.text("failed-data/in/a.rejects.csv").replace("Mouse,-1,", "Mouse,1,"));
        sandbox.pipeline().workOff();

        String corrects = said("in/b.csv:2");
        assertTrue(
                corrects.matches("line 2 is a row that came back corrected: explain in/a.csv@[0-9a-f]+:3\\R"),
                () -> corrects);
        assertEquals(
                "rejected on line 3 at INSTANT (attempt 1): quantity: found '-1', expected an integer of at least 1"
                        + " (1 of the file's 1 rejected rows came back corrected)\n",
                said(corrects.strip().replaceFirst(".*explain ", "")));
    }

    @Test
    void aDatasetThatWasEditedIsTold() {
        var entry = sandbox.dynamoDb()
                .scan(request -> request.tableName("ProcessedFiles"))
                .items()
                .get(0);
        sandbox.dynamoDb().updateItem(request -> request.tableName("ProcessedFiles")
                .key(Map.of("file", entry.get("file"), "version", entry.get("version")))
                .updateExpression("SET dataset_hash = :earlier")
                .expressionAttributeValues(Map.of(":earlier", AttributeValue.fromS("earlier"))));
        assertTrue(
                said("in/a.csv:3").endsWith("\nThe dataset was edited since then; this is by what it says today.\n"));
    }

    @Test
    void aFileWithoutALineIsShownWhole() {
        assertEquals(
                Cli.run("failures", "show", "in/a.csv").out().lines().count(),
                said("in/a.csv").lines().count());
        assertTrue(said("in/a.csv").contains("3 read, 2 stored, 1 rejected"));
    }

    @Test
    void anArchiveThatCannotBeReadIsOneSentence() {
        sandbox.aws().faults(call -> call.operation().equals("s3:GetObject") ? Fault.TRUNCATED : Fault.NONE);
        try {
            Cli cli = Cli.run("explain", "in/a.csv:2");
            assertEquals(
                    List.of(1, "", 1L),
                    List.of(cli.status(), cli.out(), cli.err().lines().count()),
                    cli::err);
            assertTrue(
                    cli.err().startsWith("in/a.csv: found that its archived copy cannot be read to the end ("),
                    cli::err);
        } finally {
            sandbox.aws().faults(FaultPlan.none());
        }
    }

    @Test
    void aFileThatNobodyKnowsIsAMistake() {
        Cli cli = Cli.run("explain", "nowhere.csv:2");
        assertEquals(2, cli.status());
        assertTrue(cli.err().startsWith("nowhere.csv: found no such file in the ledger, "), cli::err);
    }

    @Test
    void aFileWithoutRowsSaysWhy() {
        sandbox.drop("c.csv", HEADER + "A1,\"Nora,Mouse,1,2\n");
        sandbox.pipeline().workOff();
        assertTrue(said("c.csv:2").startsWith("c.csv: it has no rows to tell of: c.csv"), () -> said("c.csv:2"));
    }
}
