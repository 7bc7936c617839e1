package pipeline.specs;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import pipeline.aws.Clients;
import pipeline.aws.Provisioning;
import pipeline.aws.Services;
import pipeline.claim.Clocks;
import pipeline.claim.Entry;
import pipeline.dataset.Dataset;
import pipeline.dataset.Datasets;
import pipeline.dataset.Field;
import pipeline.deploy.Roles;
import pipeline.local.FaultPlan;
import pipeline.local.LocalAws;
import pipeline.local.Permission;
import pipeline.run.Pipeline;
import pipeline.settings.Settings;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * An AWS account of its own, provisioned by the pipeline's own verb, and pipelines that work in it. One for the whole test
 * process, {@link #clean emptied} between tests.
 */
public final class Sandbox {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Longer than any one thing takes on a slow machine. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** BatchWriteItem takes no more. */
    private static final int BATCH = 25;

    /** The access key id by which the sandbox's own calls are known. */
    static final String CALLER = "test";

    /** That of a pipeline, unless it has another. */
    static final String TASK = "pipeline";

    /** That of a pipeline which serves the page. */
    static final String PAGE = "page";

    /** That of who runs a verb. */
    static final String OPERATOR = "operator";

    private static Optional<Sandbox> shared = Optional.empty();

    private final LocalAws aws;
    private final Path data;
    private final Settings settings;
    private final Datasets datasets;
    private final Clients clients;
    private final Map<Map<String, String>, Running> onDemand = new HashMap<>();
    private final Map<String, List<String>> keysOf = new HashMap<>();
    private final Map<String, Long> putIn = new ConcurrentHashMap<>();
    private final Map<String, String> urls = new ConcurrentHashMap<>();
    /** Tables of rows, those that were dropped again included. */
    private final Set<String> rowsWentTo = new ConcurrentSkipListSet<>();

    private final Set<String> tables = new ConcurrentSkipListSet<>();

    private Sandbox(Path data) throws IOException {
        this.data = data;
        aws = LocalAws.start(data);
        System.setProperty("aws.endpointUrl", aws.endpoint().toString());
        System.setProperty("aws.region", aws.region());
        System.setProperty("aws.accessKeyId", CALLER);
        System.setProperty("aws.secretAccessKey", "test");
        settings = settings(Map.of("lease-seconds", "300"));
        datasets = Datasets.load(Pipeline.DATASETS);
        clients = new Clients(settings);
        provision();
        aws.policy(this::allowed);
        keysOf.put(settings.ledgerTable(), List.of("file", "version"));
        know(datasets);
    }

    /** Makes what is missing of bucket, tables, queues and topic. */
    void provision() {
        new Provisioning(clients, settings, datasets).run();
    }

    /** Only the sandbox itself may do everything. Tables of other datasets are as those of the datasets that ship. */
    private boolean allowed(String caller, Permission needed) {
        Permission shipped = asShipped(needed);
        return switch (caller) {
            case CALLER -> true;
            case OPERATOR -> Roles.OPERATOR.allows(shipped);
            case PAGE -> Roles.TASK.allows(shipped) || Roles.OPERATOR.allows(shipped);
            default -> Roles.TASK.allows(shipped);
        };
    }

    private Permission asShipped(Permission needed) {
        String table = needed.resource().substring(needed.resource().lastIndexOf('/') + 1);
        return needed.action().startsWith("dynamodb:") && rowsWentTo.contains(table)
                ? new Permission(needed.action(), needed.resource().replace(table, "ProcessedOrders"))
                : needed;
    }

    /** The sandbox of this test process; {@link #clean} it first. */
    public static synchronized Sandbox shared() {
        if (shared.isEmpty()) {
            try {
                Path data = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "sandbox");
                Sandbox sandbox = new Sandbox(data);
                Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close));
                shared = Optional.of(sandbox);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return shared.get();
    }

    private void close() {
        onDemand.values().forEach(Running::close);
        clients.close();
        aws.close();
    }

    private static Settings settings(Map<String, String> changes) {
        Map<String, String> environment = new HashMap<>();
        Map<String, String> all = new HashMap<>(Map.of(
                "lease-seconds", "30",
                "retry-backoff-seconds", "0",
                "redelivery-delay-millis", "1",
                "poll-every-seconds", "1",
                "http-enabled", "false"));
        all.putAll(changes);
        all.forEach((name, value) ->
                environment.put("PIPELINE_" + name.toUpperCase().replace('-', '_'), value));
        return Settings.load(Settings.FILE, environment);
    }

    /** The pipeline that works when it is told to; the same one each time. */
    public Running pipeline() {
        return pipeline(Map.of());
    }

    /** The pipeline that works when it is told to, with settings changed ({@code lease-seconds} and the like). */
    Running pipeline(Map<String, String> changes) {
        return onDemand.computeIfAbsent(Map.copyOf(changes), key -> start(key, Pipeline.Intake.ON_DEMAND));
    }

    /** One more pipeline on the same account, to be closed by whoever started it. */
    public Running start(Map<String, String> changes, Pipeline.Intake intake) {
        return start(changes, intake, Clocks.SYSTEM);
    }

    /** One more pipeline on the same account, with clocks of its own. */
    Running start(Map<String, String> changes, Pipeline.Intake intake, Clocks clocks) {
        return start(changes, intake, clocks, caller(changes));
    }

    /** The same by other datasets, whose tables are made where they are missing. */
    Running start(Map<String, String> changes, Pipeline.Intake intake, Datasets declared) {
        return start(changes, intake, Clocks.SYSTEM, declared);
    }

    /** The same with clocks of its own. */
    Running start(Map<String, String> changes, Pipeline.Intake intake, Clocks clocks, Datasets declared) {
        new Provisioning(clients, settings, declared).run();
        know(declared);
        return start(changes, intake, clocks, caller(changes), declared);
    }

    private static String caller(Map<String, String> changes) {
        return changes.getOrDefault("http-enabled", "false").equals("true") ? PAGE : TASK;
    }

    /** @param caller the access key id by which its calls are known */
    Running start(Map<String, String> changes, Pipeline.Intake intake, Clocks clocks, String caller) {
        return start(changes, intake, clocks, caller, datasets);
    }

    private Running start(
            Map<String, String> changes, Pipeline.Intake intake, Clocks clocks, String caller, Datasets declared) {
        Map<String, String> all = new HashMap<>(Map.of("alert-topic", Roles.TOPIC));
        all.putAll(changes);
        Settings changed = settings(all);
        Clients own =
                new Clients(changed, StaticCredentialsProvider.create(AwsBasicCredentials.create(caller, "test")));
        Services services = new Services(own, changed, tablesOf(declared));
        Pipeline pipeline =
                new Pipeline(changed, declared, own, services, services.find(), intake, Pipeline.ROUTES, clocks);
        Running running = new Running(pipeline, own);
        pipeline.start();
        return running;
    }

    /** Empties bucket, tables, queues and what was published; no call fails any more. */
    public void clean() {
        aws.faults(FaultPlan.none());
        aws.releaseHanging();
        List<ObjectIdentifier> objects = keys().stream()
                .map(key -> ObjectIdentifier.builder().key(key).build())
                .toList();
        if (!objects.isEmpty()) {
            s3().deleteObjects(request -> request.bucket(bucket()).delete(all -> all.objects(objects)));
        }
        keysOf.keySet().forEach(this::deleteItems);
        for (String queue : List.of(settings.queue(), settings.deadLetterQueue())) {
            sqs().purgeQueue(request -> request.queueUrl(url(queue)));
        }
        aws.clearPublished();
        putIn.clear();
        onDemand.values().forEach(Running::forget);
    }

    private void deleteItems(String table) {
        List<Map<String, AttributeValue>> items = items(table);
        for (int from = 0; from < items.size(); from += BATCH) {
            List<WriteRequest> deletions = items.subList(from, Math.min(from + BATCH, items.size())).stream()
                    .map(item -> keysOf.get(table).stream().collect(Collectors.toMap(name -> name, item::get)))
                    .map(key -> WriteRequest.builder()
                            .deleteRequest(delete -> delete.key(key))
                            .build())
                    .toList();
            dynamoDb().batchWriteItem(request -> request.requestItems(Map.of(table, deletions)));
        }
    }

    public LocalAws aws() {
        return aws;
    }

    String bucket() {
        return settings.bucket();
    }

    S3Client s3() {
        return clients.s3();
    }

    public DynamoDbClient dynamoDb() {
        return clients.dynamoDb();
    }

    SqsClient sqs() {
        return clients.sqs();
    }

    /** The tables that rows go to, by the datasets that ship and by others that were worked with here. */
    List<String> tables() {
        return List.copyOf(tables);
    }

    /** Deletes a table that a pipeline of other datasets was given. */
    void dropTable(String table) {
        dynamoDb().deleteTable(request -> request.tableName(table));
        tables.remove(table);
        keysOf.remove(table);
    }

    /** Deletes the tables that pipelines of other datasets were given, once those have stopped. */
    void dropTablesOfOthers() {
        List<String> own = tablesOf(datasets);
        tables().stream().filter(table -> !own.contains(table)).forEach(this::dropTable);
    }

    private void know(Datasets declared) {
        declared.all().forEach(dataset -> {
            tables.add(dataset.table());
            rowsWentTo.add(dataset.table());
            keysOf.put(
                    dataset.table(),
                    dataset.keyAttributes().stream().map(key -> key.name()).toList());
        });
    }

    private static List<String> tablesOf(Datasets declared) {
        return declared.all().stream().map(Dataset::table).distinct().toList();
    }

    /**
     * The datasets that ship, with files of them edited.
     *
     * @param edits the text of each edited file, by its name, empty for one that is gone; a file that does not ship is one
     *     more
     */
    static Datasets datasets(Map<String, String> edits) {
        try {
            Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "datasets");
            try (Stream<Path> shipped = Files.list(Pipeline.DATASETS)) {
                for (Path file : shipped.toList()) {
                    Files.copy(file, folder.resolve(file.getFileName()));
                }
            }
            for (Map.Entry<String, String> edit : edits.entrySet()) {
                if (edit.getValue().isEmpty()) {
                    Files.delete(folder.resolve(edit.getKey()));
                } else {
                    Files.writeString(folder.resolve(edit.getKey()), edit.getValue());
                }
            }
            return Datasets.load(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The declared fields of all datasets, in their order. */
    List<String> columns() {
        return datasets.all().stream()
                .flatMap(dataset -> dataset.fields().stream())
                .map(Field::name)
                .distinct()
                .toList();
    }

    /** Puts a text under {@code raw-data/}. */
    public void drop(String file, String text) {
        put("raw-data/" + file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** S3 dates objects to the second: what is put under a key again is put in a later one, or nobody could tell. */
    public void put(String key, byte[] content) {
        inLaterSecond(key, RequestBody.fromBytes(content));
    }

    void inLaterSecond(String key, RequestBody content) {
        long before = putIn.getOrDefault(key, 0L);
        if (Instant.now().getEpochSecond() <= before) {
            await().pollInterval(Duration.ofMillis(5)).until(() -> Instant.now().getEpochSecond() > before);
        }
        s3().putObject(request -> request.bucket(bucket()).key(key), content);
        putIn.put(key, Instant.now().getEpochSecond());
    }

    void delete(String key) {
        s3().deleteObject(request -> request.bucket(bucket()).key(key));
    }

    /** All keys in the bucket, sorted. */
    List<String> keys() {
        return s3()
                .listObjectsV2Paginator(request -> request.bucket(bucket()).encodingType(EncodingType.URL))
                .contents()
                .stream()
                .map(S3Object::key)
                .sorted()
                .toList();
    }

    /** All keys that begin so, sorted. */
    public List<String> keys(String prefix) {
        return keys().stream().filter(key -> key.startsWith(prefix)).toList();
    }

    public String text(String key) {
        return s3().getObjectAsBytes(request -> request.bucket(bucket()).key(key))
                .asUtf8String();
    }

    /** Where the stand-in keeps an object, to look at it without a call. */
    Path path(String key) {
        return data.resolve("s3").resolve(bucket()).resolve(key);
    }

    HeadObjectResponse head(String key) {
        return s3().headObject(request -> request.bucket(bucket()).key(key));
    }

    List<Map<String, AttributeValue>> items(String table) {
        return dynamoDb().scanPaginator(request -> request.tableName(table).consistentRead(true)).items().stream()
                .toList();
    }

    /** Every ledger entry. */
    List<Entry> ledger() {
        return items(settings.ledgerTable()).stream().map(Entry::new).toList();
    }

    /** The one version of a file that the ledger knows. */
    public Entry entry(String file) {
        List<Entry> versions =
                ledger().stream().filter(entry -> entry.file().equals(file)).toList();
        if (versions.size() != 1) {
            throw new AssertionError(
                    file + ": found " + versions.size() + " versions in the ledger (" + ledger() + "), expected 1");
        }
        return versions.get(0);
    }

    /** Takes everything out of the dead-letter queue. */
    List<JsonNode> takeDeadLetters() {
        String queue = url(settings.deadLetterQueue());
        List<Message> messages = receiveAll(queue);
        messages.forEach(message ->
                sqs().deleteMessage(request -> request.queueUrl(queue).receiptHandle(message.receiptHandle())));
        return messages.stream().map(Message::body).map(Sandbox::json).toList();
    }

    /** What lies in the dead-letter queue, and stays there. */
    public List<JsonNode> deadLetters() {
        String queue = url(settings.deadLetterQueue());
        List<Message> messages = receiveAll(queue);
        messages.forEach(message -> sqs().changeMessageVisibility(request ->
                request.queueUrl(queue).receiptHandle(message.receiptHandle()).visibilityTimeout(0)));
        return messages.stream().map(Message::body).map(Sandbox::json).toList();
    }

    private List<Message> receiveAll(String queue) {
        List<Message> all = new ArrayList<>();
        List<Message> received;
        do {
            received = sqs().receiveMessage(request -> request.queueUrl(queue)
                            .maxNumberOfMessages(10)
                            .visibilityTimeout((int) PATIENCE.toSeconds()))
                    .messages();
            all.addAll(received);
        } while (!received.isEmpty());
        return all;
    }

    /**
     * Puts a message on the intake queue.
     *
     * @return its id
     */
    String send(String body) {
        return sqs().sendMessage(
                        request -> request.queueUrl(url(settings.queue())).messageBody(body))
                .messageId();
    }

    /** Puts a message on the dead-letter queue, as somebody else might. */
    public void sendDeadLetter(String body) {
        sqs().sendMessage(request ->
                request.queueUrl(url(settings.deadLetterQueue())).messageBody(body));
    }

    /** Announces what was dropped as S3 does, with a record for each in one message. */
    void announce(String... encodedFiles) {
        send(created(Stream.of(encodedFiles).map("raw-data/"::concat).toArray(String[]::new)));
    }

    /** The message of S3 about objects that were created. */
    String created(String... encodedKeys) {
        return Stream.of(encodedKeys)
                .map(key -> """
                        {"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put",
                         "s3":{"bucket":{"name":"%s"},"object":{"key":"%s","size":1,"eTag":"0"}}}
                        """.formatted(bucket(), key))
                .collect(Collectors.joining(",", "{\"Records\":[", "]}"));
    }

    /** Waits until the intake queue holds nothing, visible or hidden. */
    void awaitEmptyQueue() {
        await("an empty intake queue").atMost(PATIENCE).until(() -> queued() == 0);
    }

    /** How many messages the intake queue holds, visible, hidden or delayed. */
    int queued() {
        return sqs()
                .getQueueAttributes(request -> request.queueUrl(url(settings.queue()))
                        .attributeNamesWithStrings(
                                "ApproximateNumberOfMessages",
                                "ApproximateNumberOfMessagesNotVisible",
                                "ApproximateNumberOfMessagesDelayed"))
                .attributesAsStrings()
                .values()
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    /** Takes up to 10 messages off the intake queue, for as long as a function may run. */
    List<Message> receive() {
        return sqs().receiveMessage(request -> request.queueUrl(url(settings.queue()))
                        .maxNumberOfMessages(10)
                        .visibilityTimeout(900))
                .messages();
    }

    void deleteMessage(Message message) {
        sqs().deleteMessage(request -> request.queueUrl(url(settings.queue())).receiptHandle(message.receiptHandle()));
    }

    /** How many messages of the intake queue, up to 10, whoever asks now can get. They stay in sight. */
    int inSight() {
        return sqs().receiveMessage(request -> request.queueUrl(url(settings.queue()))
                        .maxNumberOfMessages(10)
                        .visibilityTimeout(0))
                .messages()
                .size();
    }

    private String url(String queue) {
        return urls.computeIfAbsent(queue, name -> sqs().getQueueUrl(request -> request.queueName(name))
                .queueUrl());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("found no JSON: " + text, e);
        }
    }
}
