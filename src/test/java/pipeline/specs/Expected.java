package pipeline.specs;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads the expectation files of a spec folder. A file that is missing expects nothing. */
final class Expected {
    private Expected() {}

    /**
     * @param today the archive's folder of the day on which the spec ran
     * @param rejectsFile where a {@code rejected.csv} is expected to lie
     */
    static Outcome in(Path folder, String today, String rejectsFile) throws IOException {
        SortedMap<String, List<String>> parts = new TreeMap<>();
        parts.put("stored.csv", stored(folder.resolve("stored.csv")));
        parts.put("places.txt", places(folder.resolve("places.txt"), today));
        parts.put("ledger.yaml", ledger(folder.resolve("ledger.yaml")));
        parts.put("alerts.yaml", alerts(folder.resolve("alerts.yaml")));
        if (Files.exists(folder.resolve("rejected.csv"))) {
            parts.put(rejectsFile, Outcome.lines(text(folder.resolve("rejected.csv"))));
        }
        Path rejected = folder.resolve("rejected");
        for (Path file : Spec.files(rejected)) {
            parts.put("failed-data/" + Spec.relative(rejected, file), Outcome.lines(text(file)));
        }
        return new Outcome(parts);
    }

    private static List<String> stored(Path file) throws IOException {
        List<Item> items = new ArrayList<>();
        try (CSVParser rows = CSVParser.parse(text(file), CSVFormat.DEFAULT)) {
            List<String> header = List.of();
            for (CSVRecord row : rows) {
                if (header.isEmpty()) {
                    header = row.toList();
                } else if (row.size() != header.size()) {
                    throw new IllegalArgumentException(file + " line " + rows.getCurrentLineNumber() + ": found "
                            + row.size() + " cells, expected " + header.size());
                } else {
                    items.add(item(header, row));
                }
            }
        }
        return Item.lines(items);
    }

    private static Item item(List<String> header, CSVRecord row) {
        SortedMap<String, String> attributes = new TreeMap<>();
        for (int i = 1; i < header.size(); i++) {
            if (!row.get(i).isEmpty()) {
                attributes.put(header.get(i), header.get(i).endsWith(":N") ? Item.plain(row.get(i)) : row.get(i));
            }
        }
        return new Item(row.get(0), attributes);
    }

    private static List<String> places(Path file, String today) throws IOException {
        return text(file)
                .lines()
                .map(key -> Outcome.shown(key.replace("{today}", today)))
                .sorted()
                .toList();
    }

    private static List<String> ledger(Path file) throws IOException {
        return Files.exists(file)
                ? Outcome.fields(
                        Spec.YAML.readValue(text(file), new TypeReference<Map<String, Map<String, Object>>>() {}))
                : List.of();
    }

    private static List<String> alerts(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<Map<String, Object>> alerts = Spec.YAML.readValue(text(file), new TypeReference<>() {});
        return lines(alerts);
    }

    /** Whether the alerts' texts for people are expected too. */
    static boolean emails(Path folder) {
        return text(folder.resolve("alerts.yaml")).contains("email:");
    }

    /** Alerts by their numbers in the order of their files. */
    static List<String> lines(List<Map<String, Object>> alerts) {
        Map<String, Map<String, Object>> numbered = new TreeMap<>();
        alerts.stream()
                .sorted((a, b) -> String.valueOf(a.get("file")).compareTo(String.valueOf(b.get("file"))))
                .forEach(alert -> numbered.put("%03d".formatted(numbered.size() + 1), alert));
        return Outcome.fields(numbered);
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a README of the folder promises to be there. */
    static boolean any(Path folder) {
        return Stream.of("stored.csv", "places.txt", "ledger.yaml", "alerts.yaml")
                .anyMatch(name -> Files.exists(folder.resolve(name)));
    }
}
