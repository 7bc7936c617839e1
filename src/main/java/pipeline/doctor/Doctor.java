package pipeline.doctor;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import pipeline.aws.Clients;
import pipeline.dataset.Dataset;
import pipeline.dataset.Datasets;
import pipeline.intake.ObjectVersion;
import pipeline.place.Places;
import pipeline.settings.Settings;

/**
 * Looks at everything that the pipeline needs, before any file is touched: each connection, permission, table, index,
 * queue, notification, bucket setting, and the clock. Every check runs, whatever those before it found; nothing that it
 * does changes anything of a user's, and nothing is left behind.
 */
public final class Doctor {
    private final CredentialsCheck credentials;
    private final List<Check> checks;

    public Doctor(Clients clients, Settings settings, Datasets datasets) {
        this(clients, settings, datasets, Clock.systemUTC());
    }

    /** @param clock this machine's */
    public Doctor(Clients clients, Settings settings, Datasets datasets, Clock clock) {
        Account account = new Account(clients, settings, clock);
        this.credentials = new CredentialsCheck(account);
        this.checks = checks(account, datasets);
    }

    private static List<Check> checks(Account account, Datasets datasets) {
        BucketCheck bucket = new BucketCheck(account);
        VersioningCheck versioning = new VersioningCheck(account, bucket);
        EncryptionCheck encryption = new EncryptionCheck(account, bucket);
        PrefixCheck.Bucket tried = new PrefixCheck.Bucket(account, bucket, versioning, encryption);
        DeadLetterQueueCheck deadLetters = new DeadLetterQueueCheck(account);
        QueueCheck queue = new QueueCheck(account, deadLetters);

        List<Check> checks = new ArrayList<>(List.of(
                bucket,
                new ClockCheck(bucket),
                versioning,
                new ObjectLockCheck(account, bucket),
                encryption,
                PrefixCheck.source(tried, ObjectVersion.RAW_DATA),
                PrefixCheck.archive(tried, Places.ARCHIVE),
                PrefixCheck.place(tried, Places.PROCESSED),
                PrefixCheck.place(tried, Places.FAILED),
                new LedgerCheck(account)));
        byTable(datasets).values().forEach(sharing -> checks.add(new DatasetTableCheck(account, sharing)));
        checks.addAll(List.of(deadLetters, queue, new EventsCheck(account, bucket, queue), new TopicCheck(account)));
        return List.copyOf(checks);
    }

    private static Map<String, List<Dataset>> byTable(Datasets datasets) {
        Map<String, List<Dataset>> tables = new LinkedHashMap<>();
        for (Dataset dataset : datasets.all()) {
            tables.computeIfAbsent(dataset.table(), name -> new ArrayList<>()).add(dataset);
        }
        return tables;
    }

    /** Runs all checks; each finding is handed over as it is made. */
    public void examine(Consumer<Finding> reader) {
        Report report = new Report(reader);
        credentials.run(report);
        for (Check check : checks) {
            if (credentials.found()) {
                check.run(report);
            } else {
                report.notChecked(check.about(), "there are no credentials");
            }
        }
    }
}
