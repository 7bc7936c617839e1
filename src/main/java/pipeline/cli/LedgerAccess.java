package pipeline.cli;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import pipeline.announce.DeadLetters;
import pipeline.aws.Clients;
import pipeline.aws.Reasons;
import pipeline.aws.Services;
import pipeline.claim.Clocks;
import pipeline.claim.Conclusions;
import pipeline.claim.Entry;
import pipeline.claim.Ledger;
import pipeline.conclude.Failures;
import pipeline.dataset.Dataset;
import pipeline.dataset.Datasets;
import pipeline.dataset.Shown;
import pipeline.explain.Explainer;
import pipeline.reject.FirstRejects;
import pipeline.run.Pipeline;
import pipeline.settings.ConfigurationException;
import pipeline.settings.Settings;
import software.amazon.awssdk.core.exception.SdkException;

/** The ledger and what hangs on its entries, for verbs that read and change them: nothing runs, and nothing else need be there. */
final class LedgerAccess implements AutoCloseable {
    private final Clients clients;
    private final Ledger ledger;
    private final Failures failures;
    private final DeadLetters deadLetters;
    private final FirstRejects firstRejects;
    private final Settings settings;

    private LedgerAccess(Clients clients, Settings settings) {
        this.clients = clients;
        this.settings = settings;
        this.ledger = new Ledger(clients.dynamoDb(), settings.ledgerTable());
        this.failures = new Failures(ledger, new Conclusions(ledger, Clocks.SYSTEM));
        this.deadLetters = new DeadLetters(clients.sqs(), settings.deadLetterQueue());
        this.firstRejects = new FirstRejects(clients.s3(), settings.bucket());
    }

    /**
     * Reads the settings and makes sure that the ledger is there.
     *
     * @throws ConfigurationException when it is not, or may not be used: one sentence
     */
    static LedgerAccess open() {
        Settings settings = Setup.readSettings();
        Clients clients = new Clients(settings);
        try {
            new Services(clients, settings, List.of()).requireLedger();
            return new LedgerAccess(clients, settings);
        } catch (RuntimeException e) {
            clients.close();
            throw e;
        }
    }

    Ledger ledger() {
        return ledger;
    }

    Settings settings() {
        return settings;
    }

    Failures failures() {
        return failures;
    }

    DeadLetters deadLetters() {
        return deadLetters;
    }

    /**
     * Explains rows.
     *
     * @throws ConfigurationException when a dataset is broken
     */
    Explainer explainer() {
        return new Explainer(
                clients.s3(),
                clients.dynamoDb(),
                settings.bucket(),
                Datasets.load(Pipeline.DATASETS),
                settings.maxRecordLength());
    }

    /** What a person wants to see of an entry's rejects file without fetching it; empty where it has none. */
    Optional<RejectsView> rejects(Entry entry) {
        if (entry.rejects().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(RejectsView.of(firstRejects.of(entry, charset(entry))));
        } catch (SdkException e) {
            return Optional.of(RejectsView.unreadable(Reasons.of(e)));
        }
    }

    /** A dataset that is broken at the moment must not keep anybody from looking at its failures. */
    private static Charset charset(Entry entry) {
        try {
            return entry.dataset()
                    .flatMap(Datasets.load(Pipeline.DATASETS)::named)
                    .map(Dataset::charset)
                    .orElse(StandardCharsets.UTF_8);
        } catch (ConfigurationException e) {
            return StandardCharsets.UTF_8;
        }
    }

    /** The sentence for files that no entry is about. */
    static ConfigurationException unknown(List<String> files) {
        return new ConfigurationException(files.stream()
                .map(file -> Shown.line(file) + ": found no such file in the ledger, expected one that failures list"
                        + " names, or FILE@VERSION")
                .collect(Collectors.joining(System.lineSeparator())));
    }

    @Override
    public void close() {
        clients.close();
    }
}
