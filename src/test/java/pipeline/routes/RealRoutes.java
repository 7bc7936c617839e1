package pipeline.routes;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.apache.camel.test.junit5.TestExecutionConfiguration;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.junit.jupiter.api.AfterEach;
import pipeline.announce.Announcement;
import pipeline.announce.Digest;
import pipeline.check.Batches;
import pipeline.claim.Entry;
import pipeline.claim.Ledger;
import pipeline.intake.RawData;
import pipeline.intake.S3Events;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The real route files, all of them, with no AWS behind them: SQS and SNS are mocked, and the beans that would call AWS
 * are stubs that note each call and answer, or fail, as a test says.
 */
abstract class RealRoutes extends CamelMainTestSupport {
    static final String QUEUE = "mock:aws2-sqs:ProcessCSVData-Queue";
    static final String DEAD_LETTERS = "mock:aws2-sqs:ProcessCSVData-DLQ";
    static final String OBJECTS = "mock:aws2-s3:bucket";
    static final String LEDGER = "mock:aws2-ddb:ProcessedFiles";
    static final String TOPIC = "mock:aws2-sns:arn:aws:sns:us-east-1:000000000000:ProcessingFailureAlerts";

    private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

    private static final S3Client S3 = client(S3Client.builder());
    private static final DynamoDbClient DYNAMO_DB = client(DynamoDbClient.builder());
    private static final SqsClient SQS = client(SqsClient.builder());
    private static final SnsClient SNS = client(SnsClient.builder());

