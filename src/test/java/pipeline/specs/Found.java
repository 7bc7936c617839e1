package pipeline.specs;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import pipeline.claim.Entry;
import pipeline.claim.FileVersion;
import pipeline.claim.Status;
import pipeline.dataset.Shown;
import pipeline.local.PublishedMessage;
import pipeline.observe.Journal.Event;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** The whole outcome in a {@link Sandbox} after a run. */
final class Found {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu/MM/dd", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter NINE_DIGITS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Characters of a row that the specs have come back. */
    private static final int LONGEST_REJECT = 16 * 1024 * 1024;

    private final Sandbox sandbox;
    private final Running pipeline;
    private final List<Entry> ledger;
    private final List<String> keys;
    private final Map<String, List<Map<String, AttributeValue>>> items = new TreeMap<>();
    private final List<JsonNode> deadLetters;
    private final List<PublishedMessage> published;
    private final List<String> outageAlerts;
    private final int queued;
    private final Set<String> onPurpose = new HashSet<>();

    private Found(Sandbox sandbox, Running pipeline) {
        this.sandbox = sandbox;
        this.pipeline = pipeline;
        ledger = sandbox.ledger().stream()
                .sorted(Comparator.comparing(Entry::firstClaim))
                .toList();
        keys = sandbox.keys();
        sandbox.tables().forEach(table -> items.put(table, sandbox.items(table)));
        deadLetters = sandbox.deadLetters();
        queued = sandbox.queued();
        List<PublishedMessage> all = sandbox.aws().published();
        published = all.stream().filter(message -> kind(message).equals("file")).toList();
        outageAlerts = all.stream()
                .map(Found::kind)
                .filter(kind -> !kind.equals("file"))
                .toList();
    }

    private static String kind(PublishedMessage message) {
        return Sandbox.json(message.defaultText()).path("kind").asText();
    }

    /** The kinds of the alerts that are about no file, in their order. */
    List<String> outageAlerts() {
        return outageAlerts;
    }

    /** What there is now. */
    static Found in(Sandbox sandbox, Running pipeline) {
        return new Found(sandbox, pipeline);
    }

    /** Objects of which nothing is promised, as the spec itself has left them in {@code raw-data/}, or edited them. */
    Found except(Collection<String> keys) {
        onPurpose.addAll(keys);
        return this;
    }

    /** The archive's folder of the first claim, as {@code {today}} in {@code places.txt} stands for it. */
    String today() {
        return today(ledger);
    }

    static String today(List<Entry> ledger) {
        return DAY.format(ledger.stream().map(Entry::firstClaim).findFirst().orElse(Instant.now()));
    }

    /** The one rejects file, or a word for what is missing. */
    String rejectsFile() {
        List<String> files = rejectsFiles();
        return files.size() == 1 ? files.get(0) : "rejected.csv";
    }

