package pipeline.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.aws.Clients;
import pipeline.aws.Reasons;
import pipeline.aws.Services;
import pipeline.claim.Attempt;
import pipeline.claim.Clocks;
import pipeline.claim.Ledger;
import pipeline.claim.Status;
import pipeline.dataset.Datasets;
import pipeline.http.HttpInterface;
import pipeline.intake.Receipt;
import pipeline.observe.Journal;
import pipeline.observe.Traces;
import pipeline.outage.Outage;
import pipeline.settings.ConfigurationException;
import pipeline.settings.Settings;
import software.amazon.awssdk.core.exception.SdkException;

/** The routes of a folder, running in this process, with the beans that they name. */
public final class Pipeline implements AutoCloseable {
    /** Where the program is, relative to the working directory, unless {@code pipeline.routes} says otherwise. */
    public static final Path ROUTES = Path.of("routes");

    /** Where the datasets are declared, relative to the working directory. */
    public static final Path DATASETS = Path.of("config", "datasets");

    /**
     * What starts work: routes that listen, or only {@link #workOff}, or that and {@link #take} in a process that stands still
     * in between.
     */
    public enum Intake {
        LISTENING,
        ON_DEMAND,
        BY_INVOCATION
    }

    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    private final Main camel = new Main();
    private final Path routes;
    private final boolean reload;
    private final boolean toCloudWatch;
    private final boolean byInvocation;
    private final boolean page;
    private final String greeting;
    private boolean listening;
    private int httpPort;
    private boolean served;
    private volatile boolean closing;
    private volatile Optional<RouteReload> reloads = Optional.empty();
    private final Beans beans;
    private final Optional<Traces> traces;

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
        this(settings, datasets, clients, services, addresses, intake, settings.routes(), Clocks.SYSTEM);
    }

    /** Prepares the routes of another folder than the working directory's, or with other clocks than the machine's. */
    public Pipeline(
            Settings settings,
            Datasets datasets,
            Clients clients,
            Services services,
            Services.Addresses addresses,
            Intake intake,
            Path routes,
            Clocks clocks) {
        this.routes = routes;
        reload = settings.reloadRoutes();
        page = settings.httpPage();
        if (intake == Intake.LISTENING) {
            HttpInterface.check(settings);
        }
        toCloudWatch = settings.toCloudWatch();
        byInvocation = intake == Intake.BY_INVOCATION;
        beans = new Beans(settings, datasets, clients, services, addresses, clocks, !byInvocation);
        beans.bind(camel);
        traces = settings.traced() ? Optional.of(Traces.open()) : Optional.empty();
        traces.ifPresent(open -> camel.bind("tracedRoutes", new TracedRoutes(open)));
        greeting = configure(settings, addresses, intake);
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
        // It traces exchanges, and every batch; TracedRoutes traces files.
        properties.setProperty("camel.opentelemetry2.enabled", "false");
        properties.setProperty("camel.component.bean-validator.ignore-xml-configuration", "true");
        properties.setProperty("camel.component.aws2-ddb.enabled-initial-describe-table", "false");
        httpPort = listening && settings.httpEnabled() ? Port.find(settings.httpHost(), settings.httpPort()) : 0;
        boolean http = httpPort > 0;
        served = http;
        // Ready means that AWS answers: a consumer that has not polled yet is no reason against.
        properties.setProperty("camel.health.consumers-enabled", "false");
        // One server for both: the second finds the first by its port.
        properties.setProperty("camel.server.enabled", Boolean.toString(http));
        properties.setProperty("camel.server.host", settings.httpHost());
        properties.setProperty("camel.server.port", Integer.toString(httpPort));
        properties.setProperty("camel.server.max-body-size", Long.toString(settings.httpMaxUploadBytes()));
        properties.setProperty("http.off", Boolean.toString(!http));
        properties.setProperty("camel.management.enabled", Boolean.toString(http));
        properties.setProperty("camel.management.host", settings.httpHost());
        properties.setProperty("camel.management.port", Integer.toString(httpPort));
        camel.setPropertyPlaceholderLocations("file:" + Settings.FILE + ";optional=true");
        camel.setOverrideProperties(properties);
        if (http) {
            camel.addMainListener(new MainListenerSupport() {
                @Override
                public void afterConfigure(BaseMainSupport main) {
                    addHttpInterface(settings);
                }
            });
        }
        // Metrics are Micrometer's; to register all that there is with JMX as well takes a sixth of the start.
        camel.addInitialProperty("camel.main.jmx-enabled", "false");
        return "watching s3://%s/raw-data/ every %d s%s%s"
                .formatted(
                        settings.bucket(),
                        settings.listEvery().toSeconds(),
                        settings.eventIntake() ? " and the events of queue " + settings.queue() : "",
                        http ? "; " + served(settings) : "");
    }

    private String served(Settings settings) {
        String host = settings.httpHost().contains(":") ? "[" + settings.httpHost() + "]" : settings.httpHost();
        return (settings.httpPage()
                        ? "page at http://%s:%d/"
                        : "health and metrics at http://%s:%d/observe/health and /observe/metrics")
                .formatted(host, httpPort);
    }

    private void addHttpInterface(Settings settings) {
        try {
            camelContext().addService(new HttpInterface(camelContext(), httpPort, settings, beans.http()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
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
            if (toCloudWatch && !byInvocation) {
                beans.cloudWatchLines().start();
            }
            if (listening) {
                LOG.info(greeting);
                startObserving();
            }
        } catch (Exception e) {
            if (!closing) {
                throw new RouteErrors(files, camelContext()).explain(e);
            }
            // Told to stop while it started: there is nothing to explain.
        }
    }

    /** AWS is asked for figures only where somebody may look at them. */
    private void startObserving() {
        if (served || toCloudWatch) {
            beans.backlog().start();
        }
        if (served && page) {
            beans.http().readAhead();
        }
    }

    public Journal journal() {
        return beans.journal();
    }

    /** The files that are being worked on at this moment. */
    public Collection<Attempt> inHand() {
        return beans.leases().inHand();
    }

    /** The port of the HTTP interface; 0 when there is none. */
    public int httpPort() {
        return httpPort;
    }

    public Ledger ledger() {
        return beans.ledger();
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
            beans.inFlight().awaitNone();
            // A file that went through may have ended an outage.
            template.send("direct:check-outage", exchange -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            boolean waiting = beans.ledger()
                    .open(Ledger.WORK)
                    .anyMatch(entry -> entry.status() == Status.WAITING || entry.status() == Status.PROCESSING);
            if (waiting) {
                beans.journal().pending();
            }
            return waiting
                    || !beans.rawData().isEmpty()
                    || beans.ledger().open(Ledger.WORK).findAny().isPresent();
        } catch (SdkException e) {
            beans.outage().suspect(e);
            return true;
        }
    }

    /**
     * Does what a message of the intake queue asks for, which somebody else has received and will delete.
     *
     * @param receipt SQS's receipt handle of this delivery
     * @return whether it may be deleted; if not, it is hidden until another try makes sense
     */
    public boolean take(String message, String receipt) {
        try (ProducerTemplate template = camelContext().createProducerTemplate()) {
            Exchange taken = template.send("direct:take-message", exchange -> {
                exchange.getMessage().setBody(message);
                exchange.getMessage().setHeader(Sqs2Constants.RECEIPT_HANDLE, receipt);
            });
            if (taken.isFailed()) {
                LOG.warn("a message stays on the queue: {}", Reasons.of(taken.getException()));
            }
            return !taken.isFailed()
                    && taken.getVariable("receipt", Receipt.class).isSettled();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks AWS again if it did not answer, and tells people where that has begun or ended. */
    public void checkOutage() {
        try (ProducerTemplate template = camelContext().createProducerTemplate()) {
            template.send("direct:check-outage", exchange -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends what is in hand at the next step, hands the rest back, and takes up nothing, until {@link #goOn}. */
    public void handBack() {
        beans.leases().handBackAll();
    }

    /** Takes up files again. */
    public void goOn() {
        beans.leases().goOn();
    }

    /** Looks how much is left to do, where anybody is told. */
    public void lookAtBacklog() {
        if (toCloudWatch) {
            beans.backlog().look();
        }
    }

    /** Tells the figures since the last time, where anybody is told. */
    public void tellFigures() {
        if (toCloudWatch) {
            beans.cloudWatchLines().say();
        }
    }

    /** Whether AWS answers. */
    public Outage outage() {
        return beans.outage();
    }

    /** Ends what is in hand at the next step, hands the rest back, and stops. */
    @Override
    public void close() {
        closing = true;
        beans.leases().handBackAll();
        reloads.ifPresent(RouteReload::end);
        camel.stop();
        beans.http().close();
        beans.leases().close();
        traces.ifPresent(Traces::close);
        beans.backlog().close();
        beans.cloudWatchLines().close();
    }
}
