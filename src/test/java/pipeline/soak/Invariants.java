package pipeline.soak;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The promise, asserted of everything in the account against the model, once nothing is left to do. Collects what is
 * broken rather than stop at the first, each with the invariant that it breaks.
 */
final class Invariants {
    private static final int MOST_SHOWN = 25;

    private final Account account;
    private final Dropped dropped;
    private final List<String> foreign;
    private final List<String> broken = new ArrayList<>();
    private final List<Entry> ledger;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, Object> figures = new LinkedHashMap<>();

    private Invariants(Account account, Dropped dropped, List<String> foreign) {
        this.account = account;
        this.dropped = dropped;
        this.foreign = foreign;
        ledger = account.ledger();
        ledger.forEach(entry -> entries.put(entry.toString(), entry));
    }

    /**
     * @param foreign texts on the intake queue that were no events
     * @param once whether each failure is told exactly once, as no process died and no answer was lost
     */
    static Invariants of(Account account, Dropped dropped, List<String> foreign, ArchiveWatch watch, boolean once) {
        Invariants all = new Invariants(account, dropped, foreign);
        all.checkEnds();
        all.checkItems();
        all.checkPlaces();
        all.checkAnnouncements(once);
        all.checkQuiet();
        watch.violations().forEach(violation -> all.breaks("I4", violation));
        all.figures.put("deletes from raw-data/ looked at as they happened", watch.deletes());
        return all;
    }

    private void breaks(String invariant, String how) {
        broken.add(invariant + ": " + how);
    }

    /** Every version that nothing replaced has ended as its content says, with its counts. */
    private void checkEnds() {
        long rowsStored = 0;
        long rowsRejected = 0;
        Map<String, Integer> ends = new TreeMap<>();
        for (Version version : dropped.all()) {
            Optional<Entry> entry = Optional.ofNullable(entries.get(version.toString()));
            boolean ended =
                    entry.filter(found -> found.status() != Status.SUPERSEDED).isPresent();
            ends.merge(
                    entry.map(found -> found.status().text()).orElse("replaced before it was seen"), 1, Integer::sum);
            if (!ended && dropped.isLast(version)) {
                breaks("I1", version + " was dropped and not replaced, and has no end in the ledger");
            }
            if (ended) {
                checkCounts(version, entry.get());
                rowsStored += entry.get().rowsStored();
                rowsRejected += entry.get().rowsRejected();
            }
        }
        for (Entry entry : ledger) {
            if (dropped.find(entry.file(), entry.version()).isEmpty()) {
                breaks("I2", entry + " is in the ledger, and nobody has dropped it");
            }
        }
        figures.put("drops", dropped.drops());
        figures.put("file versions", dropped.all().size());
        figures.put("ends", ends);
        figures.put("rows stored, by the ledger", rowsStored);
        figures.put("rows rejected, by the ledger", rowsRejected);
    }

    private void checkCounts(Version version, Entry entry) {
        Content content = version.content();
        if (entry.status() == Status.FAILED) {
            return;
        }
        String expected = "%s, %d read, %d stored, %d rejected, %d repaired"
                .formatted(
                        content.status(),
                        content.rows(),
                        content.stored(),
                        content.rows() - content.stored(),
                        repairs(version, true));
        String found = "%s, %d read, %d stored, %d rejected, %d repaired"
                .formatted(
                        entry.status().text(),
                        entry.rowsRead(),
                        entry.rowsStored(),
                        entry.rowsRejected(),
                        entry.rowsRepaired());
        if (!found.equals(expected)) {
            breaks("I1", entry + ": found " + found + ", expected " + expected + "; " + entry.reason());
        }
    }

    /** How many rows of a version came back corrected, in files that were completed or in any. */
    private long repairs(Version source, boolean completed) {
        return repairsOf(source).stream()
                .filter(repair -> !completed || isCompleted(repair))
                .mapToLong(repair -> repair.content().rows())
                .sum();
    }

    private List<Version> repairsOf(Version source) {
        return dropped.all().stream()
                .filter(version -> version.content() instanceof Content.Repair repair && repair.source() == source)
                .toList();
    }

    private boolean isCompleted(Version version) {
        Entry entry = entries.get(version.toString());
        return entry != null && entry.status() == Status.COMPLETED;
    }