    private List<String> rejectsFiles() {
        return ledger.stream()
                .map(Entry::rejects)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    /**
     * In the words of a spec folder.
     *
     * @param emails whether the alerts' texts for people are part of it
     */
    Outcome outcome(boolean emails) {
        SortedMap<String, List<String>> parts = new TreeMap<>();
        parts.put("stored.csv", Item.lines(storedItems()));
        parts.put("places.txt", keys.stream().map(Outcome::shown).toList());
        parts.put("ledger.yaml", Outcome.fields(ledgerFields()));
        List<Map<String, Object>> alerts = alerts();
        if (!emails) {
            alerts.forEach(alert -> alert.remove("email"));
        }
        parts.put("alerts.yaml", Expected.lines(alerts));
        for (String key : rejectsFiles()) {
            parts.put(key, Outcome.lines(sandbox.text(key)));
        }
        return new Outcome(parts);
    }

    List<Item> storedItems() {
        List<Item> found = new ArrayList<>();
        items.forEach((table, all) -> all.forEach(item -> found.add(Item.of(table, item))));
        return found;
    }

    Map<String, Map<String, Object>> ledgerFields() {
        Map<String, Long> versions = ledger.stream().collect(Collectors.groupingBy(Entry::file, Collectors.counting()));
        Map<String, Map<String, Object>> entries = new LinkedHashMap<>();
        for (Entry entry : ledger) {
            String name = versions.get(entry.file()) == 1
                    ? entry.file()
                    : entry.file() + "@" + entry.version().substring(0, 8);
            entries.put(name, fields(entry));
        }
        return entries;
    }

    private Map<String, Object> fields(Entry entry) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("status", entry.status().text());
        if (entry.attempts() != 1) {
            fields.put("attempts", entry.attempts());
        }
        entry.dataset().ifPresent(dataset -> fields.put("dataset", dataset));
        if (entry.status() != Status.SUPERSEDED) {
            fields.put("rows_read", entry.rowsRead());
            fields.put("rows_stored", entry.rowsStored());
            fields.put("rows_rejected", entry.rowsRejected());
        }
        if (entry.rowsRepaired() > 0) {
            fields.put("rows_repaired", entry.rowsRepaired());
        }
        entry.location().ifPresent(location -> fields.put("location", location));
        entry.rejects().ifPresent(rejects -> fields.put("rejects", rejects));
        entry.reason().ifPresent(reason -> fields.put("reason", reason));
        long duplicates = pipeline.events(Event.Duplicate.class).stream()
                .filter(event -> event.entry().toString().equals(entry.toString()))
                .count();
        if (duplicates > 0) {
            fields.put("duplicates", duplicates);
        }
        return fields;
    }

    /** What was told, dead-letter message and alert being the same JSON. */
    List<Map<String, Object>> alerts() {
        List<Map<String, Object>> alerts = new ArrayList<>();
        for (PublishedMessage message : published) {
            JsonNode json = Sandbox.json(message.defaultText());
            Map<String, Object> fields = new LinkedHashMap<>();
            for (String field : List.of("file", "status", "attempts", "rows_read", "rows_stored", "rows_rejected")) {
                fields.put(
                        field,
                        json.path(field).isNumber()
                                ? json.get(field).asLong()
                                : json.path(field).asText());
            }
            fields.put("location", json.path("location").asText());
            fields.put("reason", json.path("reason").asText());
            fields.put("subject", message.subject());
            fields.put("email", message.emailText());
            alerts.add(fields);
        }
        alerts.sort(Comparator.comparing(alert -> String.valueOf(alert.get("file"))));
        return alerts;
    }

    /**
     * Asserts what holds after every run that has left nothing to do, whatever was dropped.
     */
    void assertPromises() {
        assertAll(this::assertPromisesExceptOnce, this::assertToldOnce);
    }

    /** The same after a process died or an answer was lost: then a failure may be told more than once, with one id. */
    void assertPromisesExceptOnce() {
        assertAll(
                () -> ledger.forEach(this::assertSettled),
                this::assertQuiet,
                () -> assertAll(ledger.stream().map(entry -> () -> assertReturned(entry))),
                this::assertFiledOnce,
                this::assertAlertsAreDeadLetters,
                this::assertKeysOfItems);
    }

    private void assertToldOnce() {
        List<String> messages = deadLetters.stream().map(Found::id).toList();
        List<String> alerts = published.stream()
                .map(message -> id(Sandbox.json(message.defaultText())))
                .toList();
        assertEquals(
                messages.stream().distinct().toList(), messages, "ids of dead-letter messages, expected each once");
        assertEquals(alerts.stream().distinct().toList(), alerts, "ids of alerts, expected each once");
        ledger.stream()
                .filter(entry -> entry.status() == Status.REFUSED || entry.status() == Status.FAILED)
                .map(entry -> FileVersion.failureId(entry.file(), entry.version(), entry.failures()))
                .forEach(id -> assertTrue(alerts.contains(id), () -> id + ": expected an alert with it"));
    }

    private static String id(JsonNode message) {
        return message.path("id").asText();
    }

    private static boolean isOf(Entry entry, JsonNode message) {
        return message.path("file").asText().equals(entry.file())
                && message.path("version").asText().equals(entry.version());
    }

