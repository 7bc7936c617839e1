package pipeline.announce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import pipeline.aws.Reasons;
import pipeline.claim.Entry;
import pipeline.claim.FileVersion;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Takes back what was said to the dead-letter queue of failures that a person has dealt with. SQS knows no search: one
 * pass receives what is there, deletes the messages that are meant and shows all others again. It is a courtesy to whoever
 * reads the queue; the ledger is the list of failures, so nothing depends on it and it never throws what SQS throws.
 */
public final class DeadLetters {
    /** So much of a long queue one pass looks at, and so long. */
    private static final int MOST_MESSAGES = 5_000;

    private static final Duration LONGEST = Duration.ofSeconds(20);

    /** Longer than a pass, so that it meets no message twice; a process that dies in it hides them no longer than this. */
    private static final int HIDDEN_SECONDS = 60;

    /** ReceiveMessage and the batch requests take so many ("Quotas" in the Amazon SQS Developer Guide). */
    private static final int BATCH = 10;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SqsClient sqs;
    private final String queue;

    /** @param queue the name of the dead-letter queue */
    public DeadLetters(SqsClient sqs, String queue) {
        this.sqs = sqs;
        this.queue = queue;
    }

    /**
     * What came of a pass.
     *
     * @param removed how many messages of each failure were deleted, by the failure's {@code id}
     * @param trouble why messages may have stayed, as one sentence; empty when the whole queue was looked through
     */
    public record Removal(Map<String, Integer> removed, Optional<String> trouble) {
        public Removal {
            removed = Map.copyOf(removed);
        }

        /** How many messages about this file version were deleted. */
        public int of(Entry entry) {
            return ids(entry).stream()
                    .mapToInt(id -> removed.getOrDefault(id, 0))
                    .sum();
        }
    }

    /** The ids of all failures of a file version so far: what a person decides of the latest answers the earlier ones too. */
    public static List<String> ids(Entry entry) {
        List<String> ids = new ArrayList<>();
        for (long failure = 1; failure <= entry.failures(); failure++) {
            ids.add(FileVersion.failureId(entry.file(), entry.version(), failure));
        }
        return ids;
    }

    /** Deletes the messages with these ids; every other message is untouched but for its count of receives. */
    public Removal remove(Set<String> ids) {
        if (ids.isEmpty()) {
            return new Removal(Map.of(), Optional.empty());
        }
        Pass pass = new Pass(ids);
        List<String> troubles = new ArrayList<>();
        try {
            pass.run();
        } catch (SdkException e) {
            troubles.add("messages about these files may stay (%s)".formatted(Reasons.of(e)));
        }
        try {
            pass.showOthers();
        } catch (SdkException e) {
            troubles.add(
                    "other messages are out of sight for up to %d s (%s)".formatted(HIDDEN_SECONDS, Reasons.of(e)));
        }
        if (!pass.notShown.isEmpty()) {
            BatchResultErrorEntry first = pass.notShown.get(0);
            troubles.add("%,d other messages are out of sight for up to %d s (%s: %s)"
                    .formatted(
                            pass.notShown.size(),
                            HIDDEN_SECONDS,
                            first.code(),
                            Objects.requireNonNullElse(first.message(), "no reason given")));
        }
        if (pass.cutShort) {
            troubles.add("messages about these files may stay behind the %,d that were looked at".formatted(pass.seen));
        }
        return new Removal(
                pass.removed,
                troubles.isEmpty()
                        ? Optional.empty()
                        : Optional.of("queue %s: %s; the ledger, not the queue, is the list of failures"
                                .formatted(queue, String.join("; ", troubles))));
    }

    /** One look at every message, each of them hidden until the end so that it is met once. */
    private final class Pass {
        private final Set<String> ids;
        private final Map<String, Integer> removed = new HashMap<>();
        private final List<String> others = new ArrayList<>();
        private final List<BatchResultErrorEntry> notShown = new ArrayList<>();
        private String url = "";
        private int seen;
        private boolean cutShort;

        Pass(Set<String> ids) {
            this.ids = ids;
        }

        void run() {
            url = sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
            long began = System.nanoTime();
            List<Message> messages = receive();
            while (!messages.isEmpty() && !cutShort) {
                seen += messages.size();
                List<Message> meant = new ArrayList<>();
                for (Message message : messages) {
                    if (ids.contains(id(message))) {
                        meant.add(message);
                    } else {
                        others.add(message.receiptHandle());
                    }
                }
                delete(meant);
                cutShort = seen >= MOST_MESSAGES || System.nanoTime() - began > LONGEST.toNanos();
                messages = cutShort ? List.of() : receive();
            }
        }

        /** To wait a second has SQS ask all its servers: without, an empty answer means little. */
        private List<Message> receive() {
            return sqs.receiveMessage(request -> request.queueUrl(url)
                            .maxNumberOfMessages(BATCH)
                            .visibilityTimeout(HIDDEN_SECONDS)
                            .waitTimeSeconds(1))
                    .messages();
        }

        private void delete(List<Message> meant) {
            for (Message message : meant) {
                sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
                removed.merge(id(message), 1, Integer::sum);
            }
        }

        void showOthers() {
            for (int from = 0; from < others.size(); from += BATCH) {
                List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>();
                for (int i = from; i < Math.min(from + BATCH, others.size()); i++) {
                    entries.add(ChangeMessageVisibilityBatchRequestEntry.builder()
                            .id(Integer.toString(i))
                            .receiptHandle(others.get(i))
                            .visibilityTimeout(0)
                            .build());
                }
                // What SQS does with single messages stands in the answer, not in an exception.
                notShown.addAll(sqs.changeMessageVisibilityBatch(
                                request -> request.queueUrl(url).entries(entries))
                        .failed());
            }
        }
    }

    /** Empty for a message of somebody else's. */
    private static String id(Message message) {
        try {
            JsonNode json = JSON.readTree(message.body());
            return json == null ? "" : json.path("id").asText();
        } catch (JsonProcessingException e) {
            return "";
        }
    }
}
