package pipeline.claim;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import pipeline.dataset.Shown;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One item of the ledger: everything known about one version of one file. Lock, idempotency record and audit trail in
 * one. A snapshot; the truth is in the table.
 *
 * @param item the item as DynamoDB returned it
 */
public record Entry(Map<String, AttributeValue> item) {
    public Entry {
        item = Map.copyOf(item);
    }

    public String file() {
        return text("file").orElseThrow();
    }

    public String version() {
        return text("version").orElseThrow();
    }

    public Status status() {
        return Status.of(text("status").orElseThrow());
    }

    /** How often the file was claimed and not handed back through no fault of its own. */
    public int attempts() {
        return (int) number("attempts");
    }

    /** The instant from which the rows' {@code processed_timestamp} is made: that of the version's first claim. */
    public Instant firstClaim() {
        return Instant.parse(text("first_claim").orElseThrow());
    }

    public String leaseOwner() {
        return text("lease_owner").orElse("");
    }

    public long leaseBeat() {
        return number("lease_beat");
    }

    public int leaseSeconds() {
        return (int) number("lease_seconds");
    }

    /** Before this instant a waiting file is left alone. */
    public Instant notBefore() {
        return text("not_before").map(Instant::parse).orElse(Instant.EPOCH);
    }

    /** When S3 stored the object that was claimed; empty when it was claimed from the ledger alone. */
    public Optional<Instant> objectLastModified() {
        return text("object_last_modified").map(Instant::parse);
    }

    public Optional<String> dataset() {
        return text("dataset");
    }

    public Optional<String> datasetHash() {
        return text("dataset_hash");
    }

    public long rowsRead() {
        return number("rows_read");
    }

    public long rowsStored() {
        return number("rows_stored");
    }

    public long rowsRejected() {
        return number("rows_rejected");
    }

    /** Rows that were rejected and came back corrected in later files, over all those files. */
    public long rowsRepaired() {
        return Optional.ofNullable(item.get("rows_repaired"))
                .map(repaired -> repaired.m().values().stream()
                        .mapToLong(count -> Long.parseLong(count.n()))
                        .sum())
                .orElse(0L);
    }

    /**
     * By which declarations rows of this version may lie in tables: those of every process that has claimed it since it was
     * last known what it has stored, each process's {@linkplain pipeline.dataset.RowKeys#together together}.
     */
    public Set<String> storedAs() {
        return Optional.ofNullable(item.get("stored_as"))
                .map(texts -> Set.copyOf(texts.ss()))
                .orElse(Set.of());
    }

    /** The highest row number up to which every accepted row is known to be stored; 0 = none. */
    public long storedThrough() {
        return number("stored_through");
    }

    public long bytes() {
        return number("bytes");
    }

    public Optional<String> reason() {
        return text("reason");
    }

    /** The reason without the file's own name before it, for a line that begins with that name anyway. */
    public Optional<String> reasonAlone() {
        String name = Shown.line(file());
        return reason().map(text -> text.startsWith(name + ": ") || text.startsWith(name + " line ")
                ? text.substring(name.length()).replaceFirst("^:? ", "")
                : text);
    }

    /** The full key of the filed copy, under {@code processed-data/} or {@code failed-data/}. */
    public Optional<String> location() {
        return text("location");
    }

    /** The full key of the archived copy. */
    public Optional<String> archive() {
        return text("archive");
    }

    /** The full key of the rejects file. */
    public Optional<String> rejects() {
        return text("rejects");
    }

    public Optional<Instant> concludedAt() {
        return text("concluded_at").map(Instant::parse);
    }

    /** Which failure of this version this is, from 1; part of the id of message and alert. */
    public long failures() {
        return number("failures");
    }

    /** True while dead-letter message and alert are not known to be sent. */
    public boolean announcePending() {
        return item.containsKey("announce");
    }

    /** True while the dead-letter message is not known to be sent; the alert follows it. */
    public boolean messagePending() {
        return text("announce").filter("pending"::equals).isPresent();
    }

    /** True while copies of this version may lie in places of an earlier outcome. */
    public boolean tidyPending() {
        return item.containsKey("tidy");
    }

    /** The entry with nothing left to announce or to tidy. */
    Entry settled() {
        Map<String, AttributeValue> rest = new HashMap<>(item);
        rest.keySet().removeAll(List.of("announce", "tidy"));
        return new Entry(rest);
    }

    /** True when there is no further attempt: it is claimed only to be concluded. */
    public boolean exhausted() {
        return item.containsKey("exhausted");
    }

    /** How often in a row it had to wait because a service asked to slow down, while it got no further. */
    int throttled() {
        return (int) number("throttled");
    }

    public boolean replayed() {
        return replays() > 0;
    }

    /** How often a person has had the file worked on again. */
    public long replays() {
        return number("replays");
    }

    /** Since when the version has been there to be worked on: its first claim, or its last replay. */
    public Instant openSince() {
        return history().stream()
                .filter(line -> Conclusions.REPLAYED.equals(line.get("outcome")))
                .reduce((earlier, later) -> later)
                .map(line -> Instant.parse(line.get("at")))
                .orElseGet(this::firstClaim);
    }

    /** Write units that the rows' table has charged for the attempt that ended the file. */
    public long writeUnits() {
        return number("write_units");
    }

    /**
     * What AWS charges for this version, all attempts together, in dollars; empty where it was concluded before that was
     * written down. See {@link Conclusions#conclude} for what it holds.
     */
    public Optional<BigDecimal> cost() {
        return Optional.ofNullable(item.get("cost")).map(value -> new BigDecimal(value.n()));
    }

    /** Items of this version that were sent again, as the table had left them unprocessed or throttled them. */
    public long itemsResent() {
        return number("items_resent");
    }

    /**
     * For which reasons rows were rejected, the commonest first, and how many for each; a row counts once for each of its
     * reasons. No reason holds a cell. At most 20; how often there were others stands under {@code other}, at the end.
     */
    public Map<String, Long> rejectedFor() {
        Map<String, Long> rows = new LinkedHashMap<>();
        Optional.ofNullable(item.get("rejected_for")).map(AttributeValue::m).orElse(Map.of()).entrySet().stream()
                .map(reason -> Map.entry(
                        reason.getKey(), Long.parseLong(reason.getValue().n())))
                .sorted(Comparator.<Map.Entry<String, Long>>comparingInt(
                                reason -> reason.getKey().equals(RejectedFor.OTHER) ? 1 : 0)
                        .thenComparing(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(reason -> rows.put(reason.getKey(), reason.getValue()));
        return rows;
    }

    /** How long the attempt took that ended the file; zero while there is none. */
    public Duration duration() {
        return Duration.ofMillis(number("duration_millis"));
    }

    /** What happened to earlier attempts, oldest first: {@code at}, {@code attempt}, {@code outcome}, {@code reason}. */
    public List<Map<String, String>> history() {
        return Optional.ofNullable(item.get("history")).map(AttributeValue::l).orElse(List.of()).stream()
                .map(line -> {
                    Map<String, String> texts = new LinkedHashMap<>();
                    line.m().forEach((name, value) -> texts.put(name, value.s() != null ? value.s() : value.n()));
                    return texts;
                })
                .toList();
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(item.get(name)).map(AttributeValue::s);
    }

    private long number(String name) {
        return Optional.ofNullable(item.get(name))
                .map(value -> Long.parseLong(value.n()))
                .orElse(0L);
    }

    /** {@code file@version}. */
    @Override
    public String toString() {
        return file() + "@" + version();
    }
}