    private void assertSettled(Entry entry) {
        assertTrue(
                !List.of(Status.PROCESSING, Status.WAITING).contains(entry.status()),
                () -> entry + ": found it " + entry.status() + ", expected an end");
        assertTrue(
                !entry.announcePending() && !entry.tidyPending(),
                () -> entry + ": found something left to announce or tidy: " + entry.item());
        if (entry.status() == Status.COMPLETED || entry.status() == Status.REFUSED) {
            assertEquals(
                    entry.rowsRead(),
                    entry.rowsStored() + entry.rowsRejected(),
                    () -> entry + ": expected read = stored + rejected");
        }
        Optional<String> open = Optional.ofNullable(entry.item().get("open")).map(AttributeValue::s);
        boolean failure = entry.status() == Status.REFUSED || entry.status() == Status.FAILED;
        assertEquals(
                failure ? Optional.of("failure") : Optional.empty(),
                open,
                () -> entry + ": its place in the open index");
    }

    private void assertQuiet() {
        assertEquals(
                List.of(),
                keys.stream()
                        .filter(key -> key.startsWith("raw-data/"))
                        .filter(key -> !onPurpose.contains(key))
                        .toList(),
                "objects left in raw-data/");
        assertEquals(List.of(), List.copyOf(pipeline.pipeline().inHand()), "files under a lease");
        assertEquals(0, queued, "messages on the intake queue, visible, hidden or delayed");
    }

    /** Its rejects are there, a row for each that it counts. */
    private void assertReturned(Entry entry) throws IOException {
        if (entry.status() == Status.COMPLETED || entry.status() == Status.REFUSED) {
            assertEquals(
                    entry.rowsRejected() > 0,
                    entry.rejects().isPresent(),
                    () -> entry + ": expected rejects for " + entry.rowsRejected() + " rejected rows, found "
                            + entry.rejects());
        }
        String key = entry.rejects().orElse("");
        if (key.isEmpty() || onPurpose.contains(key)) {
            return;
        }
        try (CsvReader<CsvRecord> records = CsvReader.builder()
                .allowExtraFields(true)
                .maxBufferSize(LONGEST_REJECT)
                .ofCsvRecord(sandbox.path(key))) {
            assertEquals(entry.rowsRejected(), records.stream().skip(1).count(), () -> "rows of " + key);
        }
    }

    private void assertFiledOnce() throws IOException {
        SortedMap<String, HeadObjectResponse> copies = new TreeMap<>();
        for (String key : keys) {
            if (!key.startsWith("raw-data/")) {
                copies.put(key, sandbox.head(key));
            }
        }
        for (Entry entry : ledger) {
            assertFiledOnce(entry, copies);
        }
    }

    private void assertFiledOnce(Entry entry, SortedMap<String, HeadObjectResponse> filed) throws IOException {
        if (entry.status() == Status.SUPERSEDED) {
            return;
        }
        String sourceVersion = FileVersion.sourceVersion(entry.file(), entry.version());
        List<String> copies = filed.keySet().stream()
                .filter(key -> sourceVersion.equals(filed.get(key).metadata().get("source-version")))
                .filter(key -> !key.equals(entry.rejects().orElse("")))
                .toList();
        String location = entry.location().orElseThrow();
        assertEquals(
                List.of(entry.archive().orElseThrow(), location),
                copies,
                () -> entry + ": expected one copy in the archive and one in its place");
        assertTrue(
                location.startsWith(entry.status() == Status.COMPLETED ? "processed-data/" : "failed-data/"),
                () -> entry + ": found it in " + location);
        for (String copy : copies) {
            assertEquals(entry.bytes(), filed.get(copy).contentLength(), () -> copy + ": its size");
            if (entry.version().length() == 32) {
                String found = md5(sandbox.path(copy));
                assertEquals(entry.version(), found, copy + ": expected the bytes that were dropped");
            }
        }
    }

