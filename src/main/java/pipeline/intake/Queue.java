package pipeline.intake;

import software.amazon.awssdk.services.sqs.SqsClient;

/** The intake queue, for what Camel's component has no operation for. */
public final class Queue {
    /** SQS hides a message for at most 12 hours in all; nothing of ours needs more than an hour at a time. */
    private static final long LONGEST_SECONDS = 3_600;

    private final SqsClient sqs;
    private final String url;

    public Queue(SqsClient sqs, String url) {
        this.sqs = sqs;
        this.url = url;
    }

    /** Keeps a message out of sight until what it asks for may be free. */
    public void hide(Receipt receipt) {
        long seconds = Math.min((receipt.hideFor().toMillis() + 999) / 1000, LONGEST_SECONDS);
        sqs.changeMessageVisibility(
                request -> request.queueUrl(url).receiptHandle(receipt.handle()).visibilityTimeout((int) seconds));
    }
}
