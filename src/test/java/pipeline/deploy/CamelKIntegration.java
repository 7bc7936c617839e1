package pipeline.deploy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Writes {@code deploy/camel-k/integration.yaml}: the template with each route file as a source, and ConfigMaps of what
 * {@code config/} holds. {@code mvn -Pcamel-k} runs it.
 */
final class CamelKIntegration {
    static final Path FOLDER = Path.of("deploy", "camel-k");
    static final Path FILE = FOLDER.resolve("integration.yaml");

    private static final String NAME = "camel-data-pipeline";

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build();

    private CamelKIntegration() {}

    public static void main(String[] arguments) throws IOException {
        Files.writeString(FILE, text());
        System.out.println("written: " + FILE);
    }

    static String text() throws IOException {
        ObjectNode integration =
                (ObjectNode) YAML.readTree(FOLDER.resolve("template.yaml").toFile());
        ArrayNode sources = integration.withArray("/spec/sources");
        files(Path.of("routes"))
                .forEach(
                        (name, content) -> sources.addObject().put("name", name).put("content", content));
        return "# Written by mvn -Pcamel-k from routes/, config/ and template.yaml, and not to be edited.\n"
                + YAML.writeValueAsString(configMap("config", Path.of("config")))
                + YAML.writeValueAsString(configMap("datasets", Path.of("config", "datasets")))
                + YAML.writeValueAsString(integration);
    }

    private static ObjectNode configMap(String name, Path folder) throws IOException {
        ObjectNode map = YAML.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
        map.putObject("metadata")
                .put("name", NAME + "-" + name)
                // Whose pods are started anew when it is edited.
                .putObject("labels")
                .put("camel.apache.org/integration", NAME);
        ObjectNode data = map.putObject("data");
        files(folder).forEach(data::put);
        return map;
    }

    /** The files of a folder, but for those that are Kustomize's. */
    static Map<String, String> files(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> listed = Files.list(folder)) {
            for (Path file : listed.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("kustomization.yaml"))
                    .toList()) {
                files.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return files;
    }
}
