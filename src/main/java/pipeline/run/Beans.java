package pipeline.run;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.dataformat.csv.CsvDataFormat;
import org.apache.camel.main.Main;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import pipeline.announce.Announcement;
import pipeline.announce.Digest;
import pipeline.aws.Clients;
import pipeline.aws.Services;
import pipeline.check.Batches;
import pipeline.claim.Claims;
import pipeline.claim.Clocks;
import pipeline.claim.Conclusions;
import pipeline.claim.EndedAttempts;
import pipeline.claim.Leases;
import pipeline.claim.Ledger;
import pipeline.claim.Retries;
import pipeline.conclude.Attempts;
import pipeline.conclude.Conclusion;
import pipeline.conclude.Failures;
import pipeline.conclude.ReturnedDeadLetters;
import pipeline.cost.Billing;
import pipeline.cost.Prices;
import pipeline.dataset.Dataset;
import pipeline.dataset.Datasets;
import pipeline.dataset.RowKeys;
import pipeline.http.HttpBeans;
import pipeline.intake.InFlight;
import pipeline.intake.Queue;
import pipeline.intake.RawData;
import pipeline.intake.S3Events;
import pipeline.observe.Backlog;
import pipeline.observe.CloudWatchLines;
import pipeline.observe.Counters;
import pipeline.observe.Health;
import pipeline.observe.IntakeHealth;
import pipeline.observe.Journal;
import pipeline.observe.QueueDepth;
import pipeline.outage.Outage;
import pipeline.place.Archive;
import pipeline.place.Copies;
import pipeline.read.Inspector;
import pipeline.read.Reader;
import pipeline.reject.Rejects;
import pipeline.repair.RejectedLines;
import pipeline.repair.Repairs;
import pipeline.settings.Settings;
import pipeline.store.StaleRows;
import pipeline.store.TableWriter;

/** The beans that the routes name, wired to each other and to the AWS clients. */
final class Beans {
    private final Map<String, Object> named = new LinkedHashMap<>();
    private final Ledger ledger;
    private final Leases leases;
    private final Journal journal;
    private final Outage outage;
    private final RawData rawData;
    private final Backlog backlog;
    private final CloudWatchLines cloudWatchLines;
    private final InFlight inFlight = new InFlight();
    private final HttpBeans http;

