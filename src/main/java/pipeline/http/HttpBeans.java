package pipeline.http;

import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import pipeline.announce.DeadLetters;
import pipeline.aws.Clients;
import pipeline.claim.Attempt;
import pipeline.claim.Ledger;
import pipeline.conclude.Failures;
import pipeline.cost.Prices;
import pipeline.dataset.Datasets;
import pipeline.explain.Explainer;
import pipeline.intake.RawData;
import pipeline.observe.Backlog;
import pipeline.outage.Outage;
import pipeline.reject.FirstRejects;
import pipeline.settings.Settings;

/** The beans that the HTTP routes name. */
public final class HttpBeans implements AutoCloseable {
    private final Map<String, Object> named = new LinkedHashMap<>();
    private final Overview overview;
    private final ExecutorService background = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "http-background");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param inHand the files that this process works on
     * @param conditional whether S3 keeps conditions on what is written
     */
    public HttpBeans(
            Settings settings,
            Datasets datasets,
            Prices prices,
            Clients clients,
            Ledger ledger,
            Failures failures,
            Outage outage,
            Backlog backlog,
            RawData rawData,
            Supplier<Collection<Attempt>> inHand,
            boolean conditional) {
        Clock clock = Clock.systemUTC();
        RecentFiles recent = new RecentFiles(ledger, clock);
        Versions versions = new Versions(ledger);
        overview = new Overview(recent, ledger, failures, outage, backlog, rawData, inHand, settings, prices, clock);
        named.put(
                "httpFiles",
                new HttpFiles(
                        overview,
                        recent,
                        versions,
                        failures,
                        new FirstRejects(clients.s3(), settings.bucket()),
                        new Explainer(
                                clients.s3(),
                                clients.dynamoDb(),
                                settings.bucket(),
                                datasets,
                                settings.maxRecordLength()),
                        datasets,
                        clients.s3(),
                        settings,
                        clock));
        named.put(
                "httpFailures",
                new HttpFailures(
                        failures,
                        versions,
                        new DeadLetters(clients.sqs(), settings.deadLetterQueue()),
                        background,
                        overview,
                        settings));
        named.put("httpUploads", new HttpUploads(datasets, prices, clients.s3(), settings, conditional));
    }

    /** Reads what the page begins with, so that the first who opens it does not wait for the ledger to be read. */
    public void readAhead() {
        background.execute(overview::comparable);
    }

    /** By the names that routes have for them. */
    public Map<String, Object> named() {
        return named;
    }

    /** What is equal as long as nothing has changed that a page would show. */
    Object state() {
        return overview.comparable();
    }

    /** Nobody looks any more: what was kept for those who did is given up. */
    void forget() {
        overview.forget();
    }

    /** Ends the search for messages, which is a courtesy, before its clients are closed. */
    @Override
    public void close() {
        background.shutdownNow();
        try {
            background.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
