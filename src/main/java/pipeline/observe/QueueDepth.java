package pipeline.observe;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** About how many messages lie in a queue, as SQS counts them: it is seconds behind, and exact when the queue is quiet. */
public final class QueueDepth implements Supplier<Double> {
    private final SqsClient sqs;
    private final String url;
    private final List<QueueAttributeName> counted;
    private final Duration longest;

    private QueueDepth(SqsClient sqs, String url, List<QueueAttributeName> counted, Duration longest) {
        this.sqs = sqs;
        this.url = url;
        this.counted = counted;
        this.longest = longest;
    }

    /** Messages that nobody has taken: one that is hidden belongs to a file that somebody works on, or that waits. */
    public static QueueDepth untaken(SqsClient sqs, String url, Duration longest) {
        return new QueueDepth(sqs, url, List.of(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES), longest);
    }

    /** All messages: to look at one hides it, and does not settle it. */
    public static QueueDepth all(SqsClient sqs, String url, Duration longest) {
        return new QueueDepth(
                sqs,
                url,
                List.of(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE),
                longest);
    }

    /** @throws software.amazon.awssdk.core.exception.SdkException when SQS does not say */
    @Override
    public Double get() {
        var attributes = sqs.getQueueAttributes(request -> request.queueUrl(url)
                        .attributeNames(counted)
                        .overrideConfiguration(call -> call.apiCallTimeout(longest)))
                .attributes();
        return counted.stream()
                .mapToDouble(name -> Double.parseDouble(attributes.get(name)))
                .sum();
    }
}
