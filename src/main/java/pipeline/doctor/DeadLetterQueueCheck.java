package pipeline.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The queue that failures are reported to. What is sent to it to try the permission is a batch of no messages. */
final class DeadLetterQueueCheck implements Check {
    private final Account account;
    private final QueueAccess access;

    DeadLetterQueueCheck(Account account) {
        this.account = account;
        this.access = new QueueAccess(
                account,
                account.settings().deadLetterQueue(),
                "dead-letter-queue",
                List.of("sqs:GetQueueUrl", "sqs:GetQueueAttributes", "sqs:SendMessage"));
    }

    @Override
    public String about() {
        return access.about();
    }

    Optional<QueueAccess.Found> found() {
        return access.found();
    }

    @Override
    public void run(Report report) {
        if (access.find(report)) {
            String url = found().orElseThrow().url();
            access.tried(
                    report,
                    Map.of("sqs:SendMessage", Tried.to(() -> account.sqs()
                            .sendMessageBatch(request -> request.queueUrl(url).entries(List.of())))),
                    "nothing refused of sending");
        }
    }
}
