package pipeline.specs;

import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Writes down an outcome as the expectation files of a spec folder. Whether it is right is for its author to say. */
final class Draft {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();

    private Draft() {}

    static void write(Path folder, Sandbox sandbox, Found found) throws IOException {
        stored(folder, sandbox.columns(), found);
        List<String> keys = sandbox.keys();
        if (!keys.isEmpty()) {
            String places = String.join("\n", keys).replace("archive/" + found.today(), "archive/{today}");
            Files.writeString(folder.resolve("places.txt"), places + "\n");
        }
        Map<String, Map<String, Object>> ledger = found.ledgerFields();
        if (!ledger.isEmpty()) {
            YAML.writeValue(folder.resolve("ledger.yaml").toFile(), ledger);
        }
        List<Map<String, Object>> alerts = found.alerts();
        if (!alerts.isEmpty()) {
            alerts.forEach(alert -> alert.remove("email"));
            YAML.writeValue(folder.resolve("alerts.yaml").toFile(), alerts);
        }
        List<Object> rejects = ledger.values().stream()
                .filter(entry -> entry.containsKey("rejects"))
                .map(entry -> entry.get("rejects"))
                .toList();
        for (Object key : rejects) {
            Path file = rejects.size() == 1
                    ? folder.resolve("rejected.csv")
                    : folder.resolve("rejected").resolve(key.toString().substring("failed-data/".length()));
            Files.createDirectories(file.getParent());
            Files.writeString(file, Outcome.counted(sandbox.text(key.toString())));
        }
    }

    private static void stored(Path folder, List<String> columns, Found found) throws IOException {
        List<Item> items = found.storedItems().stream().sorted(Item.ORDER).toList();
        if (items.isEmpty()) {
            return;
        }
        Set<String> names = new LinkedHashSet<>();
        items.forEach(item -> names.addAll(item.attributes().keySet()));
        List<String> header = new ArrayList<>(names);
        header.removeIf(name -> name.startsWith("source_"));
        header.sort(Comparator.comparing((String name) -> {
                    int known = columns.indexOf(name.substring(0, name.lastIndexOf(':')));
                    return known < 0 ? columns.size() : known;
                })
                .thenComparing(Comparator.naturalOrder()));
        header.addAll(List.of("source_file:S", "source_line:N"));
        StringWriter text = new StringWriter();
        try (CSVPrinter csv = new CSVPrinter(
                text, CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get())) {
            csv.print("table");
            csv.printRecord(header);
            for (Item item : items) {
                csv.print(item.table());
                csv.printRecord(header.stream()
                        .map(name -> item.attributes().getOrDefault(name, ""))
                        .toList());
            }
        }
        Files.writeString(folder.resolve("stored.csv"), text.toString());
    }
}