    /** What was found of a version's rows. */
    private static final class Stored {
        private long good;
        private long repaired;
    }

    /** Each item is a row of a version, with exactly its values; and no row is missing. */
    private void checkItems() {
        Map<String, List<Version>> byFile = new HashMap<>();
        dropped.all().forEach(version -> byFile.computeIfAbsent(version.file(), file -> new ArrayList<>())
                .add(version));
        Map<Version, Set<Integer>> repaired = new HashMap<>();
        for (Version version : dropped.all()) {
            if (version.content() instanceof Content.Repair repair) {
                repaired.computeIfAbsent(repair.source(), source -> new HashSet<>())
                        .addAll(repair.sourceRows());
            }
        }
        Map<Version, Stored> stored = new HashMap<>();
        long[] items = {0};
        for (Sheet sheet : Sheet.values()) {
            account.items(sheet.table).forEach(item -> {
                items[0]++;
                checkItem(sheet, item, byFile, repaired, stored);
            });
        }
        figures.put("items in the tables", items[0]);
        for (Version version : dropped.all()) {
            checkStored(version, stored.getOrDefault(version, new Stored()));
        }
    }

    private void checkItem(
            Sheet sheet,
            Map<String, AttributeValue> item,
            Map<String, List<Version>> byFile,
            Map<Version, Set<Integer>> repaired,
            Map<Version, Stored> stored) {
        String file = item.get("source_file").s();
        int line = Integer.parseInt(item.get("source_line").n());
        String timestamp = item.get("processed_timestamp").s();
        Optional<Version> source = byFile.getOrDefault(file, List.of()).stream()
                .filter(version -> entries.containsKey(version.toString())
                        && entries.get(version.toString())
                                .firstClaim()
                                .plusNanos(line)
                                .equals(Instant.parse(timestamp)))
                .findFirst();
        int row = line - 1;
        if (source.isEmpty()
                || !(source.get().content() instanceof Content.Rows rows)
                || rows.sheet() != sheet
                || row < 1
                || row > rows.rows()) {
            breaks("I1", "an item of no row that was dropped: " + item);
            return;
        }
        Stored count = stored.computeIfAbsent(source.get(), version -> new Stored());
        if (rows.good(row)) {
            count.good++;
        } else if (repaired.getOrDefault(source.get(), Set.of()).contains(row)) {
            count.repaired++;
        } else {
            breaks("I1", "an item of a row that must be rejected: " + item);
            return;
        }
        Map<String, String> expected = new TreeMap<>(rows.item(row));
        expected.put("source_file:S", file);
        expected.put("source_line:N", Integer.toString(line));
        expected.put("processed_timestamp:S", timestamp);
        Map<String, String> found = new TreeMap<>();
        item.forEach((name, value) -> found.put(
                name + ":" + value.type(), value.n() == null ? value.s() : Sheet.plain(new BigDecimal(value.n()))));
        if (!found.equals(expected)) {
            breaks("I1", "found item " + found + ", expected " + expected);
        }
        if (timestamp.length() != "2026-01-01T00:00:00.123456789Z".length()) {
            breaks("I1", "an item whose processed_timestamp has not nine digits: " + timestamp);
        }
    }

    private void checkStored(Version version, Stored found) {
        Entry entry = entries.get(version.toString());
        if (!(version.content() instanceof Content.Rows rows) || entry == null) {
            return;
        }
        if (entry.status() == Status.FAILED || entry.status() == Status.SUPERSEDED) {
            // Each item was checked: what is there are rows of this version. Of a superseded one there must be none.
            if (entry.status() == Status.SUPERSEDED && found.good > 0) {
                breaks("I1", entry + " is superseded and has stored " + found.good + " rows");
            }
            return;
        }
        if (found.good != rows.stored()) {
            breaks(
                    "I1",
                    entry + ": found " + found.good + " items, expected one for each of " + rows.stored()
                            + " good rows");
        }
        long least = repairs(version, true);
        long most = repairs(version, false);
        if (found.repaired < least || found.repaired > most) {
            breaks("I1", entry + ": found " + found.repaired + " items of corrected rows, expected " + least);
        }
    }

