package pipeline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pipeline.cost.Prices;
import pipeline.specs.Sandbox;

/** Files are worked off; then a person asks what they have cost. */
class CostsCommandTest {
    private static final String HEADER = "order_id,customer_name,product_name,quantity,unit_price\n";

    private final Sandbox sandbox = Sandbox.shared();
    private final String today = LocalDate.now(ZoneOffset.UTC).toString();

    @BeforeEach
    @AfterEach
    void clean() {
        sandbox.clean();
    }

    private final String priced = Prices.load(Prices.FILE).date().toString().replace(today, "TODAY");

    private String said(String... arguments) {
        Cli cli = Cli.run(arguments);
        assertEquals(0, cli.status(), cli::err);
        return cli.out().replace(today, "TODAY");
    }

    @Test
    void byDayAndDatasetAndInAllBesideWhatWaitingCosts() {
        sandbox.drop("a.csv", HEADER + "A1,Nora,Mouse,1,2.50\n".repeat(30));
        sandbox.drop("b.csv", HEADER + "A2,Nora,Mouse,1,2.50\n".repeat(10) + "A3,Nora,Mouse,0,2\n");
        sandbox.drop("c.csv", "no,such,columns\n1,2,3\n");
        sandbox.pipeline().workOff();

        String text = said("costs")
                .replaceAll("\\$0\\.0000\\d+|\\$0\\.00\\d+", "COST")
                .replaceAll(" +", " ");
        assertEquals("""
                DAY DATASET FILES ROWS STORED WRITE UNITS COST PER 1,000 ROWS
                TODAY none 1 0 0 COST -
                TODAY orders 2 40 40 COST COST
                all 3 40 40 COST COST
                Each running process beside that, files or not: $0.17 a day (17,280 listings, 28,800 queries, 197,480 polls of the queue, 11,520 looks at how many wait)
                Prices: us-east-1, PRICED, config/prices.yaml
                """.replace("PRICED", priced), text);
        assertEquals(
                text,
                said("costs", "--since", "1h")
                        .replaceAll("\\$0\\.0000\\d+|\\$0\\.00\\d+", "COST")
                        .replaceAll(" +", " "));
    }

    @Test
    void sumsAreThoseOfTheLedgerToTheLastDigit() {
        sandbox.drop("a.csv", HEADER + "A1,Nora,Mouse,1,2.50\n".repeat(30));
        sandbox.pipeline().workOff();
        String cost =
                Cli.run("failures", "show", "--json", "a.csv").out().replaceAll(".*\"cost\":([0-9.]+).*\\R", "$1");

        String json = said("costs", "--since", today, "--json");
        String figures = "\"files\":1,\"rows_stored\":30,\"write_units\":30,\"dollars\":" + cost + ",";
        assertTrue(
                json.startsWith("{\"since\":\"TODAYT00:00:00Z\",\"days\":[{\"day\":\"TODAY\",\"dataset\":\"orders\","
                        + figures),
                json);
        assertTrue(json.contains("\"all\":{" + figures), json);
        assertTrue(
                json.endsWith("\"files_without_cost\":0,\"each_process_a_day\":{\"dollars\":0.1718,\"listings\":17280,"
                        + "\"queries\":28800,\"polls\":197480,\"depths\":11520},\"region\":\"us-east-1\",\"prices_of\":\""
                        + priced
                        + "\"}\n"),
                json);
    }

    @Test
    void whereNothingCameToAnEndItSaysSo() {
        assertTrue(said("costs", "--since", "3d").startsWith("No files came to an end in that time.\n"));
    }

    @Test
    void anotherWayToSayATimeIsAMistake() {
        Cli cli = Cli.run("costs", "--since", "yesterday");
        assertEquals(2, cli.status());
        assertTrue(cli.err().contains("found 'yesterday', expected an instant"), cli.err());
    }
}
