package pipeline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pipeline.local.Fault;
import pipeline.specs.Sandbox;

/** What a person reads, in an account as the verb {@code provision} makes it. */
class DoctorCommandTest {
    private final Sandbox sandbox = Sandbox.shared();

    @BeforeEach
    @AfterEach
    void clean() {
        sandbox.clean();
    }

    /** Without the endpoint's port, which varies, and with long commands cut. */
    private static String steady(String text) {
        return text.replaceAll("http://127.0.0.1:\\d+", "ENDPOINT").replaceAll("(mend: aws \\S+ \\S+).*", "$1 ...");
    }

    @Test
    void nothingIsWrong() {
        Cli cli = Cli.run("doctor");
        assertEquals(new Cli(0, """
                ok    credentials: access key test, region us-east-1, S3 at ENDPOINT
                ok    bucket camel-data-pipeline: answers and can be listed
                ok    clock: within a minute of that of S3
                ok    bucket camel-data-pipeline, versioning: off: what is deleted is gone
                ok    bucket camel-data-pipeline, Object Lock: off
                ok    bucket camel-data-pipeline, encryption: AES256
                ok    bucket camel-data-pipeline, raw-data/: can be read and cleared
                ok    bucket camel-data-pipeline, archive/: can be read and written; tried with an object, which is gone again
                ok    bucket camel-data-pipeline, processed-data/: can be read, written and cleared; tried with an object, which is gone again
                ok    bucket camel-data-pipeline, failed-data/: can be read, written and cleared; tried with an object, which is gone again
                ok    table ProcessedFiles: keys file, version; on demand; can be read and changed
                ok    table ProcessedFiles, index open: keys open, file; can be queried
                ok    table ProcessedFiles, index by-day: keys day, concluded_at; can be queried
                ok    table ProcessedOrders: keys order_id, processed_timestamp; on demand; takes batches of orders
                ok    table ProcessedSales: keys transaction_id, processed_timestamp; on demand; takes batches of sales
                ok    table ProcessedSensors: keys sensor_id, processed_timestamp; on demand; takes batches of sensors
                ok    queue ProcessCSVData-DLQ: nothing refused of sending
                ok    queue ProcessCSVData-Queue: nothing refused of receive, hide and delete
                ok    queue ProcessCSVData-Queue, redrive: to ProcessCSVData-DLQ after 1,000 deliveries
                note  events of raw-data/: found that queue ProcessCSVData-Queue hears of none: files are found by listing alone, each pipeline.poll-every-seconds; nothing is missed
                      mend: aws sqs set-queue-attributes ...
                      mend: aws s3api put-bucket-notification-configuration ...
                note  topic ProcessingFailureAlerts: nobody is subscribed: alerts reach no one (put an address of yours into the command)
                      mend: aws sns subscribe ...
                Nothing is wrong, 2 notes.
                """, ""), new Cli(cli.status(), steady(cli.out()), cli.err()));
        assertEquals(List.of(), sandbox.aws().published());
    }

    @Test
    void somethingIsWrong() {
        sandbox.aws()
                .faults(call ->
                        call.operation().equals("s3:PutObject") && call.target().contains("/archive/")
                                ? Fault.DENIED
                                : Fault.NONE);
        Cli cli = Cli.run("doctor");
        assertEquals(2, cli.status());
        assertEquals("", cli.err());
        assertTrue(steady(cli.out()).contains("""
                ok    bucket camel-data-pipeline, raw-data/: can be read and cleared
                WRONG bucket camel-data-pipeline, archive/: found s3:PutObject forbidden (S3 answered AccessDenied: Access Denied), expected permission; tried with an object, which is gone again
                      mend: aws iam put-role-policy ...
                ok    bucket camel-data-pipeline, processed-data/: can be read"""), cli.out());
        assertTrue(cli.out().endsWith("1 thing is wrong, 2 notes. Mend from the top, then: doctor\n"), cli.out());
    }

    @Test
    void forMachines() throws IOException {
        sandbox.aws().faults(call -> call.service().equals("sns") ? Fault.DENIED : Fault.NONE);
        Cli cli = Cli.run("doctor", "--json");
        assertEquals(2, cli.status());
        assertEquals(1, cli.out().lines().count());
        JsonNode findings = new ObjectMapper().readTree(cli.out());
        assertEquals(21, findings.size());
        assertEquals("ok", findings.path(0).path("state").asText());
        assertEquals("wrong", findings.path(20).path("state").asText());
        assertEquals(
                "topic ProcessingFailureAlerts", findings.path(20).path("about").asText());
        assertTrue(findings.path(20).path("mend").path(0).asText().startsWith("aws iam put-role-policy "));
    }

    @Test
    void withoutCredentialsNothingElseIsChecked() {
        assumeTrue(
                System.getenv().keySet().stream()
                        .noneMatch(name -> name.matches("AWS_(ACCESS_KEY_ID|PROFILE|WEB_IDENTITY.*|CONTAINER.*)")),
                "the environment has credentials");
        String id = System.clearProperty("aws.accessKeyId");
        System.setProperty("aws.disableEc2Metadata", "true");
        System.setProperty("aws.sharedCredentialsFile", "target/none");
        System.setProperty("aws.configFile", "target/none");
        try {
            Cli cli = Cli.run("doctor");
            assertEquals(2, cli.status());
            List<String> lines = cli.out().lines().toList();
            assertEquals(
                    List.of(
                            "WRONG credentials: found none, expected some; give the process a role, an AWS profile or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
                            "      mend: aws configure",
                            "?     bucket camel-data-pipeline: not checked: there are no credentials"),
                    lines.subList(0, 3));
            assertEquals(
                    "1 thing is wrong, 17 not checked. Mend from the top, then: doctor", lines.get(lines.size() - 1));
        } finally {
            System.setProperty("aws.accessKeyId", id);
            System.clearProperty("aws.disableEc2Metadata");
            System.clearProperty("aws.sharedCredentialsFile");
            System.clearProperty("aws.configFile");
        }
    }
}
