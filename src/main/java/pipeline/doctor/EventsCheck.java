package pipeline.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import pipeline.intake.ObjectVersion;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.s3.model.TopicConfiguration;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Whether the intake queue hears of new objects: from the bucket itself, through a topic, or through EventBridge, whose
 * rules are not looked at. Where files are listed often as well ({@code pipeline.intake=both}) a gap costs seconds and is
 * worth a note; with {@code events} alone it costs up to {@code pipeline.sweep-every}, and is wrong.
 */
final class EventsCheck implements Check {
    private static final String S3 = "s3.amazonaws.com";

    private final Account account;
    private final BucketCheck bucket;
    private final QueueCheck queue;

    EventsCheck(Account account, BucketCheck bucket, QueueCheck queue) {
        this.account = account;
        this.bucket = bucket;
        this.queue = queue;
    }

    @Override
    public String about() {
        return "events of " + ObjectVersion.RAW_DATA;
    }

    @Override
    public void run(Report report) {
        if (!account.settings().eventIntake()) {
            report.ok(about(), "pipeline.intake=poll needs none");
        } else if (!bucket.there()) {
            report.notChecked(about(), "the bucket did not answer");
        } else if (queue.found().isEmpty()) {
            report.notChecked(about(), "the queue is not as it should be");
        } else {
            Tried<GetBucketNotificationConfigurationResponse> tried = Tried.to(
                    () -> account.s3().getBucketNotificationConfiguration(request -> request.bucket(account.bucket())));
            if (tried.ok()) {
                new Look(report, tried.answer().orElseThrow(), queue.found().orElseThrow()).run();
            } else {
                report.untold(about(), tried, Mend.allow(account.bucketSettingsGrant(), tried.message()));
            }
        }
    }

    /** One look at what the bucket notifies. */
    private final class Look {
        private final Report report;
        private final GetBucketNotificationConfigurationResponse there;
        private final QueueAccess.Found to;
        private final QueuePolicy policy;

        Look(Report report, GetBucketNotificationConfigurationResponse there, QueueAccess.Found to) {
            this.report = report;
            this.there = there;
            this.to = to;
            this.policy = new QueuePolicy(to.attributes().getOrDefault(QueueAttributeName.POLICY, ""));
        }

        void run() {
            List<Notification> direct = there.queueConfigurations().stream()
                    .filter(one -> one.queueArn().equals(to.arn()))
                    .map(Notification::of)
                    .filter(Notification::aboutRawData)
                    .toList();
            Optional<Notification> whole =
                    direct.stream().filter(one -> one.gap().isEmpty()).findFirst();
            if (whole.isPresent()) {
                arrive("from the bucket", S3, account.bucketArn());
            } else if (!throughTopic()) {
                if (there.eventBridgeConfiguration() != null) {
                    report.notChecked(
                            about(),
                            "the bucket tells EventBridge; look whether a rule passes \"Object Created\" on to the queue, and its policy lets it",
                            Mend.aws("events", "list-rule-names-by-target", "--target-arn", to.arn()));
                } else {
                    missing(direct.stream().map(one -> one.gap().orElseThrow()).findFirst());
                }
            }
        }

        private boolean throughTopic() {
            for (TopicConfiguration one : there.topicConfigurations()) {
                Notification notification = Notification.of(one);
                if (notification.aboutRawData() && notification.gap().isEmpty()) {
                    Tried<Boolean> subscribed = subscribed(one.topicArn());
                    if (!subscribed.ok()) {
                        report.untold(
                                about(),
                                subscribed,
                                Mend.allow(
                                        new Grant(
                                                "doctor-topic",
                                                List.of("sns:ListSubscriptionsByTopic"),
                                                one.topicArn()),
                                        subscribed.message()));
                        return true;
                    }
                    if (subscribed.answer().orElseThrow()) {
                        arrive("through topic " + one.topicArn(), "sns.amazonaws.com", one.topicArn());
                        return true;
                    }
                }
            }
            return false;
        }

