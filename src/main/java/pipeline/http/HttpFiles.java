package pipeline.http;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.conclude.Failures;
import pipeline.dataset.Dataset;
import pipeline.dataset.Datasets;
import pipeline.dataset.Shown;
import pipeline.explain.EntryFacts;
import pipeline.explain.Explainer;
import pipeline.explain.Explanation;
import pipeline.explain.ExplanationFacts;
import pipeline.reject.FirstRejects;
import pipeline.settings.Settings;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** What may be asked over HTTP about files and their rows. Each method answers one operation of the OpenAPI document. */
public final class HttpFiles {
    /** A week. */
    private static final int MOST_HOURS = 168;

    private static final int MOST_LINES = 200;

    /** Completed with rejected rows: no status of the ledger, and what people look for. */
    private static final String REJECTED = "rejected";

    private static final List<String> STATUSES = Stream.concat(
                    Stream.of(Status.values()).filter(Figures::isEnd).map(Status::text), Stream.of(REJECTED))
            .sorted()
            .toList();

    private static final Map<String, Comparator<ConcludedFile>> ORDERS = Map.of(
            "concluded_at", Comparator.comparing(ConcludedFile::concludedAt),
            "file", Comparator.comparing(ConcludedFile::file),
            "dataset", Comparator.comparing(ConcludedFile::dataset),
            "status", Comparator.comparing(file -> file.status().text()),
            "bytes", Comparator.comparing(ConcludedFile::bytes),
            "rows_read", Comparator.comparing(ConcludedFile::rowsRead),
            "rows_stored", Comparator.comparing(ConcludedFile::rowsStored),
            "rows_rejected", Comparator.comparing(ConcludedFile::rowsRejected),
            "duration_millis", Comparator.comparing(ConcludedFile::durationMillis),
            "cost", Comparator.comparing(file -> file.cost().orElse(BigDecimal.ZERO)));

    private final Overview overview;
    private final RecentFiles recent;
    private final Versions versions;
    private final Failures failures;
    private final FirstRejects firstRejects;
    private final Explainer explainer;
    private final Datasets datasets;
    private final S3Client s3;
    private final Settings settings;
    private final Clock clock;

    HttpFiles(
            Overview overview,
            RecentFiles recent,
            Versions versions,
            Failures failures,
            FirstRejects firstRejects,
            Explainer explainer,
            Datasets datasets,
            S3Client s3,
            Settings settings,
            Clock clock) {
        this.overview = overview;
        this.recent = recent;
        this.versions = versions;
        this.failures = failures;
        this.firstRejects = firstRejects;
        this.explainer = explainer;
        this.datasets = datasets;
        this.s3 = s3;
        this.settings = settings;
        this.clock = clock;
    }

    public void overview(Exchange exchange) {
        Query query = Query.of(exchange);
        Answers.json(exchange, () -> overview.of(hours(query), query.text("dataset")));
    }

    private static long hours(Query query) {
        return query.number("hours", 24, 1, MOST_HOURS);
    }

    public void files(Exchange exchange) {
        Query query = Query.of(exchange);
        Answers.json(exchange, () -> files(query));
    }

    private Map<String, Object> files(Query query) {
        Instant since = clock.instant().minus(Duration.ofHours(hours(query)));
        Comparator<ConcludedFile> order = order(query);
        Set<String> statuses = query.choices("status", STATUSES);
        Optional<String> name = query.text("name").map(text -> text.toLowerCase(Locale.ROOT));
        Optional<String> dataset = query.text("dataset");
        int limit = (int) query.number("limit", 50, 1, MOST_LINES);
        long page = query.number("page", 1, 1, Integer.MAX_VALUE);
        RecentFiles.Window window = recent.since(since);
        List<ConcludedFile> found = window.files().stream()
                .filter(file -> Figures.isEnd(file.status()))
                .filter(file -> statuses.isEmpty() || is(file, statuses))
                .filter(file -> dataset.isEmpty() || file.dataset().equals(dataset.get()))
                .filter(file ->
                        name.isEmpty() || file.file().toLowerCase(Locale.ROOT).contains(name.get()))
                .sorted(order)
                .toList();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put(
                "files",
                found.stream()
                        .skip((page - 1) * limit)
                        .limit(limit)
                        .map(ConcludedFile::json)
                        .toList());
        view.put("total", found.size());
        view.put("page", page);
        view.put("pages", Math.max(1, (found.size() + limit - 1) / limit));
        view.put("complete", window.complete());
        return view;
    }

    private static boolean is(ConcludedFile file, Set<String> statuses) {
        return statuses.contains(file.status().text())
                || statuses.contains(REJECTED) && file.status() == Status.COMPLETED && file.rowsRejected() > 0;
    }

    private static Comparator<ConcludedFile> order(Query query) {
        Comparator<ConcludedFile> order = ORDERS.get(query.choice(
                "sort", "concluded_at", ORDERS.keySet().stream().sorted().toList()));
        Comparator<ConcludedFile> directed =
                query.choice("order", "desc", List.of("asc", "desc")).equals("asc") ? order : order.reversed();
        return directed.thenComparing(ConcludedFile::id);
    }