    Beans(
            Settings settings,
            Datasets datasets,
            Clients clients,
            Services services,
            Services.Addresses addresses,
            Clocks clocks,
            boolean timers) {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Stream.of(new JvmMemoryMetrics(), new JvmThreadMetrics(), new ProcessorMetrics())
                .forEach(ofTheMachine -> ofTheMachine.bindTo(meters));
        Counters counters = new Counters(meters);
        journal = new Journal(counters);
        ledger = new Ledger(clients.dynamoDb(), settings.ledgerTable());
        leases = new Leases(ledger, settings, clocks);
        outage = new Outage(services, settings.pollEvery());
        counters.watch(outage);
        Prices prices = Prices.load(Prices.FILE);
        counters.watch(clients.metering(), prices);
        Billing billing = new Billing(clients.metering().total(), prices, settings.eventIntake());
        counters.begin(datasets.all().stream().map(Dataset::name).toList());
        rawData = new RawData(clients.s3(), settings.bucket());
        counters.watchRawData(rawData::listed);
        backlog = backlog(settings, clients, addresses, clocks);
        backlog.show(meters);
        cloudWatchLines = new CloudWatchLines(meters, settings.bucket(), clocks.wall(), System.out::println);
        Set<RowKeys> rowKeys = datasets.all().stream()
                .map(dataset -> RowKeys.of(dataset, settings.maxRecordLength()))
                .collect(Collectors.toUnmodifiableSet());
        EndedAttempts ended = new EndedAttempts();
        Claims claims = new Claims(ledger, leases, ended, settings, rowKeys, billing, clocks);
        Retries retries = new Retries(ledger, ended, settings, clocks);
        Conclusions conclusions = new Conclusions(ledger, clocks);
        boolean conditional =
                settings.conditionalWrites().orElse(Clients.endpoint("S3").isEmpty());
        Copies copies = new Copies(clients.s3(), settings.bucket(), settings.callTimeout(), conditional);
        Archive archive = new Archive(copies);
        Rejects rejects = new Rejects(clients.s3(), settings.bucket(), copies);
        Repairs repairs = new Repairs(new RejectedLines(ledger, clients.s3(), settings.bucket(), datasets));
        TableWriter table =
                new TableWriter(clients.dynamoDb(), clients.dynamoDbWire(), counters, settings.writesAtOnce());
        Conclusion conclusion = new Conclusion(copies, archive, rejects, repairs, conclusions, services, journal);

        named.put("s3", clients.s3());
        named.put("dynamoDb", clients.dynamoDb());
        named.put("sqs", clients.sqs());
        named.put("sns", clients.sns());
        named.put(MicrometerConstants.METRICS_REGISTRY_NAME, meters);
        named.put("messages", new ParameterMessageInterpolator());

        named.put("journal", journal);
        named.put("outage", outage);
        IntakeGate gate = new IntakeGate(
                rawData,
                inFlight,
                leases,
                outage,
                journal,
                Duration.ofSeconds(settings.leaseSeconds()),
                timers ? Optional.empty() : Optional.of(clocks.wall()));
        named.put("intake", gate);
        named.put("ledger", ledger);
        named.put("pollsWhileOpen", new PollsWhileOpen(gate));
        named.put("freshFailure", new FreshFailure());
        named.put("freshStart", new FreshStart());
        named.put("inFlight", inFlight);
        named.put("rawData", rawData);
        named.put("s3Events", new S3Events(settings.bucket()));
        named.put("queue", new Queue(clients.sqs(), addresses.queueUrl()));
        named.put("claims", claims);
        named.put("archive", archive);
        named.put(
                "reader",
                new Reader(
                        clients.s3(),
                        settings.bucket(),
                        new Inspector(datasets, settings.maxRecordLength()),
                        settings.maxRecordLength()));
        named.put("batches", new Batches());
        named.put("staleRows", new StaleRows(clients.dynamoDb(), claims, rowKeys));
        named.put("table", table);
        named.put("rejects", rejects);
        named.put("repairs", repairs);
        named.put("conclusion", conclusion);
        named.put("announcement", new Announcement(new Digest(settings.alertDigest(), clocks.wall())));
        Failures failures = new Failures(ledger, conclusions);
        named.put("failures", failures);
        named.put("returnedDeadLetters", new ReturnedDeadLetters(ledger, failures, journal));
        named.put(
                "attempts",
                new Attempts(retries, leases, table, rejects, repairs, services, outage, conclusion, journal));
        http = new HttpBeans(
                settings,
                datasets,
                prices,
                clients,
                ledger,
                failures,
                outage,
                backlog,
                rawData,
                leases::inHand,
                conditional);
        named.putAll(http.named());
        datasets.all().forEach(dataset -> named.put("csv-" + dataset.name(), csv(dataset)));
        named.put("intake-health", new IntakeHealth(outage));
        services.probes().forEach((service, probe) -> named.put(service + "-health", new Health(service, probe)));
    }

    private Backlog backlog(Settings settings, Clients clients, Services.Addresses addresses, Clocks clocks) {
        Map<String, Supplier<Double>> queues = new LinkedHashMap<>();
        if (settings.eventIntake()) {
            queues.put("intake", QueueDepth.untaken(clients.sqs(), addresses.queueUrl(), settings.callTimeout()));
        }
        queues.put(
                "dead-letter", QueueDepth.all(clients.sqs(), addresses.deadLetterQueueUrl(), settings.callTimeout()));
        return new Backlog(ledger, queues, clocks.wall(), settings.pollEvery().multipliedBy(3));
    }

    private static CsvDataFormat csv(Dataset dataset) {
        var csv = new CsvDataFormat(dataset.csvFormat());
        csv.setLazyLoad(true);
        csv.setRecordConverter(record -> record);
        return csv;
    }

    /** Makes them known to the routes. */
    void bind(Main camel) {
        named.forEach(camel::bind);
    }

    Ledger ledger() {
        return ledger;
    }

    Leases leases() {
        return leases;
    }

    Journal journal() {
        return journal;
    }

    Outage outage() {
        return outage;
    }

    Backlog backlog() {
        return backlog;
    }

    CloudWatchLines cloudWatchLines() {
        return cloudWatchLines;
    }

    RawData rawData() {
        return rawData;
    }

    HttpBeans http() {
        return http;
    }

    InFlight inFlight() {
        return inFlight;
    }
}
