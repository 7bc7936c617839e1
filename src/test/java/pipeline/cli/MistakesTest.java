package pipeline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pipeline.local.Fault;
import pipeline.settings.ConfigurationException;
import pipeline.settings.Settings;
import pipeline.specs.Sandbox;

/** What a user or operator can get wrong is one sentence and exit status 2; what AWS gets wrong is one and 1. */
class MistakesTest {
    private final Sandbox sandbox = Sandbox.shared();

    @BeforeEach
    @AfterEach
    void clean() {
        sandbox.clean();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chek                    | Unmatched argument at index 0: 'chek'",
                "check                   | Missing required parameter: 'FILE'",
                "check --al x            | Unknown option: '--al'",
                "failures                | Missing required subcommand",
                "failures replay         | Missing: FILE, or --all for every file",
                "failures replay --all x | --all and FILE exclude each other",
                "failures discard        | Missing required parameter: 'FILE'"
            })
    void wrongUsage(String arguments, String sentence) {
        Cli cli = Cli.run(arguments.strip().split(" +"));
        assertEquals(2, cli.status());
        assertEquals(sentence, cli.err().lines().findFirst().orElse(""));
        assertEquals("", cli.out());
    }

    @Test
    void aMisspeltVerbIsPutRight() {
        assertEquals("""
                Unmatched argument at index 0: 'chek'
                Did you mean: camel-data-pipeline check?
                Help: camel-data-pipeline --help
                """, Cli.run("chek").err());
    }

    private String denied(String service, String... arguments) {
        sandbox.aws().faults(call -> call.service().equals(service) ? Fault.DENIED : Fault.NONE);
        Cli cli = Cli.run(arguments);
        assertEquals(2, cli.status());
        assertEquals("", cli.out());
        return cli.err();
    }

    private static String sentence(String setting, String what, String answer) {
        return "%s: found that %s may not be used (%s), expected permission; grant it to the role or user that runs this\n"
                .formatted(setting, what, answer);
    }

    @Test
    void noPermission() {
        assertEquals(
                sentence(
                        "pipeline.ledger-table",
                        "table ProcessedFiles",
                        "DynamoDb answered AccessDeniedException: User is not authorized to perform this operation"),
                denied("dynamodb", "failures", "list"));
        assertEquals(
                sentence("pipeline.bucket", "bucket camel-data-pipeline", "S3 answered 403: Forbidden"),
                denied("s3", "once"));
        assertEquals(
                sentence(
                        "pipeline.queue",
                        "queue ProcessCSVData-Queue",
                        "Sqs answered AccessDenied: Access to the resource is denied."),
                denied("sqs", "once"));
        assertEquals(
                sentence(
                        "pipeline.alert-topic",
                        "topic ProcessingFailureAlerts",
                        "Sns answered AuthorizationError: User is not authorized to perform this operation"),
                denied("sns", "once"));
        assertEquals(
                sentence("pipeline.bucket", "bucket camel-data-pipeline", "S3 answered 403: Forbidden"),
                denied("s3", "provision"));
    }

    @Test
    void noCredentials() {
        assumeTrue(
                System.getenv().keySet().stream()
                        .noneMatch(name -> name.matches("AWS_(ACCESS_KEY_ID|PROFILE|WEB_IDENTITY.*|CONTAINER.*)")),
                "the environment has credentials");
        String id = System.clearProperty("aws.accessKeyId");
        System.setProperty("aws.disableEc2Metadata", "true");
        System.setProperty("aws.sharedCredentialsFile", "target/none");
        System.setProperty("aws.configFile", "target/none");
        try {
            for (String[] verb : new String[][] {{"once"}, {"provision"}, {"failures", "list"}}) {
                assertEquals(
                        new Cli(
                                2,
                                "",
                                "AWS: found no credentials, expected some; give the process a role, an AWS profile or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n"),
                        Cli.run(verb));
            }
        } finally {
            System.setProperty("aws.accessKeyId", id);
            System.clearProperty("aws.disableEc2Metadata");
            System.clearProperty("aws.sharedCredentialsFile");
            System.clearProperty("aws.configFile");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:4566", "nonsense", "http:/one", "ftp://host", "http://a b"})
    void anEndpointThatIsNoUrl(String url) {
        String endpoint = System.setProperty("aws.endpointUrl", url);
        try {
            assertEquals(
                    new Cli(
                            2,
                            "",
                            "AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_S3: found '%s', expected a URL such as http://127.0.0.1:4566\n"
                                    .formatted(url)),
                    Cli.run("failures", "list"));
        } finally {
            System.setProperty("aws.endpointUrl", endpoint);
        }
    }

    @Test
    void settingsWithoutABucketDoForLocalFilesAlone() {
        Path none = Path.of("target/none.properties");
        assertEquals(1_048_576, Settings.loadOffline(none, Map.of()).maxRecordLength());
        assertEquals(
                "pipeline.bucket: found nothing, expected the name of the bucket; set it in config/application.properties or as PIPELINE_BUCKET",
                assertThrows(ConfigurationException.class, () -> Settings.load(none, Map.of()))
                        .getMessage());
        assertEquals(
                "pipeline.queue: found '', expected a name",
                assertThrows(
                                ConfigurationException.class,
                                () -> Settings.loadOffline(none, Map.of("PIPELINE_QUEUE", " ")))
                        .getMessage());
    }

    @Test
    void aServiceThatFails() {
        sandbox.aws().faults(call -> Fault.FAIL_BEFORE);
        assertEquals(
                new Cli(1, "", "DynamoDb answered InternalServerError: Internal server error\n"),
                Cli.run("failures", "list"));
    }
}
