package pipeline.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** What a sink was asked for since it was told to forget. Times are milliseconds since 1970, of the machine's clock. */
final class Figures {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
    private final LongAdder rows = new LongAdder();
    private final LongAdder rowsAgain = new LongAdder();
    private final AtomicReference<String> spoiltBy = new AtomicReference<>("");
    private final AtomicLong firstRead = new AtomicLong();
    private final AtomicLong firstRow = new AtomicLong();
    private final AtomicLong lastRow = new AtomicLong();
    private final AtomicLong lastDelete = new AtomicLong();
    private final LongAdder emptyReceives = new LongAdder();
    private final AtomicLong receiving = new AtomicLong();

    /** @param operation such as s3:GetObject */
    void request(String operation) {
        requests.computeIfAbsent(operation, name -> new LongAdder()).increment();
        if (operation.equals("s3:GetObject")) {
            firstRead.compareAndSet(0, System.currentTimeMillis());
        } else if (operation.equals("s3:DeleteObject")) {
            lastDelete.set(System.currentTimeMillis());
        }
    }

    /** Rows came, some of which have to come again. */
    void rows(int stored, int again) {
        long now = System.currentTimeMillis();
        rows.add(stored);
        rowsAgain.add(again);
        firstRow.compareAndSet(0, now);
        lastRow.set(now);
    }

    /** A queue is asked, and waits for a message. */
    void receiveBegins() {
        receiving.incrementAndGet();
    }

    void receiveEnds(boolean empty) {
        receiving.decrementAndGet();
        if (empty) {
            emptyReceives.increment();
        }
    }

    /** Something was asked for that the sink could not answer: what was measured is worth nothing. */
    void spoilt(Throwable failure) {
        spoiltBy.compareAndSet("", failure.toString());
    }

    void clear() {
        spoiltBy.set("");
        requests.clear();
        rows.reset();
        rowsAgain.reset();
        firstRead.set(0);
        firstRow.set(0);
        lastRow.set(0);
        lastDelete.set(0);
        emptyReceives.reset();
    }

    String json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("rows", rows.sum());
        json.put("rowsAgain", rowsAgain.sum());
        json.put("firstRead", firstRead.get());
        json.put("firstRow", firstRow.get());
        json.put("lastRow", lastRow.get());
        json.put("lastDelete", lastDelete.get());
        json.put("emptyReceives", emptyReceives.sum());
        json.put("receiving", receiving.get());
        json.put("spoiltBy", spoiltBy.get());
        ObjectNode byOperation = json.putObject("requests");
        requests.forEach((operation, count) -> byOperation.put(operation, count.sum()));
        return json.toString();
    }
}