    /** One copy in the archive, one in its place, the rejects, all with their bytes; and nothing else in the bucket. */
    private void checkPlaces() {
        Set<String> there = new TreeSet<>(account.keys(""));
        there.removeIf(key -> key.startsWith("raw-data/"));
        for (Entry entry : ledger) {
            Optional<Version> version = dropped.find(entry.file(), entry.version());
            if (version.isPresent() && entry.status() != Status.SUPERSEDED) {
                checkPlaces(entry, version.get(), there);
            }
        }
        there.forEach(key -> breaks("I2", "found " + key + ", which belongs to no version"));
    }

    private void checkPlaces(Entry entry, Version version, Set<String> there) {
        String day = entry.firstClaim().toString().substring(0, 10).replace('-', '/');
        String location = entry.location().orElse("");
        // A failed file that S3 refused to copy stays where it lies.
        boolean unfiled = entry.status() == Status.FAILED
                && (location.startsWith("raw-data/") || location.startsWith("archive/"));
        if (entry.archive().isPresent() || entry.status() != Status.FAILED) {
            checkCopy(
                    "I4",
                    entry,
                    entry.archive().orElse(""),
                    Names.of("archive/" + day + "/", entry.file(), entry.version()),
                    there);
        }
        if (!unfiled) {
            String folder = entry.status() == Status.COMPLETED ? "processed-data/" : "failed-data/";
            checkCopy("I2", entry, location, Names.of(folder, entry.file(), entry.version()), there);
        }
        List<Integer> bad = version.content() instanceof Content.Rows rows && entry.status() != Status.FAILED
                ? rows.bad()
                : List.of();
        if (bad.isEmpty() != entry.rejects().isEmpty()) {
            breaks("I1", entry + ": found rejects " + entry.rejects() + " for " + bad.size() + " rejected rows");
        } else if (!bad.isEmpty()) {
            checkRejects(entry, version, bad, there);
        }
    }

    private void checkCopy(String invariant, Entry entry, String key, List<String> names, Set<String> there) {
        if (!names.contains(key) || !there.remove(key)) {
            breaks(invariant, entry + ": found '" + key + "' as its copy, expected one of " + names + " to be there");
        } else if (!Dropped.md5(account.bytes(key)).equals(entry.version())) {
            breaks("I4", key + ": its bytes are not those that were dropped as " + entry);
        }
    }

