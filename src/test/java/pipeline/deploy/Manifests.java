package pipeline.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;

/** What a cluster is told: the objects that {@code kubectl kustomize} makes of a folder, or that a file holds. */
public final class Manifests {
    public static final Path BASE = Path.of("deploy", "kubernetes", "base");

    public static final Path AWS = Path.of("deploy", "kubernetes", "overlays", "aws");

    /** Components in their released form, and labels that reach templates, came with Kustomize 5. */
    private static final Pattern NEW_ENOUGH = Pattern.compile("\"kustomizeVersion\": \"v([5-9]|\\d\\d)\\.");

    /** What kubectl has made of each folder: it takes a second, and does not change while tests run. */
    private static final Map<Path, String> BUILT = new ConcurrentHashMap<>();

    private final List<JsonNode> objects;

    private Manifests(List<JsonNode> objects) {
        this.objects = objects;
    }

    /** Skips the test where there is no kubectl of the last years. */
    public static Manifests kustomize(Path folder) {
        Assumptions.assumeTrue(
                BUILT.containsKey(folder) || kubectl(),
                "skipped: no kubectl of version 1.27 or later here; Kubernetes has it as a package");
        return parse(BUILT.computeIfAbsent(folder, path -> run("kubectl", "kustomize", path.toString())));
    }

    /** The objects of a file. */
    public static Manifests read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean kubectl() {
        boolean there = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
        return there
                && NEW_ENOUGH
                        .matcher(run("kubectl", "version", "--client", "--output=json"))
                        .find();
    }

    private static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), () -> String.join(" ", command));
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Manifests parse(String yaml) {
        YAMLMapper mapper = new YAMLMapper();
        try (var documents =
                mapper.readerFor(JsonNode.class).<JsonNode>readValues(new YAMLFactory().createParser(yaml))) {
            return new Manifests(documents.readAll());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the order in which they are applied. */
    public List<JsonNode> all() {
        return objects;
    }

    public List<JsonNode> ofKind(String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
    }

    /** The object of a kind, of which there is one. */
    public JsonNode the(String kind) {
        List<JsonNode> found = ofKind(kind);
        assertEquals(1, found.size(), () -> "objects of kind " + kind);
        return found.get(0);
    }

    public JsonNode named(String kind, String name) {
        List<JsonNode> found = ofKind(kind).stream()
                .filter(object -> name(object).equals(name))
                .toList();
        assertEquals(1, found.size(), () -> "objects of kind " + kind + " with the name " + name);
        return found.get(0);
    }

    public static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    /** Each template of pods, by kind. */
    public Map<String, JsonNode> pods() {
        Map<String, JsonNode> pods = new TreeMap<>();
        ofKind("Deployment").forEach(object -> pods.put("Deployment", object.at("/spec/template")));
        ofKind("CronJob").forEach(object -> pods.put("CronJob", object.at("/spec/jobTemplate/spec/template")));
        return pods;
    }

    public static JsonNode container(JsonNode pod) {
        JsonNode containers = pod.at("/spec/containers");
        assertEquals(1, containers.size(), "containers of a pod");
        return containers.get(0);
    }

    /** The environment of a container: what its ConfigMaps hold, and what is set beside them. */
    public Map<String, String> environment(JsonNode container) {
        Map<String, String> environment = new TreeMap<>();
        container.path("envFrom").forEach(from -> {
            if (from.has("configMapRef")) {
                environment.putAll(data(from.at("/configMapRef/name").asText()));
            }
        });
        container
                .path("env")
                .forEach(variable -> environment.put(
                        variable.path("name").asText(), variable.path("value").asText()));
        return environment;
    }

    /** The environment of an Integration, whose trait has it as lines. */
    public static Map<String, String> variables(JsonNode integration) {
        Map<String, String> environment = new TreeMap<>();
        integration.at("/spec/traits/environment/vars").forEach(line -> {
            String[] variable = line.asText().split("=", 2);
            environment.put(variable[0], variable[1]);
        });
        return environment;
    }

    /** What a ConfigMap holds. */
    public Map<String, String> data(String configMap) {
        Map<String, String> data = new TreeMap<>();
        named("ConfigMap", configMap)
                .path("data")
                .properties()
                .forEach(entry -> data.put(entry.getKey(), entry.getValue().asText()));
        return data;
    }

    /** Where in the container each ConfigMap is mounted. */
    public Map<String, String> configMapMounts(JsonNode pod) {
        Map<String, String> mounts = new TreeMap<>();
        for (JsonNode mount : container(pod).path("volumeMounts")) {
            for (JsonNode volume : pod.at("/spec/volumes")) {
                if (volume.path("name").equals(mount.path("name")) && volume.has("configMap")) {
                    mounts.put(
                            mount.path("mountPath").asText(),
                            volume.at("/configMap/name").asText());
                }
            }
        }
        return mounts;
    }

    /** The texts of an array. */
    public static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
