package pipeline.aws;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pipeline.settings.ConfigurationException;
import pipeline.settings.Settings;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.sns.model.Topic;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The AWS resources that the pipeline works with: whether they are there when it starts, and whether they answer later.
 */
public final class Services {
    private final Clients clients;
    private final Settings settings;
    private final List<String> tables;
    private Optional<Addresses> addresses = Optional.empty();

    /** How queues and topic are addressed, which their names alone do not tell. */
    public record Addresses(String queueUrl, String deadLetterQueueUrl, String alertTopicArn) {}

    /** One try to reach a service. */
    @FunctionalInterface
    public interface Probe {
        /** @throws SdkException when the service does not answer, or not us */
        void run();
    }

    /** @param tables the datasets' tables */
    public Services(Clients clients, Settings settings, List<String> tables) {
        this.clients = clients;
        this.settings = settings;
        this.tables = List.copyOf(tables);
    }

    /**
     * Makes sure that everything is there, and learns the addresses.
     *
     * @throws ConfigurationException when something does not exist or may not be used: one sentence
     * @throws SdkException when a service does not answer at the moment
     */
    public Addresses find() {
        Required.answer("pipeline.bucket", "bucket " + settings.bucket(), () -> clients.s3()
                .headBucket(request -> request.bucket(settings.bucket())));
        requireLedger();
        for (String table : tables) {
            Required.answer("table of a dataset", "table " + table, () -> describe(table));
        }
        Addresses found = new Addresses(
                queueUrl("pipeline.queue", settings.queue()),
                queueUrl("pipeline.dead-letter-queue", settings.deadLetterQueue()),
                topicArn());
        addresses = Optional.of(found);
        return found;
    }

    /** Makes sure that the ledger is there; the same errors as {@link #find()}. */
    public void requireLedger() {
        Required.answer(
                "pipeline.ledger-table", "table " + settings.ledgerTable(), () -> describe(settings.ledgerTable()));
    }

    private String queueUrl(String setting, String name) {
        return Required.answer(setting, "queue " + name, () -> clients.sqs()
                .getQueueUrl(request -> request.queueName(name))
                .queueUrl());
    }

    private String topicArn() {
        String name = settings.alertTopic();
        if (name.startsWith("arn:")) {
            Required.answer("pipeline.alert-topic", "topic " + name, () -> clients.sns()
                    .getTopicAttributes(request -> request.topicArn(name)));
            return name;
        }
        return Required.answer(
                        "pipeline.alert-topic",
                        "topic " + name,
                        () -> clients.sns().listTopicsPaginator().topics().stream()
                                .map(Topic::topicArn)
                                .filter(arn -> arn.endsWith(":" + name))
                                .findFirst())
                .orElseThrow(() -> Required.missing("pipeline.alert-topic", "topic " + name));
    }

    private DescribeTableResponse describe(String table) {
        return clients.dynamoDb().describeTable(request -> request.tableName(table));
    }

    /** A probe for each service, by name: S3, DynamoDB, SQS, SNS. Only after {@link #find()}. */
    public Map<String, Probe> probes() {
        Addresses at = addresses.orElseThrow();
        Map<String, Probe> probes = new LinkedHashMap<>();
        probes.put("S3", () -> clients.s3().headBucket(request -> request.bucket(settings.bucket())));
        probes.put("DynamoDB", () -> describe(settings.ledgerTable()));
        probes.put("SQS", () -> clients.sqs().getQueueAttributes(request -> request.queueUrl(at.deadLetterQueueUrl())
                .attributeNames(QueueAttributeName.QUEUE_ARN)));
        probes.put("SNS", () -> clients.sns().getTopicAttributes(request -> request.topicArn(at.alertTopicArn())));
        return probes;
    }

    private Map<String, Probe> probesOfEverything() {
        Map<String, Probe> probes = new LinkedHashMap<>(probes());
        tables.forEach(table -> probes.put("DynamoDB table " + table, () -> describe(table)));
        return probes;
    }

    /**
     * Tells an outage from a failure of one file: after a failed call, do the services answer a simple one?
     *
     * @param table the table that the file's rows go to, where it is known
     * @return which service does not answer, and why; empty when all do, or the failure was not AWS's
     */
    public Optional<String> outage(Throwable failure, Optional<String> table) {
        if (!isOfAws(failure)) {
            return Optional.empty();
        }
        Map<String, Probe> probes = new LinkedHashMap<>(probes());
        table.ifPresent(name -> probes.put("DynamoDB table " + name, () -> describe(name)));
        return unanswered(probes);
    }

    /** Which of all services and tables does not answer, and why; empty when all do. Only after {@link #find()}. */
    public Optional<String> unanswered() {
        return unanswered(probesOfEverything());
    }

    private static Optional<String> unanswered(Map<String, Probe> probes) {
        for (Map.Entry<String, Probe> probe : probes.entrySet()) {
            try {
                probe.getValue().run();
            } catch (SdkException e) {
                // Being asked to slow down is an answer.
                if (!isThrottled(e)) {
                    return Optional.of(probe.getKey() + ": " + Reasons.of(e));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether AWS asked to slow down. */
    public static boolean isThrottled(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SdkServiceException answer && answer.isThrottlingException()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether S3 may have asked to slow down: its 503 to a HEAD request has no body, so nothing tells. Only where the
     * services answer does it mean that, as they share no limit with the objects under one prefix.
     */
    public static boolean maybeThrottled(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof S3Exception answer && answer.statusCode() == 503) {
                return answer.awsErrorDetails() == null
                        || !"ServiceUnavailable".equals(answer.awsErrorDetails().errorCode());
            }
        }
        return false;
    }

    /** Whether a failure came from calling AWS. */
    public static boolean isOfAws(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SdkException) {
                return true;
            }
        }
        return false;
    }
}
