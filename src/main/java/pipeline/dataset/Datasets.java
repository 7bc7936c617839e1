package pipeline.dataset;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pipeline.settings.ConfigurationException;

/** The declared datasets. Immutable. */
public final class Datasets {
    private final List<Dataset> datasets;

    private Datasets(List<Dataset> datasets) {
        this.datasets =
                datasets.stream().sorted(Comparator.comparing(Dataset::name)).toList();
    }

    /**
     * Reads every {@code *.yaml} and {@code *.yml} of a directory.
     *
     * @throws ConfigurationException with one sentence about the first mistake found
     */
    public static Datasets load(Path directory) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "[!.]*.{yaml,yml}")) {
            entries.forEach(files::add);
        } catch (IOException e) {
            throw new ConfigurationException(
                    shown(directory) + ": found no readable directory, expected one of dataset files");
        }
        if (files.isEmpty()) {
            throw new ConfigurationException(
                    shown(directory) + ": found no dataset file, expected at least one *.yaml");
        }
        files.sort(Comparator.naturalOrder());
        List<Dataset> datasets = new ArrayList<>();
        for (Path file : files) {
            Dataset dataset = DatasetReader.read(shown(file), bytes(file));
            datasets.forEach(other -> compare(other, dataset));
            datasets.add(dataset);
        }
        return new Datasets(datasets);
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ConfigurationException(shown(file) + ": found a file that cannot be read, expected a dataset");
        }
    }

    private static String shown(Path path) {
        return path.toString().replace('\\', '/');
    }

    private static void compare(Dataset one, Dataset other) {
        if (one.name().equals(other.name())) {
            throw new ConfigurationException(other.file() + ": found the name " + other.name() + ", which " + one.file()
                    + " has, expected a name of its own");
        }
        if (one.table().equals(other.table()) && !one.keyAttributes().equals(other.keyAttributes())) {
            throw new ConfigurationException(other.file() + ": found table " + other.table() + " with the key "
                    + key(other) + ", expected " + key(one) + " as in " + one.file());
        }
        if (names(one).equals(names(other)) && List.copyOf(one.globs()).equals(other.globs())) {
            throw new ConfigurationException(other.file() + ": found the same columns as in " + one.file()
                    + ", expected a header or a path that tells them apart");
        }
    }

    private static String key(Dataset dataset) {
        return Shown.list(dataset.keyAttributes().stream()
                .map(key -> key.name() + " " + key.type())
                .toList());
    }

    private static List<String> names(Dataset dataset) {
        return dataset.fields().stream()
                .map(field -> HeaderReader.plain(field.name()))
                .sorted()
                .toList();
    }

    /** All of them, by name. */
    public List<Dataset> all() {
        return datasets;
    }

    public Optional<Dataset> named(String name) {
        return datasets.stream().filter(dataset -> dataset.name().equals(name)).findFirst();
    }

    /** The ways in which a file with this key (without {@code raw-data/}) may be written; usually one. */
    public List<Dialect> dialects(String file) {
        return datasets.stream()
                .filter(dataset -> dataset.admits(file))
                .map(Dataset::dialect)
                .distinct()
                .toList();
    }

    /** Finds the dataset of a file by its header. */
    public Recognition recognise(String file, List<String> header) {
        Map<Dialect, List<String>> headers = new HashMap<>();
        datasets.forEach(dataset -> headers.put(dataset.dialect(), header));
        return recognise(file, headers);
    }

    /** The same where {@link #dialects} are several: the header as each of them reads it; one that cannot is left out. */
    public Recognition recognise(String file, Map<Dialect, List<String>> headers) {
        Map<Dataset, HeaderMatch> matches = new LinkedHashMap<>();
        for (Dataset dataset : datasets) {
            if (dataset.admits(file) && headers.containsKey(dataset.dialect())) {
                matches.put(dataset, dataset.match(headers.get(dataset.dialect())));
            }
        }
        return new Recogniser(file, matches, headers).recognise();
    }
}
