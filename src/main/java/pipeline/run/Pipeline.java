package pipeline.run;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.dataformat.csv.CsvDataFormat;
import org.apache.camel.main.Main;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.announce.Announcement;
import pipeline.aws.Clients;
import pipeline.aws.Services;
import pipeline.check.Batches;
import pipeline.claim.Attempt;
import pipeline.claim.Claims;
import pipeline.claim.Conclusions;
import pipeline.claim.Leases;
import pipeline.claim.Ledger;
import pipeline.claim.Status;
import pipeline.conclude.Attempts;
import pipeline.conclude.Conclusion;
import pipeline.conclude.Failures;
import pipeline.dataset.Dataset;
import pipeline.dataset.Datasets;
import pipeline.intake.InFlight;
import pipeline.intake.Queue;
import pipeline.intake.RawData;
import pipeline.intake.S3Events;
import pipeline.observe.Counters;
import pipeline.observe.Health;
import pipeline.observe.Journal;
import pipeline.outage.Outage;
import pipeline.place.Archive;
import pipeline.place.Copies;
import pipeline.read.Inspector;
import pipeline.read.Reader;
import pipeline.reject.Rejects;
import pipeline.repair.RejectedLines;
import pipeline.repair.Repairs;
import pipeline.settings.ConfigurationException;
import pipeline.settings.Settings;
import pipeline.store.TableWriter;
import software.amazon.awssdk.core.exception.SdkException;

/** The routes of a folder, running in this process, with the beans that they name. */
public final class Pipeline implements AutoCloseable {
    /** Where the program is, relative to the working directory. */
    public static final Path ROUTES = Path.of("routes");

    /** Where the datasets are declared, relative to the working directory. */
    public static final Path DATASETS = Path.of("config", "datasets");

    /** What starts work: routes that listen, or only {@link #workOff}. */
    public enum Intake {
        LISTENING,
        ON_DEMAND
    }

    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    private final Main camel = new Main();
    private final Path routes;
    private final boolean reload;
    private final String greeting;
    private boolean listening;
    private volatile boolean closing;
    private volatile Optional<RouteReload> reloads = Optional.empty();
    private final Ledger ledger;
    private final Leases leases;
    private final Claims claims;
    private final Journal journal;
    private final Outage outage;
    private final InFlight inFlight = new InFlight();
    private final RawData rawData;

    /**
     * Prepares everything; nothing runs yet.
     *
     * @param services found before, so that addresses and probes are at hand
     */
    public Pipeline(
            Settings settings,
            Datasets datasets,
            Clients clients,
            Services services,
            Services.Addresses addresses,
            Intake intake) {
        this(settings, datasets, clients, services, addresses, intake, ROUTES);
    }

    /** Prepares the routes of another folder than the working directory's. */
    public Pipeline(
            Settings settings,
            Datasets datasets,
            Clients clients,
            Services services,
            Services.Addresses addresses,
            Intake intake,
            Path routes) {
        this.routes = routes;
        reload = settings.reloadRoutes();
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Counters counters = new Counters(meters);
        journal = new Journal(counters);
        ledger = new Ledger(clients.dynamoDb(), settings.ledgerTable());
        leases = new Leases(ledger, settings);
        claims = new Claims(ledger, leases, settings);
        rawData = new RawData(clients.s3(), settings.bucket());
        Conclusions conclusions = new Conclusions(ledger);
        Copies copies = new Copies(clients.s3(), settings.bucket(), settings.callTimeout());
        Archive archive = new Archive(copies);
        Rejects rejects = new Rejects(clients.s3(), settings.bucket(), copies);
        Repairs repairs = new Repairs(new RejectedLines(ledger, clients.s3(), settings.bucket(), datasets));
        Conclusion conclusion = new Conclusion(copies, archive, rejects, repairs, conclusions, leases, journal);

        outage = new Outage(services);

        camel.bind("s3", clients.s3());
        camel.bind("dynamoDb", clients.dynamoDb());
        camel.bind("sqs", clients.sqs());
        camel.bind("sns", clients.sns());
        camel.bind(MicrometerConstants.METRICS_REGISTRY_NAME, meters);
        camel.bind("messages", new ParameterMessageInterpolator());

        camel.bind("journal", journal);
        camel.bind("outage", outage);
        camel.bind(
                "intake",
                new IntakeGate(
                        rawData, inFlight, leases, outage, journal, Duration.ofSeconds(settings.leaseSeconds())));
        camel.bind("ledger", ledger);
        camel.bind("freshFailure", new FreshFailure());
        camel.bind("freshStart", new FreshStart());
        camel.bind("inFlight", inFlight);
        camel.bind("rawData", rawData);
        camel.bind("s3Events", new S3Events(settings.bucket()));
        camel.bind("queue", new Queue(clients.sqs(), addresses.queueUrl()));
        camel.bind("claims", claims);
        camel.bind("archive", archive);
        camel.bind(
                "reader",
                new Reader(
                        clients.s3(),
                        settings.bucket(),
                        new Inspector(datasets, settings.maxRecordLength()),
                        settings.maxRecordLength()));
        camel.bind("batches", new Batches());
        camel.bind("table", new TableWriter(clients.dynamoDb(), counters));
        camel.bind("rejects", rejects);
        camel.bind("repairs", repairs);
        camel.bind("conclusion", conclusion);
        camel.bind("announcement", new Announcement());
        camel.bind("failures", new Failures(ledger, conclusions));
        camel.bind("attempts", new Attempts(claims, leases, rejects, repairs, services, outage, conclusion, journal));
        for (Dataset dataset : datasets.all()) {
            camel.bind("csv-" + dataset.name(), csv(dataset));
        }
        services.probes().forEach((service, probe) -> camel.bind(service + "-health", new Health(service, probe)));
        greeting = configure(settings, addresses, intake);
    }

