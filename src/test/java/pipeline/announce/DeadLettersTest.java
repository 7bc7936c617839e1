package pipeline.announce;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/** What SQS says of single messages of a batch. All else, the specs of {@code failures} show with a queue. */
class DeadLettersTest {
    /** A queue of other people's messages, of which those with an odd number cannot be shown again. */
    private static final class OddOnesStayHidden implements SqsClient {
        private final Queue<Message> messages = new ArrayDeque<>();

        OddOnesStayHidden(int count) {
            IntStream.range(0, count)
                    .mapToObj(i -> Message.builder()
                            .body("{}")
                            .receiptHandle(Integer.toString(i))
                            .build())
                    .forEach(messages::add);
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}

        @Override
        public GetQueueUrlResponse getQueueUrl(GetQueueUrlRequest request) {
            return GetQueueUrlResponse.builder().queueUrl("dlq").build();
        }

        @Override
        public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
            List<Message> next = messages.stream().limit(10).toList();
            messages.removeAll(next);
            return ReceiveMessageResponse.builder().messages(next).build();
        }

        @Override
        public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
                ChangeMessageVisibilityBatchRequest request) {
            return ChangeMessageVisibilityBatchResponse.builder()
                    .failed(request.entries().stream()
                            .filter(entry -> Integer.parseInt(entry.receiptHandle()) % 2 == 1)
                            .map(entry -> BatchResultErrorEntry.builder()
                                    .id(entry.id())
                                    .code("InternalError")
                                    .message("try later")
                                    .build())
                            .toList())
                    .build();
        }
    }

    @Test
    void messagesThatAnAnswerSaysStayHiddenAreTold() {
        assertEquals(
                Optional.of("queue dlq: 6 other messages are out of sight for up to 60 s (InternalError: try later);"
                        + " the ledger, not the queue, is the list of failures"),
                new DeadLetters(new OddOnesStayHidden(12), "dlq")
                        .remove(Set.of("an id"))
                        .trouble());
    }

    @Test
    void aQueueWhoseMessagesAreAllShownAgainIsNoTrouble() {
        assertEquals(
                Optional.empty(),
                new DeadLetters(new OddOnesStayHidden(1), "dlq")
                        .remove(Set.of("an id"))
                        .trouble());
    }
}
