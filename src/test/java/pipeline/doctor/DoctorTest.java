package pipeline.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import pipeline.aws.Clients;
import pipeline.aws.Provisioning;
import pipeline.dataset.Datasets;
import pipeline.doctor.Finding.State;
import pipeline.local.Call;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;
import pipeline.local.LocalAws;
import pipeline.run.Pipeline;
import pipeline.settings.Settings;
import pipeline.specs.Sandbox;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.Event;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.FilterRule;
import software.amazon.awssdk.services.s3.model.FilterRuleName;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.NotificationConfigurationFilter;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.s3.model.S3KeyFilter;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;
import software.amazon.awssdk.services.s3.model.TopicConfiguration;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * An account in which everything is as it should be, and one thing that is not. What is asserted is all that the doctor
 * has to say beyond "ok"; after every test the account holds what it held before.
 */
class DoctorTest {
    private static final String QUEUE_POLICY = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["s3.amazonaws.com","sns.amazonaws.com"]},\
            "Action":"SQS:SendMessage","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":["arn:aws:s3:::doctor-*","arn:aws:sns:*:DoctorEvents"]}}}]}""";

    /** The stand-in's disabled key. */
    private static final String KEY = "arn:aws:kms:us-east-1:000000000000:key/11112222-3333-4444-5555-666677778888";

    private static final List<String> WRITES = List.of("s3:PutObject", "s3:CopyObject", "s3:CreateMultipartUpload");

    private static final AtomicInteger BUCKETS = new AtomicInteger();

    private static Clients clients;
    private static String queueArn;

    private final LocalAws aws = Sandbox.shared().aws();
    private final Datasets datasets = Datasets.load(Pipeline.DATASETS);
    private final String bucket = "doctor-" + BUCKETS.incrementAndGet();
    private final Map<String, String> changed = new HashMap<>();

    @BeforeEach
    void anAccountInWhichAllIsWell() {
        Sandbox.shared().clean();
        if (clients == null) {
            clients = new Clients(settings());
            new Provisioning(clients, settings(), datasets).run();
            queueArn = arn(url("DoctorQueue"));
            clients.sns().subscribe(request -> request.topicArn(topic("DoctorAlerts"))
                    .protocol("email")
                    .endpoint("somebody@example.org"));
        } else {
            clients.s3().createBucket(request -> request.bucket(bucket));
        }
        clients.sqs().setQueueAttributes(request -> request.queueUrl(url("DoctorQueue"))
                .attributes(Map.of(QueueAttributeName.POLICY, QUEUE_POLICY, QueueAttributeName.KMS_MASTER_KEY_ID, "")));
        notify(QueueConfiguration.builder()
                .queueArn(queueArn)
                .events(Event.S3_OBJECT_CREATED)
                .filter(prefix("raw-data/"))
                .build());
    }

    @AfterAll
    static void disconnect() {
        clients.close();
    }

    private void notify(QueueConfiguration... queues) {
        clients.s3().putBucketNotificationConfiguration(request -> request.bucket(bucket)
                .notificationConfiguration(all -> all.queueConfigurations(List.of(queues))));
    }

    private static NotificationConfigurationFilter prefix(String prefix) {
        return filter(FilterRuleName.PREFIX, prefix);
    }

    private static NotificationConfigurationFilter filter(FilterRuleName name, String value) {
        return NotificationConfigurationFilter.builder()
                .key(S3KeyFilter.builder()
                        .filterRules(List.of(
                                FilterRule.builder().name(name).value(value).build()))
                        .build())
                .build();
    }

    private Settings settings() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "PIPELINE_BUCKET", bucket,
                "PIPELINE_LEDGER_TABLE", "DoctorFiles",
                "PIPELINE_QUEUE", "DoctorQueue",
                "PIPELINE_DEAD_LETTER_QUEUE", "DoctorDLQ",
                "PIPELINE_ALERT_TOPIC", "DoctorAlerts"));
        environment.putAll(changed);
        return Settings.load(Settings.FILE, environment);
    }

    private static String url(String queue) {
        return clients.sqs().getQueueUrl(request -> request.queueName(queue)).queueUrl();
    }

    private static String arn(String url) {
        return clients.sqs()
                .getQueueAttributes(request -> request.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
    }

    private static String topic(String name) {
        return clients.sns().createTopic(request -> request.name(name)).topicArn();
    }

    private List<Finding> examine(Datasets declared, Clock clock) {
        List<Finding> findings = new ArrayList<>();
        new Doctor(clients, settings(), declared, clock).examine(findings::add);
        return findings;
    }

    private List<Finding> examine() {
        return examine(datasets, Clock.systemUTC());
    }

    /** All that is not ok, as it is printed. */
    private static String text(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.state() != State.OK)
                .map(finding -> finding.state().label() + " " + finding.about() + ": " + finding.text() + "\n"
                        + finding.mends().stream()
                                .map(mend -> "  mend: " + mend + "\n")
                                .collect(Collectors.joining()))
                .collect(Collectors.joining());
    }

    private static String grant(String policy, String actions, String resources) {
        return "  mend: aws iam put-role-policy --role-name ROLE --policy-name camel-data-pipeline-" + policy
                + " --policy-document '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":["
                + Stream.of(actions.split(" "))
                        .map(action -> '"' + action + '"')
                        .collect(Collectors.joining(","))
                + "],\"Resource\":["
                + Stream.of(resources.split(" ")).map(arn -> '"' + arn + '"').collect(Collectors.joining(","))
                + "]}]}'\n";
    }

    private String settingsGrant() {
        return grant(
                "doctor-bucket",
                "s3:GetBucketVersioning s3:GetBucketObjectLockConfiguration s3:GetEncryptionConfiguration s3:GetLifecycleConfiguration s3:GetBucketNotification",
                "arn:aws:s3:::" + bucket);
    }

    private void fault(String operation, String target, Fault fault) {
        aws.faults(call -> call.operation().equals(operation) && call.target().contains(target) ? fault : Fault.NONE);
    }

    private void assertFound(String expected) {
        assertEquals(expected, text(examine()));
    }

    @AfterEach
    void nothingIsLeftBehind() {
        aws.faults(FaultPlan.none());
        assertEquals(
                List.of(),
                clients.s3().listObjectsV2(request -> request.bucket(bucket)).contents().stream()
                        .map(S3Object::key)
                        .toList());
        assertEquals(
                List.of(),
                clients.s3()
                        .listMultipartUploads(request -> request.bucket(bucket))
                        .uploads());
        for (String table : List.of("DoctorFiles", "ProcessedOrders", "ProcessedSales", "ProcessedSensors")) {
            assertEquals(
                    0,
                    clients.dynamoDb().scan(request -> request.tableName(table)).count(),
                    table);
        }
        for (String queue : List.of("DoctorQueue", "DoctorDLQ")) {
            assertEquals(
                    "0",
                    clients.sqs()
                            .getQueueAttributes(request -> request.queueUrl(url(queue))
                                    .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                            .attributes()
                            .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
        }
        assertEquals(List.of(), aws.published());
    }

    @Test
    void nothingIsWrong() {
        List<Finding> findings = examine();
        assertEquals("", text(findings));
        assertEquals(
                List.of(
                        "credentials",
                        "bucket",
                        "clock",
                        "bucket, versioning",
                        "bucket, Object Lock",
                        "bucket, encryption",
                        "bucket, raw-data/",
                        "bucket, archive/",
                        "bucket, processed-data/",
                        "bucket, failed-data/",
                        "table DoctorFiles",
                        "table DoctorFiles, index open",
                        "table DoctorFiles, index by-day",
                        "table ProcessedOrders",
                        "table ProcessedSales",
                        "table ProcessedSensors",
                        "queue DoctorDLQ",
                        "queue DoctorQueue",
                        "queue DoctorQueue, redrive",
                        "events of raw-data/",
                        "topic DoctorAlerts"),
                findings.stream()
                        .map(finding -> finding.about().replace("bucket " + bucket, "bucket"))
                        .toList());
    }

    // Bucket

    @Test
    void aBucketThatIsMissing() {
        changed.put("PIPELINE_BUCKET", "doctor-none");
        assertFound("""
                WRONG bucket doctor-none: found no such bucket, expected it to exist; create it, or set pipeline.bucket to another
                  mend: provision
                ? bucket doctor-none, versioning: not checked: the bucket did not answer
                ? bucket doctor-none, Object Lock: not checked: the bucket did not answer
                ? bucket doctor-none, encryption: not checked: the bucket did not answer
                ? bucket doctor-none, raw-data/: not checked: the bucket did not answer
                ? bucket doctor-none, archive/: not checked: the bucket did not answer
                ? bucket doctor-none, processed-data/: not checked: the bucket did not answer
                ? bucket doctor-none, failed-data/: not checked: the bucket did not answer
                ? events of raw-data/: not checked: the bucket did not answer
                """);
    }

    @Test
    void aBucketThatMayNotBeListed() {
        fault("s3:ListObjects", bucket, Fault.DENIED);
        String unknown =
                ": not checked: without s3:ListBucket S3 does not tell a missing object from a forbidden one\n";
        assertFound(
                "WRONG bucket %s: found it forbidden (S3 answered AccessDenied: Access Denied), expected permission\n"
                                .formatted(bucket)
                        + grant("bucket", "s3:ListBucket", "arn:aws:s3:::" + bucket)
                        + Stream.of("raw-data/", "archive/", "processed-data/", "failed-data/")
                                .map(prefix -> "? bucket " + bucket + ", " + prefix + unknown)
                                .collect(Collectors.joining()));
    }

    @ParameterizedTest
    @CsvSource({
        "s3:GetObject,            raw-data/,       s3:GetObject,            GetObject DeleteObject",
        "s3:DeleteObject,         raw-data/,       s3:DeleteObject,         GetObject DeleteObject",
        "s3:GetObject,            archive/,        s3:GetObject,            GetObject PutObject AbortMultipartUpload",
        "s3:PutObject,            archive/,        s3:PutObject,            GetObject PutObject AbortMultipartUpload",
        "s3:CopyObject,           processed-data/, s3:PutObject,            GetObject PutObject DeleteObject AbortMultipartUpload",
        "s3:PutObject,            failed-data/,    s3:PutObject,            GetObject PutObject DeleteObject AbortMultipartUpload",
        "s3:AbortMultipartUpload, failed-data/,    s3:AbortMultipartUpload, GetObject PutObject DeleteObject AbortMultipartUpload"
    })
    void noPermissionOnOnePrefix(String operation, String prefix, String action, String needed) {
        fault(operation, bucket + "/" + prefix, Fault.DENIED);
        assertFound(
                "WRONG bucket %s, %s: found %s forbidden (S3 answered AccessDenied: Access Denied), expected permission%s\n"
                                .formatted(
                                        bucket,
                                        prefix,
                                        action,
                                        prefix.equals("raw-data/") ? "" : "; tried with an object, which is gone again")
                        + grant(
                                prefix.replace("/", ""),
                                "s3:" + needed.replace(" ", " s3:"),
                                "arn:aws:s3:::" + bucket + "/" + prefix + "*"));
    }

    @Test
    void whereNothingMayBeDeletedNothingIsPut() {
        fault("s3:DeleteObject", bucket + "/processed-data/", Fault.DENIED);
        aws.recordCalls(true);
        assertFound(
                "WRONG bucket %s, processed-data/: found s3:DeleteObject forbidden (S3 answered AccessDenied: Access Denied), expected permission; tried with an upload, which was given up\n"
                                .formatted(bucket)
                        + grant(
                                "processed-data",
                                "s3:GetObject s3:PutObject s3:DeleteObject s3:AbortMultipartUpload",
                                "arn:aws:s3:::" + bucket + "/processed-data/*"));
        assertEquals(List.of(), calls("s3:PutObject", "processed-data/"));
    }

    /** The pipeline deletes nothing there, and whoever forbids it does well. */
    @Test
    void anArchiveFromWhichNothingMayBeDeletedIsWell() {
        fault("s3:DeleteObject", bucket + "/archive/", Fault.DENIED);
        aws.recordCalls(true);
        assertFound("");
        assertEquals(List.of(), calls("s3:PutObject", "archive/"));
        assertEquals(1, calls("s3:CreateMultipartUpload", "archive/").size());
    }

    @Test
    void whereNothingCanBeTakenBackNothingIsWritten() {
        aws.faults(call -> call.target().contains("/failed-data/")
                        && List.of("s3:DeleteObject", "s3:AbortMultipartUpload").contains(call.operation())
                ? Fault.DENIED
                : Fault.NONE);
        aws.recordCalls(true);
        String found = text(examine());
        assertTrue(
                found.startsWith(
                        "WRONG bucket %s, failed-data/: found s3:DeleteObject, s3:AbortMultipartUpload forbidden (S3 answered AccessDenied: Access Denied), expected permission; writing was not tried, as it could not be taken back\n"
                                .formatted(bucket)),
                found);
        assertEquals(List.of(), calls("s3:PutObject", "failed-data/"));
        assertEquals(List.of(), calls("s3:CreateMultipartUpload", "failed-data/"));
    }

    private List<String> calls(String operation, String target) {
        return aws.calls().stream()
                .filter(call -> call.operation().equals(operation))
                .map(Call::target)
                .filter(found -> found.contains(target))
                .toList();
    }

    private String keyDisabled(String prefix) {
        return """
                WRONG bucket %s, %s: found that nothing can be written: S3 may not use the bucket's key of KMS (S3 answered KMS.DisabledException: %s is disabled.)
                  mend: aws kms enable-key --key-id %s
                """.formatted(bucket, prefix, KEY, KEY);
    }

    @Test
    void aDisabledKeyOfKms() {
        clients.s3().putBucketEncryption(request -> request.bucket(bucket)
                .serverSideEncryptionConfiguration(rules -> rules.rules(ServerSideEncryptionRule.builder()
                        .applyServerSideEncryptionByDefault(rule ->
                                rule.sseAlgorithm(ServerSideEncryption.AWS_KMS).kmsMasterKeyID(KEY))
                        .build())));
        aws.faults(call -> WRITES.contains(call.operation()) ? Fault.KEY_DISABLED : Fault.NONE);
        String expected = keyDisabled("archive/") + keyDisabled("processed-data/") + keyDisabled("failed-data/");
        List<Finding> findings = examine();
        assertEquals(expected, text(findings));
        assertTrue(findings.contains(
                new Finding(State.OK, "bucket " + bucket + ", encryption", "aws:kms with key " + KEY, List.of())));
        versioned(BucketVersioningStatus.ENABLED);
        assertTrue(text(examine()).endsWith(expected), "the key is found out where nothing is put, too");
    }

    private void versioned(BucketVersioningStatus status) {
        clients.s3().putBucketVersioning(request -> request.bucket(bucket)
                .versioningConfiguration(on -> on.status(status)));
    }

    /** A put would leave a version, and its deletion a marker. */
    @ParameterizedTest
    @EnumSource(
            value = BucketVersioningStatus.class,
            names = {"ENABLED", "SUSPENDED"})
    void aBucketThatKeepsVersions(BucketVersioningStatus status) {
        versioned(status);
        aws.recordCalls(true);
        assertFound("""
                note bucket %s, versioning: %s: the pipeline works, nothing is lost; but each file leaves a version and a delete marker in raw-data/, which cost storage until a lifecycle rule removes them
                  mend: aws s3api put-bucket-lifecycle-configuration --bucket %s --lifecycle-configuration '{"Rules":[{"ID":"raw-data-left-behind","Status":"Enabled","Filter":{"Prefix":"raw-data/"},"NoncurrentVersionExpiration":{"NoncurrentDays":7},"Expiration":{"ExpiredObjectDeleteMarker":true}}]}'
                """.formatted(bucket, status, bucket));
        assertEquals(List.of(), calls("s3:PutObject", ""));
        assertEquals(3, calls("s3:CreateMultipartUpload", "").size());
        lifecycle("processed-data/");
        assertTrue(text(examine()).contains("(the command replaces the bucket's other rules: add them to it)"));
        lifecycle("raw-data/");
        assertFound("");
    }

    private void lifecycle(String prefix) {
        clients.s3().putBucketLifecycleConfiguration(request -> request.bucket(bucket)
                .lifecycleConfiguration(rules -> rules.rules(LifecycleRule.builder()
                        .id("old")
                        .status(ExpirationStatus.ENABLED)
                        .filter(filter -> filter.prefix(prefix))
                        .noncurrentVersionExpiration(after -> after.noncurrentDays(1))
                        .build())));
    }

    @Test
    void aBucketWithObjectLock() {
        versioned(BucketVersioningStatus.ENABLED);
        lifecycle("");
        clients.s3().putObjectLockConfiguration(request -> request.bucket(bucket)
                .objectLockConfiguration(lock -> lock.objectLockEnabled(ObjectLockEnabled.ENABLED)));
        assertFound("");
        clients.s3().putObjectLockConfiguration(request -> request.bucket(bucket)
                .objectLockConfiguration(lock -> lock.objectLockEnabled(ObjectLockEnabled.ENABLED)
                        .rule(rule -> rule.defaultRetention(retention -> retention
                                .mode(ObjectLockRetentionMode.COMPLIANCE)
                                .days(30)))));
        aws.recordCalls(true);
        assertFound("""
                note bucket %s, Object Lock: each new object is locked for 30 days (COMPLIANCE): the pipeline works, since a lock does not stop a delete that names no version; but every file is kept as dropped, in archive/ and in its place until then, and AWS_REQUEST_CHECKSUM_CALCULATION must not be when_required; the command ends the retention of new objects
                  mend: aws s3api put-object-lock-configuration --bucket %s --object-lock-configuration '{"ObjectLockEnabled":"Enabled"}'
                """.formatted(bucket, bucket));
        assertEquals(List.of(), calls("s3:PutObject", ""), "what is locked could not be taken back");
    }

    @Test
    void whatTheEndpointDoesNotKnow() {
        aws.faults(call -> call.operation().startsWith("s3:GetBucket") ? Fault.NOT_IMPLEMENTED : Fault.NONE);
        String unknown =
                ": not checked: this endpoint does not tell (S3 answered NotImplemented: A header you provided implies functionality that is not implemented.)\n";
        assertFound(
                "? bucket %1$s, versioning%2$s? bucket %1$s, Object Lock%2$s? bucket %1$s, encryption%2$s? events of raw-data/%2$s"
                        .formatted(bucket, unknown));
    }

    @Test
    void whatTheDoctorMayNotAsk() {
        aws.faults(call -> call.operation().startsWith("s3:GetBucket") ? Fault.DENIED : Fault.NONE);
        aws.recordCalls(true);
        String unknown =
                ": not checked: this verb may not ask (S3 answered AccessDenied: Access Denied)\n" + settingsGrant();
        assertFound(
                "? bucket %1$s, versioning%2$s? bucket %1$s, Object Lock%2$s? bucket %1$s, encryption%2$s? events of raw-data/%2$s"
                        .formatted(bucket, unknown));
        assertEquals(List.of(), calls("s3:PutObject", ""), "perhaps the bucket keeps versions");
    }

    // What is written and taken back

    /** Each call for one prefix fails in turn, before and after it took effect; whatever comes of it, nothing stays. */
    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"FAIL_BEFORE", "FAIL_AFTER", "CUT_AFTER", "DENIED"})
    void whateverFailsNothingIsLeftBehind(Fault fault) {
        Account account = new Account(clients, settings(), Clock.systemUTC());
        BucketCheck in = new BucketCheck(account);
        VersioningCheck versioning = new VersioningCheck(account, in);
        List<Check> checks = List.of(
                in,
                versioning,
                PrefixCheck.place(
                        new PrefixCheck.Bucket(account, in, versioning, new EncryptionCheck(account, in)),
                        "failed-data/"));
        aws.recordCalls(true);
        assertEquals("", run(checks));
        int total = aws.calls().size();
        List<Integer> untold = new ArrayList<>();
        for (int call = 1; call <= total; call++) {
            int which = call;
            AtomicInteger count = new AtomicInteger();
            aws.faults(any -> count.incrementAndGet() == which ? fault : Fault.NONE);
            if (run(checks).isEmpty()) {
                untold.add(which);
            }
            nothingIsLeftBehind();
        }
        assertEquals(10, total);
        assertEquals(List.of(9, 10), untold, "only what takes a probe back is tried again");
    }

    private static String run(List<Check> checks) {
        List<Finding> findings = new ArrayList<>();
        Report report = new Report(findings::add);
        checks.forEach(check -> check.run(report));
        return text(findings);
    }

    @Test
    void everyRefusalIsToldWithWhatMendsIt() {
        aws.recordCalls(true);
        examine();
        Set<String> operations =
                aws.calls().stream().map(Call::operation).collect(Collectors.toCollection(TreeSet::new));
        assertTrue(operations.size() > 20, operations::toString);
        for (String operation : operations) {
            fault(operation, "", Fault.DENIED);
            List<Finding> told = examine().stream()
                    .filter(finding -> finding.state() != State.OK)
                    .toList();
            assertFalse(told.isEmpty(), operation);
            assertTrue(
                    told.stream()
                            .anyMatch(finding ->
                                    !finding.mends().isEmpty() && finding.text().contains("answered A")),
                    () -> operation + ": " + told);
        }
    }

    @Test
    void anUploadWhoseAnswerIsLostIsGivenUp() {
        versioned(BucketVersioningStatus.ENABLED);
        for (Fault fault : List.of(Fault.FAIL_AFTER, Fault.CUT_AFTER)) {
            fault("s3:CreateMultipartUpload", bucket, fault);
            assertTrue(text(examine()).contains("archive/: found no good answer"));
            aws.faults(FaultPlan.none());
            nothingIsLeftBehind();
        }
    }

    @Test
    void whatCannotBeTakenBackIsTold() {
        aws.faults(call -> call.operation().equals("s3:DeleteObject")
                        && call.target().startsWith(bucket + "/failed-data/")
                        && call.target().endsWith("-copy")
                ? Fault.FAIL_BEFORE
                : Fault.NONE);
        String found = text(examine());
        Matcher told = Pattern.compile("WRONG bucket " + bucket
                        + ", failed-data/: found that the probe failed-data/doctor-[0-9a-f]{24} cannot be taken back\n"
                        + "  mend: aws s3 rm s3://" + bucket + "/(failed-data/doctor-[0-9a-f]{24}-copy)\n")
                .matcher(found);
        assertTrue(told.matches(), found);
        aws.faults(FaultPlan.none());
        clients.s3().deleteObject(request -> request.bucket(bucket).key(told.group(1)));
    }

    @Test
    void aUsersFileAndEntryStayAsTheyAre() {
        clients.s3().putObject(request -> request.bucket(bucket).key("raw-data/a.csv"), RequestBody.fromString("a"));
        Map<String, AttributeValue> entry =
                Map.of("file", AttributeValue.fromS("a.csv"), "version", AttributeValue.fromS("1"));
        clients.dynamoDb().putItem(request -> request.tableName("DoctorFiles").item(entry));
        clients.sqs()
                .sendMessage(request -> request.queueUrl(url("DoctorQueue")).messageBody("{}"));
        assertFound("");
        assertEquals(
                "a",
                clients.s3()
                        .getObjectAsBytes(request -> request.bucket(bucket).key("raw-data/a.csv"))
                        .asUtf8String());
        assertEquals(
                List.of(entry),
                clients.dynamoDb()
                        .scan(request -> request.tableName("DoctorFiles"))
                        .items());
        var message = clients.sqs()
                .receiveMessage(request -> request.queueUrl(url("DoctorQueue"))
                        .messageSystemAttributeNames(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                .messages()
                .get(0);
        assertEquals("1", message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT));
        clients.sqs()
                .deleteMessage(request -> request.queueUrl(url("DoctorQueue")).receiptHandle(message.receiptHandle()));
        clients.dynamoDb()
                .deleteItem(request -> request.tableName("DoctorFiles").key(entry));
        clients.s3().deleteObject(request -> request.bucket(bucket).key("raw-data/a.csv"));
    }

    // Tables

    private static void table(String name, String hash, String range, GlobalSecondaryIndex... indexes) {
        List<String> attributes = new ArrayList<>(List.of(hash, range));
        Stream.of(indexes)
                .flatMap(index -> index.keySchema().stream())
                .map(KeySchemaElement::attributeName)
                .filter(attribute -> !attributes.contains(attribute))
                .forEach(attributes::add);
        CreateTableRequest.Builder request = CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(attributes.stream()
                        .map(attribute -> AttributeDefinition.builder()
                                .attributeName(attribute)
                                .attributeType(ScalarAttributeType.S)
                                .build())
                        .toList())
                .keySchema(keys(hash, range));
        if (indexes.length > 0) {
            request.globalSecondaryIndexes(indexes);
        }
        clients.dynamoDb().createTable(request.build());
    }

    private static List<KeySchemaElement> keys(String hash, String range) {
        return List.of(
                KeySchemaElement.builder()
                        .attributeName(hash)
                        .keyType(KeyType.HASH)
                        .build(),
                KeySchemaElement.builder()
                        .attributeName(range)
                        .keyType(KeyType.RANGE)
                        .build());
    }

    private static GlobalSecondaryIndex index(String name, String hash, String range, ProjectionType projection) {
        return GlobalSecondaryIndex.builder()
                .indexName(name)
                .keySchema(keys(hash, range))
                .projection(shown -> shown.projectionType(projection))
                .build();
    }

    private void assertLedger(String table, String expected) {
        changed.put("PIPELINE_LEDGER_TABLE", table);
        assertFound(expected);
    }

    @Test
    void aLedgerThatIsMissing() {
        assertLedger("DoctorNone", """
                WRONG table DoctorNone: found no such table, expected it to exist; create it
                  mend: provision
                ? table DoctorNone, index open: not checked: the table is not as it should be
                ? table DoctorNone, index by-day: not checked: the table is not as it should be
                """);
    }

    @Test
    void aLedgerWithAnotherKey() {
        table("DoctorOtherKey", "file", "etag");
        assertLedger("DoctorOtherKey", """
                WRONG table DoctorOtherKey: found the key file S, etag S, expected file S, version S; a table's key cannot be changed: set pipeline.ledger-table to another name, then create that
                  mend: provision
                ? table DoctorOtherKey, index open: not checked: the table is not as it should be
                ? table DoctorOtherKey, index by-day: not checked: the table is not as it should be
                """);
    }

    @Test
    void aLedgerWithoutItsIndexes() {
        table("DoctorNoIndex", "file", "version");
        assertLedger("DoctorNoIndex", """
                WRONG table DoctorNoIndex, index open: found no such index, expected it; create it
                  mend: aws dynamodb update-table --table-name DoctorNoIndex --attribute-definitions '[{"AttributeName":"file","AttributeType":"S"},{"AttributeName":"version","AttributeType":"S"},{"AttributeName":"open","AttributeType":"S"}]' --global-secondary-index-updates '[{"Create":{"IndexName":"open","KeySchema":[{"AttributeName":"open","KeyType":"HASH"},{"AttributeName":"file","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}}]'
                WRONG table DoctorNoIndex, index by-day: found no such index, expected it; create it
                  mend: aws dynamodb update-table --table-name DoctorNoIndex --attribute-definitions '[{"AttributeName":"file","AttributeType":"S"},{"AttributeName":"version","AttributeType":"S"},{"AttributeName":"day","AttributeType":"S"},{"AttributeName":"concluded_at","AttributeType":"S"}]' --global-secondary-index-updates '[{"Create":{"IndexName":"by-day","KeySchema":[{"AttributeName":"day","KeyType":"HASH"},{"AttributeName":"concluded_at","KeyType":"RANGE"}],"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["status","dataset","attempts","bytes","rows_read","rows_stored","rows_rejected","write_units","duration_millis","cost","items_resent","rejected_for"]}}}]'
                """);
    }

    @Test
    void aLedgerWithOtherIndexes() {
        table(
                "DoctorOtherIndex",
                "file",
                "version",
                index("open", "open", "version", ProjectionType.ALL),
                index("by-day", "day", "concluded_at", ProjectionType.KEYS_ONLY));
        changed.put("PIPELINE_LEDGER_TABLE", "DoctorOtherIndex");
        List<String> wrong = text(examine())
                .lines()
                .map(line -> line.replaceAll("( --attribute| --global).*", ""))
                .toList();
        assertEquals(
                List.of(
                        "WRONG table DoctorOtherIndex, index open: found the key open S, version S and the projection ALL, expected open S, file S and ALL; delete it and, when it is gone, create it anew: the entries stay",
                        "  mend: aws dynamodb update-table --table-name DoctorOtherIndex",
                        "  mend: aws dynamodb update-table --table-name DoctorOtherIndex",
                        "WRONG table DoctorOtherIndex, index by-day: found the key day S, concluded_at S and the projection KEYS_ONLY, expected day S, concluded_at S and INCLUDE status dataset attempts bytes rows_read rows_stored rows_rejected write_units duration_millis cost items_resent rejected_for; delete it and, when it is gone, create it anew: the entries stay",
                        "  mend: aws dynamodb update-table --table-name DoctorOtherIndex",
                        "  mend: aws dynamodb update-table --table-name DoctorOtherIndex"),
                wrong);
    }

    @ParameterizedTest
    @CsvSource({"dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:Query"})
    void aLedgerThatMayNotBeUsed(String action) {
        fault(action, "DoctorFiles", Fault.DENIED);
        String found = text(examine());
        assertTrue(
                found.startsWith(
                        "WRONG table DoctorFiles: found %s forbidden (DynamoDb answered AccessDeniedException: User is not authorized to perform this operation), expected permission\n"
                                        .formatted(action)
                                + grant(
                                        "table-DoctorFiles",
                                        "dynamodb:DescribeTable dynamodb:GetItem dynamodb:Query dynamodb:UpdateItem",
                                        "arn:aws:dynamodb:us-east-1:*:table/DoctorFiles arn:aws:dynamodb:us-east-1:*:table/DoctorFiles/index/*")),
                found);
        assertEquals(action.endsWith("Query") ? 3 : 1, found.split("WRONG ", -1).length - 1, found);
    }

    private Datasets orders(Path folder, String table) throws IOException {
        Files.writeString(
                folder.resolve("orders.yaml"),
                Files.readString(Path.of("config/datasets/orders.yaml")).replace("ProcessedOrders", table));
        return Datasets.load(folder);
    }

    @Test
    void aTableOfADatasetThatIsMissing(@TempDir Path folder) throws IOException {
        assertEquals("""
                WRONG table DoctorNone: found no such table, expected it to exist; create it
                  mend: provision
                """, text(examine(orders(folder, "DoctorNone"), Clock.systemUTC())));
    }

    @Test
    void aTableOfADatasetWithAnotherKey(@TempDir Path folder) throws IOException {
        table("DoctorOrders", "order_id", "source_line");
        assertEquals("""
                WRONG table DoctorOrders: found the key order_id S, source_line S, expected order_id S, processed_timestamp S; a table's key cannot be changed: name another table in dataset orders, or that key, then create that
                  mend: provision
                """, text(examine(orders(folder, "DoctorOrders"), Clock.systemUTC())));
    }

    @Test
    void aTableThatTakesNoBatches() {
        fault("dynamodb:BatchWriteItem", "ProcessedSales", Fault.DENIED);
        assertFound(
                "WRONG table ProcessedSales: found it forbidden (DynamoDb answered AccessDeniedException: User is not authorized to perform this operation), expected permission\n"
                        + grant(
                                "table-ProcessedSales",
                                "dynamodb:DescribeTable dynamodb:BatchWriteItem",
                                "arn:aws:dynamodb:us-east-1:*:table/ProcessedSales arn:aws:dynamodb:us-east-1:*:table/ProcessedSales/index/*"));
    }

    // Queues

    @Test
    void queuesThatAreMissing() {
        changed.put("PIPELINE_QUEUE", "DoctorNone");
        changed.put("PIPELINE_DEAD_LETTER_QUEUE", "DoctorNoDLQ");
        assertFound("""
                WRONG queue DoctorNoDLQ: found no such queue, expected it to exist; create it
                  mend: provision
                WRONG queue DoctorNone: found no such queue, expected it to exist; create it
                  mend: provision
                ? queue DoctorNone, redrive: not checked: the queue is not as it should be
                ? events of raw-data/: not checked: the queue is not as it should be
                """);
    }

    @ParameterizedTest
    @CsvSource({
        "sqs:ReceiveMessage,          DoctorQueue, sqs:ReceiveMessage,          queue",
        "sqs:DeleteMessage,           DoctorQueue, sqs:DeleteMessage,           queue",
        "sqs:ChangeMessageVisibility, DoctorQueue, sqs:ChangeMessageVisibility, queue",
        "sqs:SendMessageBatch,        DoctorDLQ,   sqs:SendMessage,             dead-letter-queue"
    })
    void aQueueThatMayNotBeUsed(String operation, String queue, String action, String policy) {
        fault(operation, queue, Fault.DENIED);
        assertFound(
                "WRONG queue %s: found %s forbidden (Sqs answered AccessDenied: Access to the resource is denied.), expected permission\n"
                                .formatted(queue, action)
                        + grant(
                                policy,
                                policy.equals("queue")
                                        ? "sqs:GetQueueUrl sqs:GetQueueAttributes sqs:ReceiveMessage sqs:DeleteMessage sqs:ChangeMessageVisibility"
                                        : "sqs:GetQueueUrl sqs:GetQueueAttributes sqs:SendMessage",
                                "arn:aws:sqs:us-east-1:*:" + queue));
    }

    @ParameterizedTest
    @CsvSource({
        "DoctorNoRedrive,    '',        0, found none",
        "DoctorShortRedrive, DoctorDLQ, 3, found it after 3 deliveries",
        "DoctorOtherRedrive, DoctorQueue, 1000, found it to arn:aws:sqs:us-east-1:000000000000:DoctorQueue"
    })
    void aRedriveThatIsNot(String queue, String target, int count, String found) throws IOException {
        Map<QueueAttributeName, String> attributes = new HashMap<>(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "30"));
        if (!target.isEmpty()) {
            attributes.put(
                    QueueAttributeName.REDRIVE_POLICY,
                    "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}".formatted(arn(url(target)), count));
        }
        String url = clients.sqs()
                .createQueue(request -> request.queueName(queue).attributes(attributes))
                .queueUrl();
        changed.put("PIPELINE_QUEUE", queue);
        changed.put("PIPELINE_INTAKE", "both");
        Finding redrive = examine().stream()
                .filter(finding -> finding.about().endsWith("redrive"))
                .findFirst()
                .orElseThrow();
        assertEquals(State.WRONG, redrive.state());
        assertEquals(
                found + ", expected DoctorDLQ after 1,000 deliveries",
                redrive.text().replaceFirst(": a message comes back as often as others are busy with its file$", ""));
        apply(redrive.mends().get(0), url);
        assertTrue(examine().stream()
                .noneMatch(finding -> finding.about().endsWith("redrive") && finding.state() != State.OK));
    }

    /** Does what {@code aws sqs set-queue-attributes} would do with what is printed. */
    private static void apply(String mend, String url) throws IOException {
        Matcher command = Pattern.compile("aws sqs set-queue-attributes --queue-url (\\S+) --attributes '([^']*)'")
                .matcher(mend);
        assertTrue(command.matches(), mend);
        assertEquals(url, command.group(1));
        Map<QueueAttributeName, String> attributes = new HashMap<>();
        new ObjectMapper()
                .readTree(command.group(2))
                .properties()
                .forEach(entry -> attributes.put(
                        QueueAttributeName.fromValue(entry.getKey()),
                        entry.getValue().asText()));
        clients.sqs().setQueueAttributes(request -> request.queueUrl(url).attributes(attributes));
    }

    @Test
    void oneQueueForBoth() {
        changed.put("PIPELINE_DEAD_LETTER_QUEUE", "DoctorQueue");
        assertFound("""
                WRONG queue DoctorQueue, redrive: found that queue and dead-letter queue are one, expected two; set pipeline.dead-letter-queue to another name, then create it
                  mend: provision
                """);
    }

    @Test
    void whereFilesAreOnlyListedTheQueueMatters() {
        changed.put("PIPELINE_INTAKE", "poll");
        notify(new QueueConfiguration[0]);
        aws.faults(call -> List.of("sqs:ReceiveMessage", "s3:GetBucketNotificationConfiguration")
                        .contains(call.operation())
                ? Fault.DENIED
                : Fault.NONE);
        assertFound("");
    }

    // Events

    private String notification(String more) {
        return "  mend: aws s3api put-bucket-notification-configuration --bucket " + bucket
                + " --notification-configuration '{\"QueueConfigurations\":[" + more
                + "{\"Id\":\"camel-data-pipeline\",\"QueueArn\":\"arn:aws:sqs:us-east-1:000000000000:DoctorQueue\",\"Events\":[\"s3:ObjectCreated:*\"],\"Filter\":{\"Key\":{\"FilterRules\":[{\"Name\":\"prefix\",\"Value\":\"raw-data/\"}]}}}]}'\n";
    }

    @Test
    void aBucketThatTellsNobody() {
        notify(new QueueConfiguration[0]);
        assertFound(
                "note events of raw-data/: found that queue DoctorQueue hears of none: files are found by listing alone, each pipeline.poll-every-seconds; nothing is missed\n"
                        + notification(""));
        changed.put("PIPELINE_INTAKE", "events");
        assertFound(
                "WRONG events of raw-data/: found that queue DoctorQueue hears of none, expected all s3:ObjectCreated:*; until then only a listing each pipeline.sweep-every finds files\n"
                        + notification(""));
    }

    @Test
    void aBucketThatTellsPartOfIt() {
        changed.put("PIPELINE_INTAKE", "events");
        notify(
                QueueConfiguration.builder()
                        .id("csv")
                        .queueArn(queueArn)
                        .events(Event.S3_OBJECT_CREATED_PUT)
                        .filter(filter(FilterRuleName.SUFFIX, ".csv"))
                        .build(),
                QueueConfiguration.builder()
                        .id("other")
                        .queueArn(queueArn)
                        .events(Event.S3_OBJECT_REMOVED)
                        .filter(prefix("processed-data/"))
                        .build());
        assertFound(
                "WRONG events of raw-data/: found that queue DoctorQueue hears only of s3:ObjectCreated:Put and keys that end in .csv, expected all s3:ObjectCreated:*; until then only a listing each pipeline.sweep-every finds files\n"
                        + notification(
                                "{\"Id\":\"other\",\"QueueArn\":\"arn:aws:sqs:us-east-1:000000000000:DoctorQueue\",\"Events\":[\"s3:ObjectRemoved:*\"],\"Filter\":{\"Key\":{\"FilterRules\":[{\"Name\":\"prefix\",\"Value\":\"processed-data/\"}]}}},"));
    }

    @Test
    void eventsThroughATopic() {
        String topicArn = topic("DoctorEvents");
        clients.s3().putBucketNotificationConfiguration(request -> request.bucket(bucket)
                .notificationConfiguration(all -> all.topicConfigurations(List.of(TopicConfiguration.builder()
                        .topicArn(topicArn)
                        .events(Event.S3_OBJECT_CREATED)
                        .build()))));
        assertTrue(text(examine()).startsWith("note events of raw-data/: found that queue DoctorQueue hears of none"));
        String subscription = clients.sns()
                .subscribe(request -> request.topicArn(topicArn).protocol("sqs").endpoint(queueArn))
                .subscriptionArn();
        assertFound("");
        fault("sns:ListSubscriptionsByTopic", "", Fault.DENIED);
        assertFound(
                "? events of raw-data/: not checked: this verb may not ask (Sns answered AuthorizationError: User is not authorized to perform this operation)\n"
                        + grant("doctor-topic", "sns:ListSubscriptionsByTopic", topicArn));
        aws.faults(FaultPlan.none());
        clients.sns().unsubscribe(request -> request.subscriptionArn(subscription));
    }

    @Test
    void eventsThroughEventBridge() {
        clients.s3().putBucketNotificationConfiguration(request -> request.bucket(bucket)
                .notificationConfiguration(all -> all.eventBridgeConfiguration(on -> {})));
        assertFound("""
                ? events of raw-data/: not checked: the bucket tells EventBridge; look whether a rule passes "Object Created" on to the queue, and its policy lets it
                  mend: aws events list-rule-names-by-target --target-arn arn:aws:sqs:us-east-1:000000000000:DoctorQueue
                """);
    }

    private void attribute(QueueAttributeName name, String value) {
        clients.sqs().setQueueAttributes(request -> request.queueUrl(url("DoctorQueue"))
                .attributes(Map.of(name, value)));
    }

    @Test
    void aQueueThatTakesNothingFromTheBucket() throws IOException {
        attribute(QueueAttributeName.POLICY, QUEUE_POLICY.replace("doctor-*", "others-*"));
        Finding events = events();
        assertEquals(
                "found them sent from the bucket, and the queue's policy lets s3.amazonaws.com send nothing: files are found by listing alone, each pipeline.poll-every-seconds; nothing is missed",
                events.text());
        apply(events.mends().get(0), url("DoctorQueue"));
        assertFound("");
        attribute(QueueAttributeName.KMS_MASTER_KEY_ID, "alias/aws/sqs");
        assertTrue(events().text()
                .startsWith("found the queue encrypted with alias/aws/sqs, a key that s3.amazonaws.com may not use"));
        apply(events().mends().get(0), url("DoctorQueue"));
        assertFound("");
    }

    private Finding events() {
        return examine().stream()
                .filter(finding -> finding.about().startsWith("events"))
                .findFirst()
                .orElseThrow();
    }

    // Topic

    @Test
    void aTopicThatIsMissing() {
        for (String name : List.of("DoctorNone", "arn:aws:sns:us-east-1:000000000000:DoctorNone")) {
            changed.put("PIPELINE_ALERT_TOPIC", name);
            assertFound("""
                    WRONG topic %s: found no such topic, expected it to exist; create it
                      mend: provision
                    """.formatted(name));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sns:ListTopics,         topics, sns:ListTopics,                         *",
        "sns:GetTopicAttributes, topic,  sns:GetTopicAttributes sns:Publish,     DoctorAlerts",
        "sns:PublishBatch,       topic,  sns:GetTopicAttributes sns:Publish,     DoctorAlerts"
    })
    void aTopicThatMayNotBeUsed(String operation, String policy, String actions, String resource) {
        fault(operation, "", Fault.DENIED);
        assertFound(
                "WRONG topic DoctorAlerts: found it forbidden (Sns answered AuthorizationError: User is not authorized to perform this operation), expected permission\n"
                        + grant(policy, actions, "arn:aws:sns:us-east-1:*:" + resource));
    }

    @Test
    void alertsThatReachNobody() {
        String arn = topic("DoctorUnheard");
        changed.put("PIPELINE_ALERT_TOPIC", "DoctorUnheard");
        assertFound("""
                note topic DoctorUnheard: nobody is subscribed: alerts reach no one (put an address of yours into the command)
                  mend: aws sns subscribe --topic-arn %s --protocol email --notification-endpoint you@example.org
                """.formatted(arn));
    }

    // Clock, credentials, outage

    @ParameterizedTest
    @CsvSource({
        "-20, WRONG, 'found it 20 min behind that of S3, expected less than 5 min: AWS refuses what is signed at another time'",
        "6,   WRONG, 'found it 6 min ahead of that of S3, expected less than 5 min: AWS refuses what is signed at another time'",
        "-3,  note,  'found it 3 min behind that of S3: no harm to files, but timestamps and archive days are off, and from 5 min on AWS refuses'"
    })
    void aClockThatIsOff(int minutes, String label, String sentence) {
        Clock clock =
                Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutes).plusSeconds(minutes < 0 ? -15 : 15));
        assertEquals(
                label + " clock: " + sentence + "\n  mend: sudo timedatectl set-ntp true\n",
                text(examine(datasets, clock)));
    }

    @Test
    void credentialsThatHaveExpired() {
        aws.faults(call -> Fault.EXPIRED);
        List<Finding> findings = examine();
        assertEquals(
                new Finding(
                        State.WRONG,
                        "bucket " + bucket,
                        "found the credentials refused (S3 answered ExpiredToken: The provided token has expired.), expected valid ones; renew them",
                        List.of("aws sts get-caller-identity")),
                findings.get(1));
        assertEquals(
                8,
                findings.stream()
                        .filter(finding -> finding.text().contains("credentials refused"))
                        .count());
    }

    @Test
    void aServiceThatIsDown() {
        aws.faults(call -> call.service().equals("sns") ? Fault.DOWN : Fault.NONE);
        List<Finding> findings = examine();
        Finding topic = findings.get(findings.size() - 1);
        assertEquals(State.WRONG, topic.state());
        assertTrue(topic.text().startsWith("found no good answer (AWS could not be reached: "), topic.text());
        assertEquals(
                findings.size() - 1,
                findings.stream().filter(one -> one.state() == State.OK).count());
    }

    @Test
    void aRefusalThatNamesTheCallerIsMendedForThatCaller() {
        Grant grant = new Grant("x", List.of("s3:GetObject"), "arn:aws:s3:::b/*");
        assertEquals(
                "aws iam put-role-policy --role-name my-role --policy-name camel-data-pipeline-x --policy-document '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\"],\"Resource\":[\"arn:aws:s3:::b/*\"]}]}'",
                Mend.allow(
                        grant,
                        "User: arn:aws:sts::111122223333:assumed-role/my-role/i-0123 is not authorized to perform: s3:GetObject on resource: \"arn\""));
        assertTrue(Mend.allow(
                        grant,
                        "User: arn:aws:iam::111122223333:user/team/ann is not authorized to perform: s3:GetObject")
                .startsWith("aws iam put-user-policy --user-name ann --policy-name camel-data-pipeline-x "));
    }
}
