package pipeline.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.aws.Clients;
import pipeline.aws.Reasons;
import pipeline.aws.Services;
import pipeline.cost.Prices;
import pipeline.dataset.Dataset;
import pipeline.dataset.Datasets;
import pipeline.run.Pipeline;
import pipeline.settings.Settings;
import software.amazon.awssdk.core.exception.SdkException;

/** What every verb that talks to AWS needs, read and checked in the order in which people would mend it. */
public final class Setup implements AutoCloseable {
    private static final Path LOG_CONFIGURATION = Path.of("config", "log4j2.properties");

    private final Settings settings;
    private final Datasets datasets;
    private final Clients clients;

    private Setup(Settings settings, Datasets datasets) {
        this.settings = settings;
        this.datasets = datasets;
        this.clients = new Clients(settings);
    }

    /**
     * To be called before anything is logged: the working directory says how the log looks.
     *
     * @param target standard output or standard error, as Log4j calls them
     */
    public static void beforeLogging(String target) {
        if (Files.exists(LOG_CONFIGURATION)) {
            System.setProperty("log4j2.configurationFile", LOG_CONFIGURATION.toString());
        }
        System.setProperty("pipeline.log-target", target);
        // Sentences are English, and so are their numbers.
        Locale.setDefault(Locale.ENGLISH);
    }

    /** Reads settings, prices and datasets of the working directory; calls nobody. */
    public static Setup read() {
        return read(System.getenv());
    }

    /** The same in another environment than the process's. */
    public static Setup read(Map<String, String> environment) {
        Settings settings = readSettings(environment);
        // Read again by whoever works by them: a mistake in them is to be told before anybody waits for AWS.
        Prices.load(Prices.FILE);
        return new Setup(settings, Datasets.load(Pipeline.DATASETS));
    }

    /** Reads the settings of the working directory, and has the log follow them. */
    static Settings readSettings() {
        return readSettings(System.getenv());
    }

    private static Settings readSettings(Map<String, String> environment) {
        Settings settings = Settings.load(Settings.FILE, environment);
        System.setProperty("pipeline.log-format", settings.jsonLogs() ? "json" : "text");
        Logger log = LoggerFactory.getLogger(Setup.class);
        settings.warnings().forEach(log::warn);
        return settings;
    }

    public Settings settings() {
        return settings;
    }

    public Datasets datasets() {
        return datasets;
    }

    public Clients clients() {
        return clients;
    }

    /** The AWS resources, not asked for yet. */
    public Services services() {
        return new Services(
                clients,
                settings,
                datasets.all().stream().map(Dataset::table).distinct().toList());
    }

    /**
     * Finds the AWS resources, waiting while AWS does not answer.
     *
     * @param patience how long to wait; empty = for ever
     * @return empty when the patience was spent
     * @throws pipeline.settings.ConfigurationException when one does not exist or may not be used
     */
    public Optional<Services.Addresses> find(Services services, Optional<Duration> patience)
            throws InterruptedException {
        long began = System.nanoTime();
        Duration wait = Duration.ofSeconds(1);
        while (true) {
            try {
                return Optional.of(services.find());
            } catch (SdkException e) {
                LoggerFactory.getLogger(Setup.class).warn("waiting for AWS: {}", Reasons.of(e));
                Duration waited = Duration.ofNanos(System.nanoTime() - began).plus(wait);
                if (patience.isPresent() && waited.compareTo(patience.get()) > 0) {
                    return Optional.empty();
                }
            }
            TimeUnit.MILLISECONDS.sleep(wait.toMillis());
            wait = wait.multipliedBy(2).compareTo(Duration.ofSeconds(15)) < 0 ? wait.multipliedBy(2) : wait;
        }
    }

    @Override
    public void close() {
        clients.close();
    }
}