        private Tried<Boolean> subscribed(String topicArn) {
            return Tried.to(
                    () -> account
                            .sns()
                            .listSubscriptionsByTopicPaginator(request -> request.topicArn(topicArn))
                            .subscriptions()
                            .stream()
                            .anyMatch(one -> one.protocol().equals("sqs")
                                    && one.endpoint().equals(to.arn())));
        }

        /** They are sent; the queue has to take them too. */
        private void arrive(String how, String service, String sourceArn) {
            if (!policy.lets(service, sourceArn)) {
                bad(
                        "found them sent %s, and the queue's policy lets %s send nothing".formatted(how, service),
                        allowed(service, sourceArn));
            } else if (to.attributes()
                    .getOrDefault(QueueAttributeName.KMS_MASTER_KEY_ID, "")
                    .endsWith("alias/aws/sqs")) {
                bad(
                        "found the queue encrypted with alias/aws/sqs, a key that %s may not use".formatted(service),
                        Mend.aws(
                                "sqs",
                                "set-queue-attributes",
                                "--queue-url",
                                to.url(),
                                "--attributes",
                                Mend.json(Mend.map("KmsMasterKeyId", "", "SqsManagedSseEnabled", "true"))));
            } else {
                report.ok(
                        about(),
                        "sent to queue %s %s".formatted(account.settings().queue(), how));
            }
        }

        private void missing(Optional<String> gap) {
            List<String> mends = new ArrayList<>();
            if (!policy.lets(S3, account.bucketArn())) {
                mends.add(allowed(S3, account.bucketArn()));
            }
            mends.add(Mend.aws(
                    "s3api",
                    "put-bucket-notification-configuration",
                    "--bucket",
                    account.bucket(),
                    "--notification-configuration",
                    Mend.json(completed())));
            bad(
                    gap.map(part -> "found that queue %s hears only of %s"
                                    .formatted(account.settings().queue(), part))
                            .orElse("found that queue %s hears of none"
                                    .formatted(account.settings().queue())),
                    mends.toArray(String[]::new));
        }

        private void bad(String found, String... mends) {
            if (account.settings().asProperties().getProperty("pipeline.intake").equals("events")) {
                report.wrong(
                        about(),
                        found
                                + ", expected all s3:ObjectCreated:*; until then only a listing each pipeline.sweep-every finds files",
                        mends);
            } else {
                report.note(
                        about(),
                        found
                                + ": files are found by listing alone, each pipeline.poll-every-seconds; nothing is missed",
                        mends);
            }
        }

        private String allowed(String service, String sourceArn) {
            return Mend.aws(
                    "sqs",
                    "set-queue-attributes",
                    "--queue-url",
                    to.url(),
                    "--attributes",
                    Mend.json(Mend.map("Policy", policy.with(service, to.arn(), sourceArn))));
        }

        /** What is there, except what ours takes the place of, and ours: the call replaces everything. */
        private Map<String, Object> completed() {
            Map<String, Object> all = Mend.map();
            List<Map<String, Object>> queues = new ArrayList<>();
            for (QueueConfiguration one : there.queueConfigurations()) {
                Notification notification = Notification.of(one);
                if (!one.queueArn().equals(to.arn()) || !notification.aboutRawData()) {
                    queues.add(notification.toMap("QueueArn", one.queueArn()));
                }
            }
            queues.add(new Notification(
                            Optional.of("camel-data-pipeline"),
                            List.of(Notification.CREATED),
                            ObjectVersion.RAW_DATA,
                            "")
                    .toMap("QueueArn", to.arn()));
            all.put("QueueConfigurations", queues);
            put(all, "TopicConfigurations", there.topicConfigurations().stream().map(one -> Notification.of(one)
                    .toMap("TopicArn", one.topicArn())));
            put(
                    all,
                    "LambdaFunctionConfigurations",
                    there.lambdaFunctionConfigurations().stream()
                            .map(one -> Notification.of(one).toMap("LambdaFunctionArn", one.lambdaFunctionArn())));
            return all;
        }

        private void put(Map<String, Object> all, String name, Stream<Map<String, Object>> some) {
            List<Map<String, Object>> list = some.toList();
            if (!list.isEmpty()) {
                all.put(name, list);
            }
        }
    }
}