    private void checkRejects(Entry entry, Version version, List<Integer> bad, Set<String> there) {
        String key = entry.rejects().orElseThrow();
        if (!Names.rejects(entry.file(), entry.version()).contains(key) || !there.remove(key)) {
            breaks("I1", entry + ": its rejects file " + key + " is not there, or not in its place");
            return;
        }
        Content.Rows rows = (Content.Rows) version.content();
        String text = new String(account.bytes(key), StandardCharsets.UTF_8);
        try (CSVParser found = CSVParser.parse(new StringReader(text), CSVFormat.DEFAULT)) {
            List<CSVRecord> records = found.getRecords();
            List<String> header = new ArrayList<>(rows.sheet().columns);
            header.addAll(List.of("_source", "_line", "_errors"));
            if (records.size() != bad.size() + 1 || !records.get(0).toList().equals(header)) {
                breaks("I1", key + ": found " + (records.size() - 1) + " rows, expected " + bad.size());
                return;
            }
            for (int i = 0; i < bad.size(); i++) {
                checkReject(
                        key,
                        version,
                        rows.dropped(bad.get(i)),
                        bad.get(i),
                        records.get(i + 1).toList());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void checkReject(String key, Version version, Sheet.Spoilt row, int number, List<String> found) {
        int columns = ((Content.Rows) version.content()).sheet().columns.size();
        List<String> expected = new ArrayList<>(row.cells());
        while (expected.size() < columns) {
            expected.add("");
        }
        expected.add(version.toString());
        expected.add(Integer.toString(Content.Rows.line(number)));
        String blame = row.column().isEmpty() ? row.cells().size() + " field" : row.column();
        if (found.size() != columns + 3
                || !found.subList(0, columns + 2).equals(expected)
                || !found.get(columns + 2).contains(blame)) {
            breaks("I1", key + ": found " + found + ", expected " + expected + " and an error about " + blame);
        }
    }

    /** Each failure was told to the dead-letter queue and to people, under one id; and nothing else was. */
    private void checkAnnouncements(boolean once) {
        Map<String, List<String>> messages = new HashMap<>();
        List<String> texts = new ArrayList<>();
        List<JsonNode> deadLetters = account.deadLetters();
        for (JsonNode message : deadLetters) {
            if (message.has("file")) {
                note(messages, message);
            } else {
                texts.add(message.path("text").asText());
            }
        }
        Map<String, List<String>> alerts = new HashMap<>();
        int fileAlerts = 0;
        Map<String, Integer> outages = new TreeMap<>();
        for (JsonNode alert : account.alerts()) {
            if (alert.path("kind").asText().equals("file")) {
                fileAlerts++;
                note(alerts, alert);
            } else {
                outages.merge(alert.path("kind").asText(), 1, Integer::sum);
            }
        }
        if (!told(texts, once).equals(told(foreign, once))) {
            breaks("I2", "foreign messages in the dead-letter queue: found " + texts + ", expected " + foreign);
        }
        long failures = 0;
        for (Entry entry : ledger) {
            List<String> told = told(messages.getOrDefault(entry.toString(), List.of()), once);
            List<String> alerted = told(alerts.getOrDefault(entry.toString(), List.of()), once);
            failures += entry.failures();
            if (!told.equals(alerted) || told.size() != entry.failures()) {
                breaks(
                        "I2",
                        entry + ": found messages " + told + " and alerts " + alerted + ", expected "
                                + (once ? "exactly one" : "one id") + " for each of " + entry.failures()
                                + " failures");
            }
            boolean refused = entry.status() == Status.REFUSED;
            if (refused && entry.failures() == 0 || refused && told.isEmpty()) {
                breaks("I2", entry + " is refused, and nobody was told");
            }
        }
        messages.keySet().stream()
                .filter(version -> !entries.containsKey(version))
                .forEach(version ->
                        breaks("I2", "a dead-letter message of " + version + ", which the ledger does not know"));
        figures.put("failures (refused or failed)", failures);
        figures.put(
                "dead-letter messages, alerts (each failure " + (once ? "exactly once" : "at least once, under one id")
                        + ")",
                (deadLetters.size()
                                - deadLetters.stream()
                                        .filter(message -> !message.has("file"))
                                        .count()) + ", " + fileAlerts);
        figures.put("outage alerts", outages);
    }

    /** What was told, sorted: all of it where it must be told once, or else what is the same only once. */
    private static List<String> told(List<String> all, boolean once) {
        return (once ? all.stream() : all.stream().distinct()).sorted().toList();
    }

    private static void note(Map<String, List<String>> ids, JsonNode message) {
        ids.computeIfAbsent(
                        message.path("file").asText() + "@"
                                + message.path("version").asText(),
                        version -> new ArrayList<>())
                .add(message.path("id").asText());
    }

    /** Nothing is left: no object, no lease, no message, no work. */
    private void checkQuiet() {
        Set<String> unfiled = ledger.stream()
                .filter(entry -> entry.status() == Status.FAILED)
                .map(entry -> entry.location().orElse(""))
                .collect(Collectors.toSet());
        account.keys("raw-data/").stream()
                .filter(key -> !unfiled.contains(key))
                .forEach(key -> breaks("I3", key + " is still there"));
        if (account.queued() > 0) {
            breaks("I3", account.queued() + " messages are still on the intake queue");
        }
        for (Entry entry : ledger) {
            if (List.of(Status.PROCESSING, Status.WAITING).contains(entry.status())
                    || entry.announcePending()
                    || entry.tidyPending()) {
                breaks("I3", entry + " is not settled: " + entry.item());
            }
        }
    }

    List<String> broken() {
        return List.copyOf(broken);
    }

    /** Figures and result, for a report. */
    void tell(Report report) {
        figures.forEach(report::tell);
        for (String invariant : List.of("I1", "I2", "I3", "I4")) {
            long count =
                    broken.stream().filter(line -> line.startsWith(invariant)).count();
            report.tell(invariant, count == 0 ? "holds" : "BROKEN " + count + " times");
        }
        broken.stream().limit(MOST_SHOWN).forEach(line -> report.tell("broken", line));
    }

    long rowsStored() {
        return (Long) figures.get("rows stored, by the ledger");
    }
}
