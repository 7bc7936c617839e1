package pipeline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pipeline.local.Fault;
import pipeline.specs.Running;
import pipeline.specs.Sandbox;

/** Real files are refused by a real pipeline; then a person looks at them and decides. Times and archive days vary. */
class FailuresCommandTest {
    private final Sandbox sandbox = Sandbox.shared();

    @BeforeEach
    void refuseTwoOfThree() throws IOException {
        sandbox.clean();
        for (String file : new String[] {"bad-data.csv", "picture.csv", "orders.csv"}) {
            sandbox.put("raw-data/" + file, Files.readAllBytes(Path.of("sample-data", file)));
            sandbox.pipeline().workOff();
        }
    }

    @AfterEach
    void clean() {
        sandbox.clean();
    }

    /** With what differs from run to run replaced: instants, ages, the day of the archive. */
    private static String steady(String text) {
        return text.replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "INSTANT")
                .replaceAll("\\d+ s ago", "AGO")
                .replaceAll("(refused  )\\d+ s( +)", "$1AGO$2")
                .replaceAll("SINCE +", "SINCE  ")
                .replaceAll("AGO +", "AGO  ")
                .replaceAll("archive/\\d{4}/\\d\\d/\\d\\d/", "archive/DAY/");
    }

    private static Cli run(String... arguments) {
        Cli cli = Cli.run(arguments);
        return new Cli(cli.status(), steady(cli.out()), steady(cli.err()));
    }

    @Test
    void listed() {
        assertEquals(new Cli(0, """
                        FILE          STATUS   SINCE  ATTEMPTS  REASON
                        picture.csv   refused  AGO  1         found a PNG image, expected CSV text
                        bad-data.csv  refused  AGO  1         no row could be stored, 4 of 4 were rejected
                        2 files need a person. Mend the cause, then: failures replay picture.csv (or failures replay --all)
                        """, ""), run("failures", "list"));
        assertEquals(new Cli(0, """
                        [{"file":"picture.csv","version":"81fa62a51edcc623a8a5214329cb8cbf","status":"refused","since":"INSTANT","attempts":1,\
                        "reason":"picture.csv: found a PNG image, expected CSV text"},\
                        {"file":"bad-data.csv","version":"95be0ba4f0e949c1f11ea2b6eca6fb71","status":"refused","since":"INSTANT","attempts":1,\
                        "reason":"bad-data.csv: no row could be stored, 4 of 4 were rejected"}]
                        """, ""), run("failures", "list", "--json"));
    }

    @Test
    void shown() {
        assertEquals(new Cli(0, """
                        file            bad-data.csv
                        version         95be0ba4f0e949c1f11ea2b6eca6fb71
                        status          refused
                        since           INSTANT (AGO)
                        reason          no row could be stored, 4 of 4 were rejected
                        attempts        1
                        dataset         orders
                        size            209 bytes
                        rows            4 read, 0 stored, 4 rejected
                        file is in      failed-data/bad-data.csv
                        archived in     archive/DAY/bad-data.csv
                        rejects are in  failed-data/bad-data.rejects.csv
                        history         INSTANT attempt 1: refused, bad-data.csv: no row could be stored, 4 of 4 were rejected
                        next            correct the rejects file and drop it again, or mend the cause, then: failures replay bad-data.csv   (or leave it: failures discard bad-data.csv)
                        """, ""), run("failures", "show", "raw-data/bad-data.csv"));
        assertEquals(
                """
                [{"file":"picture.csv","version":"81fa62a51edcc623a8a5214329cb8cbf","status":"refused","since":"INSTANT","attempts":1,\
                "reason":"picture.csv: found a PNG image, expected CSV text","bytes":181,"rows_read":0,"rows_stored":0,"rows_rejected":0,\
                "rows_repaired":0,"first_claim":"INSTANT","location":"failed-data/picture.csv","archive":"archive/DAY/picture.csv",\
                "announced":true,"history":[{"at":"INSTANT","attempt":"1","outcome":"refused","reason":"picture.csv: found a PNG image, expected CSV text"}]}]
                """,
                run("failures", "show", "--json", "picture.csv@81fa62a51edcc623a8a5214329cb8cbf")
                        .out());
    }

    @Test
    void replayedAndWorkedOnAgain() {
        assertEquals(new Cli(0, """
                        picture.csv@81fa62a51edcc623a8a5214329cb8cbf would be re-opened: the running pipeline, or the next once, works on it again from archive/DAY/picture.csv
                        bad-data.csv@95be0ba4f0e949c1f11ea2b6eca6fb71 would be re-opened: the running pipeline, or the next once, works on it again from archive/DAY/bad-data.csv
                        """, ""), run("failures", "replay", "--all", "--dry-run"));
        assertEquals(
                new Cli(
                        0,
                        "bad-data.csv@95be0ba4f0e949c1f11ea2b6eca6fb71 re-opened: the running pipeline, or the next once, works on it again from archive/DAY/bad-data.csv\n",
                        ""),
                run("failures", "replay", "bad-data.csv"));
        assertEquals(
                new Cli(1, "", "bad-data.csv is waiting since INSTANT: nothing to replay\n"),
                run("failures", "replay", "bad-data.csv"));
        sandbox.pipeline().workOff();
        assertEquals(
                """
                history         INSTANT attempt 1: refused, bad-data.csv: no row could be stored, 4 of 4 were rejected
                                INSTANT attempt 1: replayed
                                INSTANT attempt 1: refused, bad-data.csv: no row could be stored, 4 of 4 were rejected
                """,
                run("failures", "show", "bad-data.csv")
                        .out()
                        .replaceAll("(?s)^.*(history)", "$1")
                        .replaceAll("next .*\n", ""));
    }

    @Test
    void discarded() {
        assertEquals(
                new Cli(
                        0,
                        "picture.csv@81fa62a51edcc623a8a5214329cb8cbf would be discarded: it leaves the list; its copies in archive/DAY/picture.csv and failed-data/picture.csv stay\n",
                        ""),
                run("failures", "discard", "--dry-run", "picture.csv"));
        assertEquals(new Cli(0, """
                        [{"file":"picture.csv","version":"81fa62a51edcc623a8a5214329cb8cbf","was":"refused","action":"discard","done":true}]
                        """, ""), run("failures", "discard", "picture.csv", "--json"));
        run("failures", "discard", "bad-data.csv");
        assertEquals(new Cli(0, "No failures.\n", ""), run("failures", "list"));
        assertEquals(new Cli(0, "[]\n", ""), run("failures", "list", "--json"));
        assertEquals(new Cli(0, "No failures.\n", ""), run("failures", "replay", "--all"));
    }

    @Test
    void whatIsNoFailureIsLeftAlone() {
        assertEquals(
                new Cli(1, "", "orders.csv is completed since INSTANT: nothing to replay\n"),
                run("failures", "replay", "orders.csv"));
    }

    @Test
    void withAnUnknownFileNothingIsDoneToTheOthers() {
        assertEquals(
                new Cli(
                        2,
                        "",
                        "nope.csv: found no such file in the ledger, expected one that failures list names, or FILE@VERSION\n"),
                run("failures", "replay", "bad-data.csv", "nope.csv"));
        assertEquals(1, run("failures", "list").out().split("bad-data.csv", -1).length - 1);
    }

    /** Until its alert is sent such a file is work for a machine too, and yet it needs a person. */
    @Test
    void aFileWhoseAlertCannotBeSentIsListedAllTheSame() {
        Running pipeline = sandbox.pipeline();
        run("failures", "discard", "picture.csv", "bad-data.csv");
        sandbox.aws().faults(call -> call.service().equals("sns") ? Fault.DENIED : Fault.NONE);
        sandbox.drop("other.csv", "a,b\n1,2\n");
        pipeline.workOffOnce();
        assertEquals(
                "other.csv  refused",
                run("failures", "list")
                        .out()
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElse("")
                        .substring(0, 18));
    }
}
