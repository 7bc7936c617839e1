package pipeline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pipeline.claim.FileVersion;
import pipeline.local.Call;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;
import pipeline.local.PublishedMessage;
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
        return text.replaceAll("(took +)[0-9].*?s; ", "$1TIME; ")
                .replaceAll("(cost +)\\$0\\.0000\\d+", "$1COST")
                .replaceAll("\"cost\":0\\.0000\\d+", "\"cost\":COST")
                .replaceAll("\"duration_millis\":\\d+", "\"duration_millis\":0")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "INSTANT")
                .replaceAll("\\d+ s ago", "AGO")
                .replaceAll("(refused  )\\d+ s( +)", "$1AGO$2")
                .replaceAll("SINCE +", "SINCE  ")
                .replaceAll("AGO +", "AGO  ")
                .replaceAll("archive/\\d{4}/\\d\\d/\\d\\d/", "archive/DAY/");
    }

    private static Fault denied(Call call, String operation) {
        return call.operation().equals(operation) ? Fault.DENIED : Fault.NONE;
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
                        "reason":"bad-data.csv: no row could be stored, 4 of 4 were rejected","dataset":"orders",\
                        "rejects":"failed-data/bad-data.rejects.csv"}]
                        """, ""), run("failures", "list", "--json"));
    }

    private static List<String> files(String... options) {
        List<String> arguments = new ArrayList<>(List.of("failures", "list"));
        arguments.addAll(List.of(options));
        return run(arguments.toArray(String[]::new))
                .out()
                .lines()
                .skip(1)
                .filter(line -> !line.contains(" need"))
                .map(line -> line.replaceFirst(" .*", ""))
                .toList();
    }

    @Test
    void listedByStatusDatasetAndTime() {
        sandbox.aws().faults(call -> denied(call, "dynamodb:BatchWriteItem"));
        sandbox.drop("late.csv", "order_id,customer_name,product_name,quantity,unit_price\nA1,Nora,Mouse,1,2\n");
        sandbox.pipeline().workOff();
        sandbox.aws().faults(FaultPlan.none());
        String today = LocalDate.now(ZoneOffset.UTC).toString();

        assertEquals(List.of("late.csv"), files("--status", "failed"));
        assertEquals(List.of("picture.csv", "bad-data.csv"), files("--status", "refused"));
        assertEquals(List.of("late.csv", "bad-data.csv"), files("--dataset", "orders"));
        assertEquals(List.of("bad-data.csv"), files("--dataset", "orders", "--status=refused", "--since", "2h"));
        assertEquals(3, files("--since", "3d").size());
        assertEquals(
                3,
                files("--since", LocalDate.parse(today).minusDays(1).toString()).size());
        assertEquals(3, files("--since", today + "T00:00:00+14:00").size());
        assertEquals(
                new Cli(0, "No such failures; without --status, --dataset and --since there are 3 failures.\n", ""),
                run("failures", "list", "--since", "9999-01-01T00:00:00Z"));
        assertEquals(new Cli(0, "[]\n", ""), run("failures", "list", "--json", "--dataset", "sales"));
    }

    @Test
    void filtersThatCannotBeMeantAreOneSentence() {
        assertEquals(
                "Invalid value for option '--status': found 'completed', expected refused or failed",
                run("failures", "list", "--status", "completed")
                        .err()
                        .lines()
                        .findFirst()
                        .orElse(""));
        Cli since = run("failures", "replay", "--all", "--since", "yesterday");
        assertEquals(2, since.status());
        assertEquals(
                "Invalid value for option '--since': found 'yesterday', expected an instant such as INSTANT, a date such as 2026-11-23 or a duration such as 2h or 3d",
                since.err().lines().findFirst().orElse(""));
        assertEquals(
                new Cli(
                        2,
                        "",
                        "--status, --dataset and --since go with --all, not with FILE\nHelp: camel-data-pipeline failures replay --help\n"),
                run("failures", "replay", "--since", "2h", "bad-data.csv"));
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
                        took            TIME; 0 write units
                        cost            COST
                        rejected for    1 row: expected 5 fields
                                        1 row: order_id: expected a value
                                        1 row: quantity: expected an integer of at least 1
                                        1 row: unit_price: expected a decimal such as 12.50
                        rejects are in  failed-data/bad-data.rejects.csv
                                          order_id,customer_name,product_name,quantity,unit_price,_source,_line,_errors
                                          "",Nora Vance,Wireless mouse,1,29.99,bad-data.csv@95be0ba4f0e949c1f11ea2b6eca6fb71,2,"order_id: found nothing, expected a value"
                                          BAD002,Piet Holler,USB-C cable,-5,8.50,bad-data.csv@95be0ba4f0e949c1f11ea2b6eca6fb71,3,"quantity: found '-5', expected an integer of at least 1"
                                          BAD003,Dana Kirsch,Mechanical keyboard,1,abc,bad-data.csv@95be0ba4f0e949c1f11ea2b6eca6fb71,4,"unit_price: found 'abc', expected a decimal such as 12.50"
                                          BAD004,Omar Tarhun,Laptop stand,1,,bad-data.csv@95be0ba4f0e949c1f11ea2b6eca6fb71,5,"found 4 fields, expected 5"
                        history         INSTANT attempt 1: refused, bad-data.csv: no row could be stored, 4 of 4 were rejected
                        next            correct the rejects file and drop it again, or mend the cause, then: failures replay bad-data.csv   (or leave it: failures discard bad-data.csv)
                        """, ""), run("failures", "show", "raw-data/bad-data.csv"));
        assertEquals(
                """
                [{"file":"picture.csv","version":"81fa62a51edcc623a8a5214329cb8cbf","status":"refused","since":"INSTANT","attempts":1,\
                "reason":"picture.csv: found a PNG image, expected CSV text","bytes":181,"rows_read":0,"rows_stored":0,"rows_rejected":0,\
                "rows_repaired":0,"failures":1,"replays":0,"write_units":0,"cost":COST,"items_resent":0,"rejected_for":{},"duration_millis":0,"first_claim":"INSTANT","location":"failed-data/picture.csv","archive":"archive/DAY/picture.csv",\
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
                        "bad-data.csv@95be0ba4f0e949c1f11ea2b6eca6fb71 re-opened: the running pipeline, or the next once, works on it again from archive/DAY/bad-data.csv\n"
                                + "1 message removed from the dead-letter queue\n",
                        ""),
                run("failures", "replay", "bad-data.csv"));
        assertEquals(
                new Cli(0, "bad-data.csv is waiting since INSTANT: nothing to replay\n", ""),
                run("failures", "replay", "bad-data.csv"));
        assertEquals(new Cli(0, """
                        [{"file":"bad-data.csv","version":"95be0ba4f0e949c1f11ea2b6eca6fb71","was":"waiting","action":"replay","done":false,"dead_letters_removed":0}]
                        """, ""), run("failures", "replay", "bad-data.csv", "--json"));
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
                        [{"file":"picture.csv","version":"81fa62a51edcc623a8a5214329cb8cbf","was":"refused","action":"discard","done":true,"dead_letters_removed":1}]
                        """, ""), run("failures", "discard", "picture.csv", "--json"));
        run("failures", "discard", "bad-data.csv");
        assertEquals(new Cli(0, "No failures.\n", ""), run("failures", "list"));
        assertEquals(new Cli(0, "[]\n", ""), run("failures", "list", "--json"));
        assertEquals(new Cli(0, "No failures.\n", ""), run("failures", "replay", "--all"));
    }

    @Test
    void whatIsNoFailureIsLeftAlone() {
        assertEquals(
                new Cli(0, "orders.csv is completed since INSTANT: nothing to replay\n", ""),
                run("failures", "replay", "orders.csv"));
        assertEquals(
                new Cli(1, "", "orders.csv is completed since INSTANT: nothing to discard\n"),
                run("failures", "discard", "orders.csv"));
        run("failures", "discard", "picture.csv");
        assertEquals(
                new Cli(0, "picture.csv is discarded since INSTANT: nothing to discard\n", ""),
                run("failures", "discard", "picture.csv"));
        assertEquals(
                new Cli(
                        1,
                        "[{\"file\":\"picture.csv\",\"version\":\"81fa62a51edcc623a8a5214329cb8cbf\",\"was\":\"discarded\",\"action\":\"replay\",\"done\":false,\"dead_letters_removed\":0}]\n",
                        "picture.csv is discarded since INSTANT: nothing to replay\n"),
                run("failures", "replay", "picture.csv", "--json"));
        sandbox.pipeline().workOff();
        assertEquals(12, sandbox.pipeline().count("pipeline.rows.stored"));
    }

    @Test
    void replayedAllThatTheFiltersLeave() {
        assertEquals(
                "picture.csv",
                run("failures", "replay", "--all", "--dry-run", "--since", "1h", "--status", "refused")
                        .out()
                        .replaceFirst("(?s)@.*", ""));
        run("failures", "replay", "--all", "--dataset", "orders");
        assertEquals(List.of("picture.csv"), files());
        assertEquals(
                new Cli(0, "No such failures; without --status, --dataset and --since there is 1 failure.\n", ""),
                run("failures", "replay", "--all", "--dataset", "orders"));
        assertEquals(new Cli(0, "[]\n", ""), run("failures", "replay", "--all", "--dataset", "orders", "--json"));
    }

    /** Nobody else's message is touched, and those of other failures are there at once for whoever reads the queue. */
    @Test
    void itsDeadLetterMessageIsRemovedAndNoOther() {
        for (int i = 0; i < 25; i++) {
            sandbox.sendDeadLetter("{\"note\":%d}".formatted(i));
        }
        sandbox.sendDeadLetter("[\"no object\"]");
        String id = FileVersion.failureId("bad-data.csv", "95be0ba4f0e949c1f11ea2b6eca6fb71", 1);
        // Sent twice, as when the answer to the first was lost.
        sandbox.sendDeadLetter("{\"id\":\"%s\",\"kind\":\"file\"}".formatted(id));

        assertEquals(
                "2 messages removed from the dead-letter queue",
                run("failures", "replay", "bad-data.csv")
                        .out()
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElse(""));

        List<JsonNode> left = sandbox.deadLetters();
        assertEquals(27, left.size(), left::toString);
        assertEquals(
                List.of("picture.csv"),
                left.stream()
                        .filter(message -> message.has("file"))
                        .map(message -> message.get("file").asText())
                        .toList());
    }

    @Test
    void aQueueThatDoesNotAnswerKeepsNobodyFromDeciding() {
        sandbox.aws().faults(call -> denied(call, "sqs:ReceiveMessage"));
        Cli discarded = run("failures", "discard", "picture.csv", "--json");
        assertEquals(0, discarded.status());
        assertEquals("""
                [{"file":"picture.csv","version":"81fa62a51edcc623a8a5214329cb8cbf","was":"refused","action":"discard","done":true,"dead_letters_removed":0}]
                """, discarded.out());
        assertEquals(
                "queue ProcessCSVData-DLQ: messages about these files may stay (Sqs answered",
                discarded.err().substring(0, 75));
        assertTrue(discarded.err().endsWith("); the ledger, not the queue, is the list of failures\n"), discarded::err);
        sandbox.aws().faults(FaultPlan.none());

        assertEquals(
                "picture.csv is discarded since INSTANT: nothing to discard\n1 message removed from the dead-letter queue\n",
                run("failures", "discard", "picture.csv").out(),
                "decided again, its message is looked for again");
    }

    /** The file was mended by hand and put back under its name: both versions are told, and that one answers the other. */
    @Test
    void aFailureThatANewerVersionAnswersSaysSo() {
        sandbox.drop("bad-data.csv", "order_id,customer_name,product_name,quantity,unit_price\nA1,Nora,Mouse,1,2\n");
        sandbox.pipeline().workOff();

        assertTrue(
                run("failures", "list").out().contains("4 of 4 were rejected; a newer version was completed AGO\n"),
                run("failures", "list")::toString);
        assertEquals(
                """
                status          completed
                status          refused
                answered        bad-data.csv@0e77fa2575415542a683179857eeaa6a was completed INSTANT: 1 stored, 0 rejected
                next            if that is this file mended: failures discard bad-data.csv@95be0ba4f0e949c1f11ea2b6eca6fb71   (failures replay bad-data.csv@95be0ba4f0e949c1f11ea2b6eca6fb71 stores the rows of both)
                """,
                run("failures", "show", "bad-data.csv")
                        .out()
                        .lines()
                        .filter(line -> line.matches("(status|answered|next) .*"))
                        .map(line -> line + "\n")
                        .collect(Collectors.joining()));
        assertTrue(
                run("failures", "list", "--json").out().contains("\"answered_by\":{\"version\":\""),
                run("failures", "list", "--json")::toString);
        assertTrue(
                run("failures", "replay", "bad-data.csv", "--dry-run").out().contains("; a newer version, "),
                run("failures", "replay", "bad-data.csv", "--dry-run")::toString);
    }

    /** Its alert could not be sent; by then a person knows: what is announced is what becomes of the file next. */
    @Test
    void aFileReplayedBeforeItsAlertWasSentIsAnnouncedForItsNextFailureAlone() {
        Running pipeline = sandbox.pipeline();
        run("failures", "discard", "picture.csv", "bad-data.csv");
        sandbox.aws().clearPublished();
        sandbox.aws().faults(call -> call.service().equals("sns") ? Fault.DENIED : Fault.NONE);
        sandbox.drop("early.csv", "a,b\n1,2\n");
        pipeline.workOffOnce();
        sandbox.aws().faults(FaultPlan.none());

        Cli replayed = run("failures", "replay", "early.csv");
        assertTrue(replayed.out().endsWith("\n1 message removed from the dead-letter queue\n"), replayed::toString);
        pipeline.workOff();

        String id = FileVersion.failureId("early.csv", "e5ebd4c02cefbe7955977c67ada242b7", 2);
        assertEquals(
                List.of(id),
                sandbox.deadLetters().stream()
                        .map(message -> message.path("id").asText())
                        .toList());
        assertEquals(
                List.of(id),
                sandbox.aws().published().stream()
                        .map(PublishedMessage::defaultText)
                        .filter(text -> text.contains("\"kind\":\"file\""))
                        .map(text -> text.replaceFirst("^.*\"id\":\"([^\"]*)\".*$", "$1"))
                        .toList());
    }

    @Test
    void rejectsThatAreGoneDoNotKeepTheRestFromBeingShown() {
        sandbox.aws().faults(call -> denied(call, "s3:GetObject"));
        Cli shown = run("failures", "show", "bad-data.csv");
        assertEquals(0, shown.status());
        assertTrue(shown.out().contains("\n                (cannot be read: S3 answered"), shown::out);
        assertTrue(
                run("failures", "show", "--json", "bad-data.csv")
                        .out()
                        .contains("\"rejects_unreadable\":\"S3 answered"),
                run("failures", "show", "--json", "bad-data.csv")::out);
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