    private static String md5(Path file) throws IOException {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), md5)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(md5.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertAlertsAreDeadLetters() {
        assertEquals(
                deadLetters.stream().map(JsonNode::toString).sorted().distinct().toList(),
                published.stream()
                        .map(message -> Sandbox.json(message.defaultText()).toString())
                        .sorted()
                        .distinct()
                        .toList(),
                "expected each dead-letter message as an alert and no other");
        for (JsonNode message : deadLetters) {
            Entry entry = ledger.stream()
                    .filter(known -> isOf(known, message))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("found a message of an unknown file: " + message));
            assertEquals(
                    FileVersion.failureId(entry.file(), entry.version(), entry.failures()),
                    message.path("id").asText(),
                    "the id of " + message);
            String email = published.stream()
                    .filter(alert -> Sandbox.json(alert.defaultText()).equals(message))
                    .map(PublishedMessage::emailText)
                    .findFirst()
                    .orElse("");
            assertTrue(
                    email.contains(entry.reason().orElseThrow())
                            && email.contains(Shown.line(entry.location().orElseThrow())),
                    () -> "expected reason and place in the e-mail: " + email);
            assertEquals("file", message.path("kind").asText(), "the kind of " + message);
            assertEquals(
                    entry.concludedAt().orElseThrow(),
                    Instant.parse(message.path("failed_at").asText()),
                    "failed_at of " + message);
        }
    }

    /** Keys are the first claim plus the line in nanoseconds, so they sort as the lines do, and no two are the same. */
    private void assertKeysOfItems() {
        Map<String, Long> ofVersion = new TreeMap<>();
        items.forEach((table, all) -> all.forEach(item -> {
            String file = item.get("source_file").s();
            long line = Long.parseLong(item.get("source_line").n());
            String timestamp = item.get(Item.TIMESTAMP).s();
            Entry entry = ledger.stream()
                    .filter(known -> known.file().equals(file))
                    .filter(known -> NINE_DIGITS
                            .format(known.firstClaim().plusNanos(line))
                            .equals(timestamp))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(Item.of(table, item) + ": found processed_timestamp "
                            + timestamp + ", expected the first claim of its file plus its line in nanoseconds: "
                            + ledger));
            ofVersion.merge(entry.toString(), 1L, Long::sum);
        }));
        for (Entry entry : ledger) {
            boolean repairs = ledger.stream().anyMatch(other -> other.rowsRepaired() > 0);
            if (!repairs && (entry.status() == Status.COMPLETED || entry.status() == Status.REFUSED)) {
                assertEquals(
                        entry.rowsStored(),
                        ofVersion.getOrDefault(entry.toString(), 0L),
                        () -> entry + ": expected as many items as rows_stored");
            }
        }
    }

    /** Asserts that metrics and journal tell what the ledger does, where no file was concluded by another process or twice. */
    void assertCounts() {
        for (Status status : List.of(Status.COMPLETED, Status.REFUSED, Status.FAILED)) {
            assertEquals(
                    ledger.stream().filter(entry -> entry.status() == status).count(),
                    pipeline.count("pipeline.files", "outcome", status.text()),
                    () -> "the counter of files " + status.text());
        }
        assertEquals(
                pipeline.events(Event.Duplicate.class).size(),
                pipeline.count("pipeline.files", "outcome", "duplicate"),
                "the counter of duplicates");
        assertEquals(
                ledger.stream().mapToLong(Entry::rowsRead).sum(), pipeline.count("pipeline.rows.read"), "rows read");
        assertEquals(
                ledger.stream().mapToLong(Entry::rowsStored).sum(),
                pipeline.count("pipeline.rows.stored"),
                "rows stored");
        assertEquals(
                ledger.stream().mapToLong(Entry::rowsRejected).sum(),
                pipeline.count("pipeline.rows.rejected"),
                "rows rejected");
        List<String> concluded = pipeline.events(Event.Concluded.class).stream()
                .map(event -> event.entry().toString())
                .sorted()
                .toList();
        assertEquals(
                ledger.stream()
                        .filter(entry -> entry.status() != Status.SUPERSEDED)
                        .map(Entry::toString)
                        .sorted()
                        .toList(),
                concluded,
                "expected every file version to be concluded once");
    }
}
