package pipeline.cli;

import java.util.List;
import java.util.stream.Collectors;
import pipeline.aws.Clients;
import pipeline.aws.Services;
import pipeline.claim.Clocks;
import pipeline.claim.Conclusions;
import pipeline.claim.Ledger;
import pipeline.conclude.Failures;
import pipeline.dataset.Shown;
import pipeline.settings.ConfigurationException;
import pipeline.settings.Settings;

/** The ledger alone, for verbs that read it and change entries: no datasets, no queues, nothing running. */
final class LedgerAccess implements AutoCloseable {
    private final Clients clients;
    private final Failures failures;

    private LedgerAccess(Clients clients, Settings settings) {
        this.clients = clients;
        Ledger ledger = new Ledger(clients.dynamoDb(), settings.ledgerTable());
        this.failures = new Failures(ledger, new Conclusions(ledger, Clocks.SYSTEM));
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

    Failures failures() {
        return failures;
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