    /** Every call of a bean and every message to AWS, in order: {@code bean.method}. */
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());

    private final List<AssertionError> broken = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Answer> answers = new HashMap<>();

    /** What a stub does when it is called. */
    @FunctionalInterface
    interface Answer {
        Object to(Object... arguments) throws Exception;
    }

    /** What a claim looks like to the routes. */
    public record Claimed(String kind, String attempt, Entry entry) {}

    /** What an inspection looks like to the routes. */
    public record Inspected(boolean readable, String reason, Named dataset, List<String> columns, long rows) {}

    /** A dataset's name. */
    public record Named(String name) {}

    /** Says what a stub answers from now on: {@code claims.claim}. */
    void when(String call, Answer answer) {
        answers.put(call, answer);
    }

    /** Makes a stub fail each time. */
    void fail(String call, Exception failure) {
        when(call, arguments -> {
            throw failure;
        });
    }

    /** The calls of these beans alone; one name may stand for one method. */
    List<String> calls(String... beans) {
        return calls.stream()
                .filter(call ->
                        List.of(beans).contains(call) || List.of(beans).contains(call.replaceFirst("\\..*", "")))
                .toList();
    }

    private Object called(String call, Object... arguments) {
        calls.add(call);
        Answer answer = answers.get(call);
        try {
            return answer == null ? null : answer.to(arguments);
        } catch (AssertionError e) {
            broken.add(e);
            throw e;
        } catch (Exception e) {
            throw RealRoutes.<RuntimeException>asItIs(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Exception> E asItIs(Exception failure) throws E {
        throw (E) failure;
    }

    /**
     * A ledger entry of a file that was refused.
     *
     * @param announce what is still to be said: pending, alert or nothing
     */
    static Entry refused(String announce) {
        Map<String, AttributeValue> item = new HashMap<>(Map.of(
                "file", AttributeValue.fromS("in/orders.csv"),
                "version", AttributeValue.fromS("abc"),
                "status", AttributeValue.fromS("refused"),
                "reason", AttributeValue.fromS("in/orders.csv: found a \"quote\", expected none"),
                "attempts", AttributeValue.fromN("1"),
                "failures", AttributeValue.fromN("1"),
                "first_claim", AttributeValue.fromS("2026-11-23T09:14:02.000000042Z"),
                "concluded_at", AttributeValue.fromS("2026-11-23T09:14:03Z"),
                "location", AttributeValue.fromS("failed-data/in/orders.csv")));
        if (!announce.isEmpty()) {
            item.put("announce", AttributeValue.fromS(announce));
        }
        return new Entry(item);
    }

    @Override
    protected void configure(MainConfigurationProperties configuration) {
        configuration.withRoutesIncludePattern("file:routes/*.camel.yaml");
    }

    @Override
    public void configureTest(TestExecutionConfiguration configuration) {
        super.configureTest(configuration);
        // Camel's count of what was reached is kept by its management.
        configuration.withEnableJMX();
    }

    @Override
    public void configureContext(CamelContextConfiguration configuration) {
        super.configureContext(configuration);
        Properties properties = new Properties();
        try (InputStream in = RealRoutes.class.getResourceAsStream("/pipeline/defaults.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        properties.setProperty("pipeline.bucket", "bucket");
        properties.setProperty("pipeline.redelivery-delay-millis", "1");
        properties.setProperty("aws.queue-url", NOWHERE + "/ProcessCSVData-Queue");
        properties.setProperty("aws.dead-letter-queue-url", NOWHERE + "/ProcessCSVData-DLQ");
        properties.setProperty("aws.alert-topic-arn", TOPIC.replace("mock:aws2-sns:", ""));
        properties.setProperty("http.off", "true");
        properties.setProperty("camel.management.enabled", "false");
        properties.setProperty("intake.timers", "false");
        properties.setProperty("intake.events", "false");
        // Once in a test, but for a timer that fires before its route has started: Camel drops that tick.
        properties.setProperty("intake.list-every-millis", "5000");
        properties.setProperty("intake.take-up-every-millis", "5000");
        properties.setProperty("camel.opentelemetry2.enabled", "false");
        properties.setProperty("camel.component.aws2-ddb.enabled-initial-describe-table", "false");
        properties.setProperty("camel.component.bean-validator.ignore-xml-configuration", "true");
        configuration
                .withUseOverridePropertiesWithPropertiesComponent(properties)
                // A seda consumer takes a second to stop: only tests that need workers have them.
                .withAutoStartupExcludePatterns("work-on-file")
                .withMockEndpointsAndSkip("aws2-(s3|ddb|sqs|sns):.*");
    }

    @Override
    protected void bindToRegistry(Registry registry) {
        registry.bind("sqs", SQS);
        registry.bind("sns", SNS);
        registry.bind("s3", S3);
        registry.bind("dynamoDb", DYNAMO_DB);
        registry.bind("rawData", new RawData(S3, "bucket"));
        registry.bind("ledger", new Ledger(DYNAMO_DB, "ProcessedFiles"));
        registry.bind("pollsWhileOpen", new DefaultPollingConsumerPollStrategy());
        registry.bind("freshFailure", ofPipeline("FreshFailure"));
        registry.bind("freshStart", ofPipeline("FreshStart"));
        registry.bind("messages", new ParameterMessageInterpolator());
        registry.bind("batches", new Batches());
        registry.bind("announcement", new Announcement(Digest.off()));
        registry.bind("s3Events", new S3Events("bucket"));
        for (String bean : List.of(
                "archive",
                "attempts",
                "claims",
                "conclusion",
                "inFlight",
                "intake",
                "journal",
                "outage",
                "queue",
                "reader",
                "rejects",
                "returnedDeadLetters",
                "repairs",
                "staleRows",
                "table")) {
            registry.bind(bean, new Stub(bean));
        }
        when("intake.isOpen", arguments -> true);
        when("table.store", arguments -> List.of(arguments[2]));
        when("table.end", arguments -> List.of());
        when("conclusion.messageSent", arguments -> refused("alert"));
        when("claims.notClaimed", arguments -> new Claimed("not-claimed", "none", refused("")));
    }

    /** A processor that only {@link pipeline.run.Pipeline} makes. */
    private static Object ofPipeline(String name) {
        try {
            Constructor<?> made = Class.forName("pipeline.run." + name).getDeclaredConstructor();
            made.setAccessible(true);
            return made.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
        return builder.endpointOverride(NOWHERE)
                .region(Region.US_EAST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build();
    }

    /** The innermost cause, as the log would name it. */
    static String cause(Object failure) {
        Throwable cause = (Throwable) failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }

    /** A mocked endpoint that notes what it gets among the calls. */
    MockEndpoint heard(String mock) {
        MockEndpoint endpoint = getMockEndpoint(mock);
        endpoint.whenAnyExchangeReceived(exchange -> calls.add(mock));
        return endpoint;
    }

    /** What an answer asserts would be taken for one more failure by the routes. */
    @AfterEach
    void assertAnswersWereAskedRightly() {
        broken.stream().findFirst().ifPresent(first -> {
            throw first;
        });
    }

    @AfterEach
    void recordCoverage() {
        RouteCoverage.record(context());
    }

    /** Every method that a route calls on a bean that is not real here. */
    public final class Stub {
        private final String bean;

        private Stub(String bean) {
            this.bean = bean;
        }

        public Object keep(Object attempt) {
            return called(bean + ".keep", attempt);
        }

        public void advance(Object attempt, Object batch) {
            called(bean + ".advance", attempt, batch);
        }

        public void clear(Object attempt, Object source, Object inspection) {
            called(bean + ".clear", attempt, source, inspection);
        }

        public void checkHeld(Object claim) {
            called(bean + ".checkHeld", claim);
        }

        public Object decide(Object claim, Object failure) {
            return called(bean + ".decide", claim, failure);
        }

        public Object end(Object what) {
            return called(bean + ".end", what);
        }

        public Object exhausted(Object attempt) {
            return called(bean + ".exhausted", attempt);
        }

        public void listingFailed(Object failure) {
            called(bean + ".listingFailed", failure);
        }

        public Object mayBegin(Object version) {
            return called(bean + ".mayBegin", version);
        }

        public void note(Object claim, Object receipt) {
            called(bean + ".note", claim, receipt);
        }

        public Object outcomeOfRows(Object attempt, Object rows) {
            return called(bean + ".outcomeOfRows", attempt, rows);
        }

        public Object refused(Object reason) {
            return called(bean + ".refused", reason);
        }

        public Object claim(Object version, Object before) {
            return called(bean + ".claim", version, before);
        }

        public Object gone() {
            return called(bean + ".gone");
        }

        public Object due(Object items) {
            return called(bean + ".due", items);
        }

        public Object isOpen() {
            return called(bean + ".isOpen");
        }

        public Object messageDue(Object entry) {
            return ((Entry) entry).messagePending();
        }

        public Object alertDue(Object entry) {
            return ((Entry) entry).announcePending();
        }

        public void alertSent(Object entry) {
            called(bean + ".alertSent", entry);
        }

        public Object messageSent(Object entry) {
            return called(bean + ".messageSent", entry);
        }

        public Object notClaimed() {
            return called(bean + ".notClaimed");
        }

        public void clearAgain(Object entry, Object version) {
            called(bean + ".clearAgain", entry, version);
        }

        public void clearRawData(Object entry) {
            called(bean + ".clearRawData", entry);
        }

        public Object file(Object attempt, Object outcome) {
            return called(bean + ".file", attempt, outcome);
        }

        public Object returnRejects(Object attempt, Object outcome) {
            return called(bean + ".returnRejects", attempt, outcome);
        }

        public void settle(Object entry) {
            called(bean + ".settle", entry);
        }

        public void supersede(Object attempt) {
            called(bean + ".supersede", attempt);
        }

        public Object writeLedger(Object attempt, Object outcome, Object rejects, Object location) {
            return called(bean + ".writeLedger", attempt, outcome, rejects, location);
        }

        public void replay(Object message) {
            called(bean + ".replay", message);
        }

        public Object check() {
            return called(bean + ".check");
        }

        public void sent(Object alert) {
            called(bean + ".sent", alert);
        }

        public void hide(Object receipt) {
            called(bean + ".hide", receipt);
        }

        public Object find(Object key) {
            return called(bean + ".find", key);
        }

        public Object collate(Object records, Object text, Object inspection, Object origins) {
            return called(bean + ".collate", records, text, inspection, origins);
        }

        public Object inspect(Object attempt, Object source) {
            return called(bean + ".inspect", attempt, source);
        }

        public Object open(Object attempt, Object source, Object inspection) {
            return called(bean + ".open", attempt, source, inspection);
        }

        public Object source(Object attempt) {
            return called(bean + ".source", attempt);
        }

        public void add(Object attempt, Object rejected) {
            called(bean + ".add", attempt, rejected);
        }

        public void begin(Object attempt, Object dataset, Object columns, Object origins) {
            called(bean + ".begin", attempt, dataset, columns, origins);
        }

        public Object begin(Object attempt, Object columns) {
            return called(bean + ".begin", attempt, columns);
        }

        public Object store(Object attempt, Object dataset, Object batch) {
            return called(bean + ".store", attempt, dataset, batch);
        }
    }
}
