package pipeline.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** Finds a queue, and words what came of calls to it. */
final class QueueAccess {
    private final Account account;
    private final String name;
    private final Grant grant;
    private Optional<Found> found = Optional.empty();

    /** A queue that is there. */
    record Found(String url, Map<QueueAttributeName, String> attributes) {
        String arn() {
            return attributes.getOrDefault(QueueAttributeName.QUEUE_ARN, "");
        }
    }

    QueueAccess(Account account, String name, String kind, List<String> actions) {
        this.account = account;
        this.name = name;
        this.grant = new Grant(kind, actions, account.arn("sqs", name));
    }

    String about() {
        return "queue " + name;
    }

    Optional<Found> found() {
        return found;
    }

    /** Looks for the queue; reports only what is wrong. */
    boolean find(Report report) {
        Tried<GetQueueUrlResponse> url = Tried.to(() -> account.sqs().getQueueUrl(request -> request.queueName(name)));
        if (url.failure().filter(QueueDoesNotExistException.class::isInstance).isPresent()) {
            report.wrong(about(), "found no such queue, expected it to exist; create it", Mend.PROVISION);
            return false;
        }
        if (!url.ok()) {
            report.failed(about(), url, Mend.allow(grant, url.message()));
            return false;
        }
        String at = url.answer().orElseThrow().queueUrl();
        var attributes = Tried.to(() -> account.sqs()
                .getQueueAttributes(request -> request.queueUrl(at).attributeNames(QueueAttributeName.ALL)));
        if (!attributes.ok()) {
            report.failed(about(), attributes, Mend.allow(grant, attributes.message()));
            return false;
        }
        found = Optional.of(new Found(at, attributes.answer().orElseThrow().attributes()));
        return true;
    }

    /**
     * Reports on calls that ask for nothing: only a refusal or no answer tells something; that the request makes no sense
     * is expected.
     *
     * @param tries by the action that they need
     */
    void tried(Report report, Map<String, Tried<?>> tries, String well) {
        report.permissions(
                about(), tries, tried -> tried.unclear() || tried.credentialsRefused() || tried.ofKms(), grant, well);
    }
}
