package pipeline.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.aws.Reasons;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** How many messages wait in a queue; asked for at most every few seconds. */
final class QueueDepths {
    private static final Logger LOG = LoggerFactory.getLogger(QueueDepths.class);
    private static final Duration AGE = Duration.ofSeconds(5);

    private final SqsClient sqs;
    private final String url;
    private final Clock clock;
    private Instant asked = Instant.EPOCH;
    private Optional<Long> depth = Optional.empty();

    QueueDepths(SqsClient sqs, String url, Clock clock) {
        this.sqs = sqs;
        this.url = url;
        this.clock = clock;
    }

    /** About as many as SQS knows of; empty where it does not answer. */
    synchronized Optional<Long> depth() {
        Instant now = clock.instant();
        if (!now.isBefore(asked.plus(AGE))) {
            asked = now;
            depth = ask();
        }
        return depth;
    }

    private Optional<Long> ask() {
        try {
            Map<QueueAttributeName, String> attributes = sqs.getQueueAttributes(request ->
                            request.queueUrl(url).attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                    .attributes();
            return Optional.of(Long.parseLong(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)));
        } catch (SdkException e) {
            // A permission that the rest of the pipeline does without: the page shows that it is not known.
            LOG.debug("the depth of {} is not known: {}", url, Reasons.of(e));
            return Optional.empty();
        }
    }
}
