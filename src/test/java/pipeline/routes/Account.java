package pipeline.routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import pipeline.aws.Clients;
import pipeline.aws.Provisioning;
import pipeline.aws.Services;
import pipeline.claim.Clocks;
import pipeline.dataset.Dataset;
import pipeline.dataset.Datasets;
import pipeline.local.LocalAws;
import pipeline.run.Pipeline;
import pipeline.settings.Settings;

/** A provisioned account on the local stand-ins, with everything that a pipeline is made from. */
final class Account implements AutoCloseable {
    private static final List<String> PROPERTIES =
            List.of("aws.endpointUrl", "aws.accessKeyId", "aws.secretAccessKey", "aws.region");

    private final Map<String, String> before = new HashMap<>();
    private final LocalAws aws;
    private final Settings settings;
    private final Datasets datasets;
    private final Clients clients;
    private final Services services;
    private final Services.Addresses addresses;

    /**
     * @param data where the stand-ins keep objects
     * @param environment settings that differ from the files', as environment variables
     */
    Account(Path data, Map<String, String> environment) throws IOException {
        aws = LocalAws.start(data);
        List<String> values = List.of(aws.endpoint().toString(), "test", "test", aws.region());
        for (int i = 0; i < PROPERTIES.size(); i++) {
            before.put(PROPERTIES.get(i), System.setProperty(PROPERTIES.get(i), values.get(i)));
        }
        settings = Settings.load(Settings.FILE, environment);
        datasets = Datasets.load(Pipeline.DATASETS);
        clients = new Clients(settings);
        new Provisioning(clients, settings, datasets).run();
        services = new Services(
                clients,
                settings,
                datasets.all().stream().map(Dataset::table).distinct().toList());
        addresses = services.find();
    }

    LocalAws aws() {
        return aws;
    }

    Settings settings() {
        return settings;
    }

    Clients clients() {
        return clients;
    }

    /** A pipeline on the routes of a folder, not started. */
    Pipeline pipeline(Pipeline.Intake intake, Path routes) {
        return new Pipeline(settings, datasets, clients, services, addresses, intake, routes, Clocks.SYSTEM);
    }

    /** Copies the real route files, so that a test may break them. */
    static Path copyOfRoutes(Path to) {
        try (Stream<Path> files = Files.list(Pipeline.ROUTES)) {
            Files.createDirectories(to);
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        clients.close();
        aws.close();
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
    }
}