    public void file(Exchange exchange) {
        Query query = Query.of(exchange);
        Answers.json(exchange, () -> {
            String file = query.required("file");
            Optional<String> version = query.text("version");
            List<Entry> entries =
                    version.isPresent() ? List.of(versions.find(file, version.get())) : failures.find(file);
            if (entries.isEmpty()) {
                throw Versions.unknown(file);
            }
            Map<String, Entry> answers = failures.answers(entries);
            Instant now = clock.instant();
            return Map.of(
                    "versions",
                    entries.stream()
                            .map(entry -> file(entry, Optional.ofNullable(answers.get(entry.toString())), now))
                            .toList());
        });
    }

    private Map<String, Object> file(Entry entry, Optional<Entry> answer, Instant now) {
        Map<String, Object> facts = EntryFacts.whole(entry, answer, Map.of());
        EntryFacts.next(entry, answer, now).ifPresent(next -> facts.put("next", next));
        return CustomerData.hidden(facts, settings);
    }

    public void rejects(Exchange exchange) {
        Query query = Query.of(exchange);
        Answers.json(exchange, () -> {
            CustomerData.require(settings);
            Entry entry = version(query);
            rejectsKey(entry);
            Dataset dataset = entry.dataset()
                    .flatMap(datasets::named)
                    .orElseThrow(() -> new Refusal(409, "its dataset is not declared any more; download the rejects"));
            FirstRejects.Table first = firstRejects.table(entry, dataset);
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("columns", first.columns());
            view.put("rows", first.rows());
            view.put("more", first.more());
            return view;
        });
    }

    private Entry version(Query query) {
        return versions.find(query.required("file"), query.required("version"));
    }

    private static String rejectsKey(Entry entry) {
        return entry.rejects().orElseThrow(() -> new Refusal(404, "it has no rejected rows"));
    }

    public void rejectsFile(Exchange exchange) {
        Query query = Query.of(exchange);
        Answers.fill(exchange, () -> {
            CustomerData.require(settings);
            download(exchange, rejectsKey(version(query)), "text/csv");
        });
    }

    public void original(Exchange exchange) {
        Query query = Query.of(exchange);
        Answers.fill(exchange, () -> {
            CustomerData.require(settings);
            Entry entry = version(query);
            String key = entry.archive()
                    .or(entry::location)
                    .orElseThrow(() -> new Refusal(404, "no copy of it was kept yet"));
            download(exchange, key, "application/octet-stream");
        });
    }

    /** The bytes go through as they come; the server closes the stream. */
    private void download(Exchange exchange, String key, String type) {
        try {
            ResponseInputStream<GetObjectResponse> object =
                    s3.getObject(request -> request.bucket(settings.bucket()).key(key));
            // Whoever goes away before the end leaves the server waiting for nothing, and S3's connection taken.
            exchange.getMessage(HttpMessage.class).getResponse().closeHandler(closed -> object.abort());
            exchange.getMessage().removeHeaders("*");
            exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, type);
            exchange.getMessage().setHeader("Content-Disposition", attachment(key));
            exchange.getMessage().setBody(object);
        } catch (NoSuchKeyException e) {
            throw new Refusal(404, "%s is not there (any more)".formatted(Shown.plain(key)));
        }
    }

    /** A header that holds any name (RFC 6266, section 4.3; RFC 8187, section 3.2). */
    static String attachment(String key) {
        String name = key.substring(key.lastIndexOf('/') + 1);
        StringBuilder encoded = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || "-._".indexOf(b) >= 0;
            encoded.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b));
        }
        return "attachment; filename=\"%s\"; filename*=UTF-8''%s"
                .formatted(name.replaceAll("[^A-Za-z0-9._-]", "_"), encoded);
    }

    public void row(Exchange exchange) {
        Query query = Query.of(exchange);
        Answers.json(exchange, () -> {
            CustomerData.require(settings);
            Entry entry = version(query);
            query.required("line");
            Explanation explanation = explainer.explain(entry, query.number("line", 1, 1, Long.MAX_VALUE));
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("line", explanation.line());
            view.putAll(ExplanationFacts.json(explanation));
            view.put("text", ExplanationFacts.sentence(entry, explanation));
            view.put("edited", explainer.edited(entry));
            return view;
        });
    }

    public void datasets(Exchange exchange) {
        Answers.json(
                exchange,
                () -> Map.of(
                        "datasets",
                        datasets.all().stream()
                                .sorted(Comparator.comparing(Dataset::name))
                                .map(HttpFiles::dataset)
                                .toList()));
    }

    private static Map<String, Object> dataset(Dataset dataset) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", dataset.name());
        view.put("title", dataset.title());
        view.put("table", dataset.table());
        view.put("upsert", dataset.upsert());
        view.put(
                "fields",
                dataset.fields().stream()
                        .map(field -> {
                            Map<String, Object> described = new LinkedHashMap<>();
                            described.put("name", field.name());
                            described.put("required", field.required());
                            described.put("expectation", field.expectation());
                            return described;
                        })
                        .collect(Collectors.toList()));
        return view;
    }
}
