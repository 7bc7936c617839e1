package pipeline.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pipeline.aws.Provisioning;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The intake queue: whether messages can be taken, hidden and deleted, and where those go that kill a process again and
 * again. Nothing is received, since that would count as a delivery: what is asked for are no messages at all, and receipts
 * that are none.
 */
final class QueueCheck implements Check {
    /** Below this, messages of files that others are busy with would be put aside as if they were harmful. */
    private static final int LEAST_RECEIVE_COUNT = 100;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Account account;
    private final QueueAccess access;
    private final DeadLetterQueueCheck deadLetters;

    QueueCheck(Account account, DeadLetterQueueCheck deadLetters) {
        this.account = account;
        this.deadLetters = deadLetters;
        this.access = new QueueAccess(
                account,
                account.settings().queue(),
                "queue",
                List.of(
                        "sqs:GetQueueUrl",
                        "sqs:GetQueueAttributes",
                        "sqs:ReceiveMessage",
                        "sqs:DeleteMessage",
                        "sqs:ChangeMessageVisibility"));
    }

    @Override
    public String about() {
        return access.about();
    }

    /** The queue, once it is known to be there. */
    Optional<QueueAccess.Found> found() {
        return access.found();
    }

    @Override
    public void run(Report report) {
        if (!access.find(report)) {
            report.notChecked(about() + ", redrive", "the queue is not as it should be");
            return;
        }
        if (!account.settings().eventIntake()) {
            report.ok(about(), "is there; pipeline.intake=poll takes nothing from it");
            return;
        }
        String url = found().orElseThrow().url();
        access.tried(
                report,
                Map.of(
                        "sqs:ReceiveMessage",
                        Tried.to(() -> account.sqs()
                                .receiveMessage(request -> request.queueUrl(url).maxNumberOfMessages(0))),
                        "sqs:DeleteMessage",
                        Tried.to(() -> account.sqs()
                                .deleteMessage(request -> request.queueUrl(url).receiptHandle("doctor"))),
                        "sqs:ChangeMessageVisibility",
                        Tried.to(() -> account.sqs().changeMessageVisibility(request -> request.queueUrl(url)
                                .receiptHandle("doctor")
                                .visibilityTimeout(0)))),
                "nothing refused of receive, hide and delete");
        redrive(report);
    }

    private void redrive(Report report) {
        String about = about() + ", redrive";
        if (deadLetters.found().isEmpty()) {
            report.notChecked(about, "the dead-letter queue is not as it should be");
            return;
        }
        String deadLetterArn = deadLetters.found().get().arn();
        if (deadLetterArn.equals(found().orElseThrow().arn())) {
            report.wrong(
                    about,
                    "found that queue and dead-letter queue are one, expected two; set pipeline.dead-letter-queue to another name, then create it",
                    Mend.PROVISION);
            return;
        }
        JsonNode policy = policy(found().orElseThrow().attributes().get(QueueAttributeName.REDRIVE_POLICY));
        String target = policy.path("deadLetterTargetArn").asText();
        int count = policy.path("maxReceiveCount").asInt();
        String expected = "expected %s after %,d deliveries"
                .formatted(account.settings().deadLetterQueue(), Provisioning.MAX_RECEIVE_COUNT);
        if (target.isEmpty()) {
            report.wrong(about, "found none, " + expected, mend(deadLetterArn));
        } else if (!target.equals(deadLetterArn)) {
            report.wrong(about, "found it to %s, %s".formatted(target, expected), mend(deadLetterArn));
        } else if (count < LEAST_RECEIVE_COUNT) {
            report.wrong(
                    about,
                    "found it after %,d deliveries, %s: a message comes back as often as others are busy with its file"
                            .formatted(count, expected),
                    mend(deadLetterArn));
        } else {
            report.ok(
                    about,
                    "to %s after %,d deliveries".formatted(account.settings().deadLetterQueue(), count));
        }
    }

    private String mend(String deadLetterArn) {
        return Mend.aws(
                "sqs",
                "set-queue-attributes",
                "--queue-url",
                found().orElseThrow().url(),
                "--attributes",
                Mend.json(Mend.map(
                        "RedrivePolicy",
                        Mend.json(Mend.map(
                                "deadLetterTargetArn",
                                deadLetterArn,
                                "maxReceiveCount",
                                Provisioning.MAX_RECEIVE_COUNT)))));
    }

    private static JsonNode policy(String text) {
        try {
            return text == null ? JSON.createObjectNode() : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }
}
