package pipeline.http;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import pipeline.claim.Entry;
import pipeline.claim.Status;

/**
 * What the ledger's index by day says of a version that was concluded. As small as can be, for there are many.
 *
 * @param dataset {@link #NO_DATASET} where none was recognised
 * @param rejectedFor how many rows were rejected for which reason
 */
record ConcludedFile(
        String file,
        String version,
        Status status,
        String dataset,
        Instant concludedAt,
        int attempts,
        long bytes,
        long rowsRead,
        long rowsStored,
        long rowsRejected,
        long writeUnits,
        long durationMillis,
        long itemsResent,
        Optional<BigDecimal> cost,
        Map<String, Long> rejectedFor) {
    static final String NO_DATASET = "none";

    static ConcludedFile of(Entry entry) {
        return new ConcludedFile(
                entry.file(),
                entry.version(),
                entry.status(),
                entry.dataset().map(String::intern).orElse(NO_DATASET),
                entry.concludedAt().orElse(Instant.EPOCH),
                entry.attempts(),
                entry.bytes(),
                entry.rowsRead(),
                entry.rowsStored(),
                entry.rowsRejected(),
                entry.writeUnits(),
                entry.duration().toMillis(),
                entry.itemsResent(),
                entry.cost(),
                entry.rejectedFor());
    }

    /** {@code file@version}. */
    String id() {
        return file + "@" + version;
    }

    Map<String, Object> json() {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("file", file);
        view.put("version", version);
        view.put("status", status.text());
        if (!dataset.equals(NO_DATASET)) {
            view.put("dataset", dataset);
        }
        view.put("concluded_at", concludedAt.toString());
        view.put("attempts", attempts);
        view.put("bytes", bytes);
        view.put("rows_read", rowsRead);
        view.put("rows_stored", rowsStored);
        view.put("rows_rejected", rowsRejected);
        view.put("write_units", writeUnits);
        view.put("duration_millis", durationMillis);
        cost.ifPresent(dollars -> view.put("cost", dollars));
        return view;
    }
}
