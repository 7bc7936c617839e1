package pipeline.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A standard queue as SQS has it: what is received is hidden for a while, and comes back unless it is deleted. */
final class SinkQueue {
    private final Map<String, Message> messages = new LinkedHashMap<>();
    private long sent;

    /** One delivery of a message. */
    record Delivery(String id, String receipt, String body, int times) {}

    private static final class Message {
        private final String body;
        private int deliveries;
        private long visibleAt = System.nanoTime();

        private Message(String body) {
            this.body = body;
        }

        private boolean visible(long now) {
            return visibleAt - now <= 0;
        }

        private void hide(Duration time) {
            visibleAt = System.nanoTime() + time.toNanos();
        }
    }

    /** Keeps a message; answers its id. */
    synchronized String send(String body) {
        String id = Long.toString(++sent);
        messages.put(id, new Message(body));
        return id;
    }

    /** Hands out messages that can be seen, the oldest first, and hides them. */
    synchronized List<Delivery> receive(int most, Duration hidden) {
        List<Delivery> received = new ArrayList<>();
        long now = System.nanoTime();
        for (Map.Entry<String, Message> each : messages.entrySet()) {
            if (received.size() == most) {
                break;
            }
            Message message = each.getValue();
            if (message.visible(now)) {
                message.deliveries++;
                message.hide(hidden);
                received.add(new Delivery(
                        each.getKey(), each.getKey() + "-" + message.deliveries, message.body, message.deliveries));
            }
        }
        return received;
    }

    /** Forgets a message, unless it was delivered again since. */
    synchronized void delete(String receipt) {
        latest(receipt).ifPresent(id -> messages.remove(id));
    }

    /** Hides a message from now on, unless it was delivered again since. */
    synchronized void hide(String receipt, Duration time) {
        latest(receipt).ifPresent(id -> messages.get(id).hide(time));
    }

    private Optional<String> latest(String receipt) {
        String id = receipt.substring(0, receipt.indexOf('-'));
        return Optional.of(id)
                .filter(messages::containsKey)
                .filter(known -> receipt.equals(id + "-" + messages.get(id).deliveries));
    }

    synchronized long visible() {
        long now = System.nanoTime();
        return messages.values().stream()
                .filter(message -> message.visible(now))
                .count();
    }

    synchronized long hidden() {
        return messages.size() - visible();
    }
}
