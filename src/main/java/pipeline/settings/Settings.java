package pipeline.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the operator has set, checked once at the start. Three layers, the later wins: the defaults in the jar
 * ({@code pipeline/defaults.properties}, which is also the list of known keys), {@code config/application.properties},
 * environment variables ({@code PIPELINE_X_Y} for {@code pipeline.x-y}).
 */
public final class Settings {
    /** Where people edit settings, relative to the working directory. */
    public static final Path FILE = Path.of("config", "application.properties");

    private static final String PREFIX = "pipeline.";
    private static final String SECRET = PREFIX + "http-secret";
    private static final int SHORTEST_SECRET = 16;
    private static final List<String> INTAKES = List.of("poll", "events", "both");
    private static final List<String> LOG_FORMATS = List.of("text", "json");
    private static final List<String> TRACES = List.of("off", "otlp");

    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5}) ?(s|m|min|h|d)");
    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "min", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS);

    private final Properties values;
    private final List<String> warnings;

    private Settings(Properties values, List<String> warnings) {
        this.values = values;
        this.warnings = List.copyOf(warnings);
    }

    /**
     * Reads and checks all settings.
     *
     * @param file a properties file; where there is none, defaults and environment decide alone
     * @param environment the process's environment
     * @throws ConfigurationException for an unknown key in the file or a value that cannot be meant
     */
    public static Settings load(Path file, Map<String, String> environment) {
        Settings settings = loadOffline(file, environment);
        if (settings.bucket().isEmpty()) {
            throw new ConfigurationException(
                    "pipeline.bucket: found nothing, expected the name of the bucket; set it in " + FILE
                            + " or as PIPELINE_BUCKET");
        }
        return settings;
    }

    /** The same for a verb that talks to nobody: the bucket need not be set. */
    public static Settings loadOffline(Path file, Map<String, String> environment) {
        Properties values = defaults();
        Properties edited = read(file);
        TreeSet<String> known = new TreeSet<>(values.stringPropertyNames());
        for (String key : new TreeSet<>(edited.stringPropertyNames())) {
            if (key.startsWith(PREFIX) && !known.contains(key)) {
                throw new ConfigurationException(
                        "%s: found the setting %s, expected a known one%s".formatted(file, key, nearest(key, known)));
            }
            if (key.equals(SECRET) && !edited.getProperty(key).isBlank()) {
                throw new ConfigurationException(
                        "%s: found %s in a file that is edited and copied, expected it in the environment as PIPELINE_HTTP_SECRET, or the path of a file of its own as pipeline.http-secret-file"
                                .formatted(file, SECRET));
            }
            values.setProperty(key, edited.getProperty(key).strip());
        }
        List<String> warnings = new ArrayList<>();
        environment.forEach((name, value) -> {
            if (name.startsWith("PIPELINE_")) {
                String key = PREFIX
                        + name.substring(PREFIX.length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-');
                if (known.contains(key)) {
                    values.setProperty(key, value.strip());
                } else {
                    warnings.add("environment variable " + name + " is not a setting and is ignored");
                }
            }
        });
        Settings settings = new Settings(values, warnings);
        settings.check();
        return settings;
    }

    private static Properties defaults() {
        try (InputStream in = Settings.class.getResourceAsStream("/pipeline/defaults.properties")) {
            Properties defaults = new Properties();
            defaults.load(in);
            return defaults;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Properties read(Path file) {
        Properties edited = new Properties();
        if (Files.exists(file)) {
            try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                edited.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new ConfigurationException(
                        file + ": found a file that cannot be read as properties (" + e.getMessage() + ")");
            }
        }
        return edited;
    }

    private static String nearest(String key, TreeSet<String> known) {
        return DidYouMean.among(known, key)
                .map(candidate -> "; did you mean " + candidate + "?")
                .orElse("; the README lists them");
    }

    private void check() {
        for (String name : List.of("ledger-table", "queue", "dead-letter-queue", "alert-topic", "routes")) {
            if (text(name).isEmpty()) {
                throw wrong(name, "", "a name");
            }
        }
        oneOf("intake", INTAKES);
        oneOf("log-format", LOG_FORMATS);
        oneOf("traces", TRACES);
        leaseSeconds();
        maxAttempts();
        retryBackoff();
        outagePatience();
        maxRecordLength();
        pollEvery();
        sweepEvery();
        alertDigest();
        filesAtOnce();
        writesAtOnce();
        httpPort();
        number("redelivery-delay-millis", 1, 60_000);
        routes();
        flag("reload-routes");
        conditionalWrites();
        flag("http-enabled");
        flag("http-page");
        flag("http-read-only");
        flag("http-show-rows");
        flag("http-upload");
        httpMaxUploadBytes();
        toCloudWatch();
    }

    public String bucket() {
        return text("bucket");
    }

    public String ledgerTable() {
        return text("ledger-table");
    }

    public String queue() {
        return text("queue");
    }

    public String deadLetterQueue() {
        return text("dead-letter-queue");
    }

    public String alertTopic() {
        return text("alert-topic");
    }

    /** True where S3 events are consumed from the queue. */
    public boolean eventIntake() {
        return !text("intake").equals("poll");
    }

    /** How long after one listing of {@code raw-data/} the next one begins. */
    public Duration listEvery() {
        return text("intake").equals("events") ? sweepEvery() : pollEvery();
    }

    /** How often ledger entries that wait or whose lease has run out are taken up, whatever the intake. */
    public Duration pollEvery() {
        return Duration.ofSeconds(number("poll-every-seconds", 1, 86_400));
    }

    private Duration sweepEvery() {
        return duration("sweep-every")
                .orElseThrow(
                        () -> wrong("sweep-every", text("sweep-every"), "a duration of at least a second such as 15m"));
    }

    /** How long failures for one reason are told to people in a line each after the first; empty = each in full. */
    public Optional<Duration> alertDigest() {
        String value = text("alert-digest");
        if (value.equals("off")) {
            return Optional.empty();
        }
        Optional<Duration> window = duration("alert-digest");
        if (window.isEmpty()) {
            throw wrong("alert-digest", value, "off or a duration of at least a second such as 10m");
        }
        return window;
    }

    /** As people write it or as ISO 8601 has it; empty where it is neither, or shorter than a second. */
    private Optional<Duration> duration(String name) {
        String value = text(name);
        Matcher people = DURATION.matcher(value);
        if (people.matches()) {
            return Optional.of(Duration.of(Long.parseLong(people.group(1)), UNITS.get(people.group(2))));
        }
        try {
            return Optional.of(Duration.parse(value)).filter(iso -> iso.toSeconds() >= 1);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    public int filesAtOnce() {
        return number("files-at-once", 1, 256);
    }

    /** The most BatchWriteItem requests that are under way at the same time. */
    public int writesAtOnce() {
        return number("writes-at-once", 1, 1_000);
    }

    public int leaseSeconds() {
        return number("lease-seconds", 3, 3_600);
    }

    /** The longest that one call may take, its retries included: a third of the lease, so that a holder notices in time. */
    public Duration callTimeout() {
        return Duration.ofSeconds(leaseSeconds()).dividedBy(3);
    }

    public int maxAttempts() {
        return number("max-attempts", 1, 100);
    }

    /** The wait after the first failed attempt; it doubles with each further one. */
    public Duration retryBackoff() {
        return Duration.ofSeconds(number("retry-backoff-seconds", 0, 86_400));
    }

    public Duration outagePatience() {
        return Duration.ofSeconds(number("outage-patience-seconds", 0, 86_400));
    }

    /** The largest record, quoted field included, in characters of text. */
    public int maxRecordLength() {
        return number("max-record-bytes", 1_024, 256 * 1024 * 1024);
    }

    /** Whether the store of objects knows conditions on copies and deletes; empty = as AWS does, and others may not. */
    public Optional<Boolean> conditionalWrites() {
        String value = oneOf("conditional-writes", List.of("auto", "true", "false"));
        return value.equals("auto") ? Optional.empty() : Optional.of(Boolean.valueOf(value));
    }

    /** The folder of the route files. */
    public Path routes() {
        try {
            return Path.of(text("routes"));
        } catch (InvalidPathException e) {
            throw wrong("routes", text("routes"), "a folder");
        }
    }

    public boolean reloadRoutes() {
        return flag("reload-routes");
    }

    public boolean jsonLogs() {
        return text("log-format").equals("json");
    }

    /** Whether a trace of each file goes to a collector. */
    public boolean traced() {
        return text("traces").equals("otlp");
    }

    public boolean httpEnabled() {
        return flag("http-enabled");
    }

    public String httpHost() {
        return text("http-host");
    }

    /** The port of health, metrics and page; 0 = any free one. */
    public int httpPort() {
        return number("http-port", 0, 65_535);
    }

    /** Whether there is more than health and metrics: the page and what it is made of. */
    public boolean httpPage() {
        return flag("http-page");
    }

    /** Whether nobody may change anything over HTTP. */
    public boolean httpReadOnly() {
        return flag("http-read-only");
    }

    /** Whether cells and items of customers are shown over HTTP. */
    public boolean httpShowRows() {
        return flag("http-show-rows");
    }

    /** Whether files may be dropped over HTTP. */
    public boolean httpUpload() {
        return flag("http-upload");
    }

    /** The largest file that is taken over HTTP. */
    public int httpMaxUploadBytes() {
        return number("http-max-upload-bytes", 1, 1_073_741_824);
    }

    /**
     * What whoever uses page and interface must know, of the environment or of a file of its own; empty = nobody is asked.
     *
     * @throws ConfigurationException when it cannot be read, or is too short to keep anybody out
     */
    public Optional<String> httpSecret() {
        String named = text("http-secret-file");
        String secret = text("http-secret");
        if (!named.isEmpty()) {
            try {
                secret = Files.readString(Path.of(named)).strip();
            } catch (IOException | InvalidPathException e) {
                throw wrong("http-secret-file", named, "a file that can be read, with the secret in it");
            }
        }
        if (named.isEmpty() && secret.isEmpty()) {
            return Optional.empty();
        }
        if (secret.length() < SHORTEST_SECRET) {
            throw new ConfigurationException(
                    "pipeline.http-secret: found %d characters, expected at least %d; 'openssl rand -hex 16' makes some"
                            .formatted(secret.length(), SHORTEST_SECRET));
        }
        return Optional.of(secret);
    }

    /** Whether a line of figures goes to standard output each minute, as CloudWatch reads it from there. */
    public boolean toCloudWatch() {
        return oneOf("cloudwatch", List.of("off", "emf")).equals("emf");
    }

    /** Sentences about what was set and has no effect. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * All settings as Camel properties, for {@code {{pipeline.x-y}}} in a route, with whatever else the file says; but for
     * the secret.
     */
    public Properties asProperties() {
        Properties copy = new Properties();
        copy.putAll(values);
        copy.remove(SECRET);
        return copy;
    }

    private String text(String name) {
        return values.getProperty(PREFIX + name);
    }

    private int number(String name, int least, int most) {
        String value = text(name);
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // answered below, like a number out of bounds
        }
        throw wrong(name, value, "a whole number from %,d to %,d".formatted(least, most));
    }

    private boolean flag(String name) {
        return oneOf(name, List.of("true", "false")).equals("true");
    }

    private String oneOf(String name, List<String> allowed) {
        String value = text(name);
        if (!allowed.contains(value)) {
            throw wrong(name, value, String.join(" or ", allowed));
        }
        return value;
    }

    private static ConfigurationException wrong(String name, String found, String expected) {
        return new ConfigurationException("%s%s: found '%s', expected %s".formatted(PREFIX, name, found, expected));
    }
}