    private static CsvDataFormat csv(Dataset dataset) {
        var csv = new CsvDataFormat(dataset.csvFormat());
        csv.setLazyLoad(true);
        csv.setRecordConverter(record -> record);
        return csv;
    }

    /** @return what to say once the routes run */
    private String configure(Settings settings, Services.Addresses addresses, Intake intake) {
        Properties properties = settings.asProperties();
        properties.setProperty("aws.queue-url", addresses.queueUrl());
        properties.setProperty("aws.dead-letter-queue-url", addresses.deadLetterQueueUrl());
        properties.setProperty("aws.alert-topic-arn", addresses.alertTopicArn());
        listening = intake == Intake.LISTENING;
        properties.setProperty("intake.timers", Boolean.toString(listening));
        properties.setProperty("intake.events", Boolean.toString(listening && settings.eventIntake()));
        properties.setProperty(
                "intake.list-every-millis", Long.toString(settings.listEvery().toMillis()));
        properties.setProperty(
                "intake.take-up-every-millis",
                Long.toString(settings.pollEvery().toMillis()));

        properties.setProperty("camel.main.name", "camel-data-pipeline");
        properties.setProperty("camel.main.routes-include-pattern", "file:" + routes + "/*.camel.yaml");
        properties.setProperty("camel.main.source-location-enabled", "true");
        properties.setProperty("camel.main.stream-caching-enabled", "false");
        properties.setProperty("camel.main.shutdown-timeout", "8");
        properties.setProperty("camel.main.auto-configuration-log-summary", "false");
        properties.setProperty("camel.opentelemetry2.enabled", "false");
        properties.setProperty("camel.component.bean-validator.ignore-xml-configuration", "true");
        properties.setProperty("camel.component.aws2-ddb.enabled-initial-describe-table", "false");
        int port = listening && settings.httpEnabled() ? Port.find(settings.httpHost(), settings.httpPort()) : 0;
        boolean http = port > 0;
        // Ready means that AWS answers: a consumer that has not polled yet is no reason against.
        properties.setProperty("camel.health.consumers-enabled", "false");
        properties.setProperty("camel.management.enabled", Boolean.toString(http));
        properties.setProperty("camel.management.host", settings.httpHost());
        properties.setProperty("camel.management.port", Integer.toString(port));
        camel.setPropertyPlaceholderLocations("file:" + Settings.FILE + ";optional=true");
        camel.setOverrideProperties(properties);
        return "watching s3://%s/raw-data/ every %d s%s%s"
                .formatted(
                        settings.bucket(),
                        settings.listEvery().toSeconds(),
                        settings.eventIntake() ? " and the events of queue " + settings.queue() : "",
                        http
                                ? "; health and metrics at http://%s:%d/observe/health and /observe/metrics"
                                        .formatted(settings.httpHost(), port)
                                : "");
    }

    /**
     * Starts the routes.
     *
     * @throws ConfigurationException when a route file is broken: one sentence naming it
     */
    public void start() {
        RouteFiles files = RouteFiles.read(routes);
        try {
            camel.start();
            if (reload) {
                RouteReload watcher = new RouteReload(files);
                reloads = Optional.of(watcher);
                camelContext().addService(watcher);
            }
            if (listening) {
                LOG.info(greeting);
            }
        } catch (Exception e) {
            if (!closing) {
                throw new RouteErrors(files, camelContext()).explain(e);
            }
            // Told to stop while it started: there is nothing to explain.
        }
    }

    public Journal journal() {
        return journal;
    }

    /** The files that are being worked on at this moment. */
    public Collection<Attempt> inHand() {
        return leases.inHand();
    }

    public Ledger ledger() {
        return ledger;
    }

    public CamelContext camelContext() {
        return camel.getCamelContext();
    }

    /**
     * Hands everything that can be worked on now to the workers and waits until they have done it.
     *
     * @return whether anything is left that nobody has settled: files that wait or are another's
     */
    public boolean workOff() throws InterruptedException {
        try (ProducerTemplate template = camelContext().createProducerTemplate()) {
            template.send("direct:check-outage", exchange -> {});
            template.send("direct:list-raw-data", exchange -> {});
            template.send("direct:list-open-files", exchange -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        while (!inFlight.isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        try {
            boolean waiting = ledger.open(Ledger.WORK)
                    .anyMatch(entry -> entry.status() == Status.WAITING || entry.status() == Status.PROCESSING);
            if (waiting) {
                journal.pending();
            }
            return waiting
                    || !rawData.isEmpty()
                    || ledger.open(Ledger.WORK).findAny().isPresent();
        } catch (SdkException e) {
            outage.suspect(e);
            return true;
        }
    }

    /** Whether AWS answers. */
    public Outage outage() {
        return outage;
    }

    /** Ends what is in hand at the next step, hands the rest back, and stops. */
    @Override
    public void close() {
        closing = true;
        leases.handBackAll();
        reloads.ifPresent(RouteReload::end);
        camel.stop();
        leases.close();
    }
}
