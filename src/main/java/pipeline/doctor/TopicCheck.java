package pipeline.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesResponse;
import software.amazon.awssdk.services.sns.model.Topic;

/** The topic that alerts go to, and whether anybody hears of them. What is published to try it is a batch of no messages. */
final class TopicCheck implements Check {
    private final Account account;
    private final String name;
    private final Grant grant;
    private final Grant listing;

    TopicCheck(Account account) {
        this.account = account;
        this.name = account.settings().alertTopic();
        this.grant = new Grant(
                "topic",
                List.of("sns:GetTopicAttributes", "sns:Publish"),
                name.startsWith("arn:") ? name : account.arn("sns", name));
        // Topics are listed for the account.
        this.listing = new Grant("topics", List.of("sns:ListTopics"), account.arn("sns", "*"));
    }

    @Override
    public String about() {
        return "topic " + name;
    }

    @Override
    public void run(Report report) {
        Tried<Optional<String>> arn =
                name.startsWith("arn:") ? Tried.to(() -> Optional.of(name)) : Tried.to(this::find);
        if (!arn.ok()) {
            report.failed(about(), arn, Mend.allow(listing, arn.message()));
        } else {
            arn.answer().orElseThrow().ifPresentOrElse(there -> look(report, there), () -> missing(report));
        }
    }

    private Optional<String> find() {
        return account.sns().listTopicsPaginator().topics().stream()
                .map(Topic::topicArn)
                .filter(arn -> arn.endsWith(":" + name))
                .findFirst();
    }

    private void missing(Report report) {
        report.wrong(about(), "found no such topic, expected it to exist; create it", Mend.PROVISION);
    }

    private void look(Report report, String arn) {
        Tried<GetTopicAttributesResponse> attributes =
                Tried.to(() -> account.sns().getTopicAttributes(request -> request.topicArn(arn)));
        if (attributes.status() == 404) {
            missing(report);
            return;
        }
        Tried<?> published = Tried.to(() ->
                account.sns().publishBatch(request -> request.topicArn(arn).publishBatchRequestEntries(List.of())));
        Tried<?> failed = attributes.ok() ? published : attributes;
        if (failed.denied() || failed.unclear() || failed.credentialsRefused() || failed.ofKms()) {
            report.failed(about(), failed, Mend.allow(grant, failed.message()));
        } else if (nobody(attributes.answer().orElseThrow().attributes())) {
            report.note(
                    about(),
                    "nobody is subscribed: alerts reach no one (put an address of yours into the command)",
                    Mend.aws(
                            "sns",
                            "subscribe",
                            "--topic-arn",
                            arn,
                            "--protocol",
                            "email",
                            "--notification-endpoint",
                            "you@example.org"));
        } else {
            report.ok(about(), "nothing refused of publishing; somebody is subscribed");
        }
    }

    private static boolean nobody(Map<String, String> attributes) {
        return attributes.getOrDefault("SubscriptionsConfirmed", "").equals("0");
    }
}
