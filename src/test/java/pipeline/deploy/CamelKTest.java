package pipeline.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Integration for Camel K's operator. That the packaged jar runs on it is shown by {@code DeployedJarIT}. */
final class CamelKTest {
    private final Manifests manifests = Manifests.read(CamelKIntegration.FILE);
    private final JsonNode integration = manifests.the("Integration");

    @Test
    void theIntegrationIsMadeOfTheRoutesAsTheyAre() throws IOException {
        assertTrue(
                CamelKIntegration.text().equals(Files.readString(CamelKIntegration.FILE)),
                "deploy/camel-k/integration.yaml is stale; run: mvn -Pcamel-k");
    }

    /** Read again as YAML: a source is its file, character by character. */
    @Test
    void whatTheOperatorReadsIsEachFile() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        integration
                .at("/spec/sources")
                .forEach(source -> sources.put(
                        source.path("name").asText(), source.path("content").asText()));
        assertFiles(Path.of("routes"), sources);
        assertFiles(Path.of("config"), manifests.data("camel-data-pipeline-config"));
        assertFiles(Path.of("config", "datasets"), manifests.data("camel-data-pipeline-datasets"));
    }

    /** Each file of a folder, and no other. */
    static void assertFiles(Path folder, Map<String, String> held) throws IOException {
        Map<String, String> files = CamelKIntegration.files(folder);
        assertEquals(files.keySet(), held.keySet(), () -> folder + ": its kustomization.yaml lists what it holds");
        files.forEach((name, text) -> assertEquals(text, held.get(name), name));
    }

    @Test
    void everyObjectIsWhatItsTypeAllows() {
        manifests.all().forEach(object -> assertEquals(List.of(), Types.mistakes(object)));
        Manifests applied = Manifests.kustomize(CamelKIntegration.FOLDER);
        applied.all().forEach(object -> assertEquals(List.of(), Types.mistakes(object)));
    }

    @ParameterizedTest
    @CsvSource({
        "/spec, flow",
        "/spec/traits, ked",
        "/spec/traits/container, requestCpu",
        "/spec/traits/health, livenessPath",
        "/spec/traits/mount, config",
        "/spec/template/spec, enableServiceLinks"
    })
    void aFieldThatTheTypeDoesNotHaveIsNoticed(String place, String field) {
        ((ObjectNode) integration.at(place)).put(field, "x");
        assertFalse(Types.mistakes(integration).isEmpty());
    }

    /** One way to run it is not better kept than the other. */
    @Test
    void itRunsAsTheDeploymentDoes() {
        Manifests kubernetes = Manifests.kustomize(Manifests.BASE);
        JsonNode pod = kubernetes.pods().get("Deployment");
        JsonNode container = Manifests.container(pod);
        JsonNode traits = integration.at("/spec/traits");

        Map<String, String> environment = Manifests.variables(integration);
        environment.remove("PIPELINE_ROUTES");
        assertEquals(kubernetes.environment(container), environment);
        assertEquals(container.at("/resources/limits/memory"), traits.at("/container/limitMemory"));
        assertEquals(container.at("/resources/requests/memory"), traits.at("/container/requestMemory"));
        assertEquals(container.at("/ports/0/containerPort"), traits.at("/container/port"));
        assertEquals(pod.at("/spec/securityContext/runAsUser"), traits.at("/container/runAsUser"));
        assertEquals(
                pod.at("/spec/terminationGracePeriodSeconds"),
                integration.at("/spec/template/spec/terminationGracePeriodSeconds"));
        for (String probe : List.of("startup", "liveness", "readiness")) {
            assertEquals(
                    container.at("/" + probe + "Probe/httpGet/path"), traits.at("/health/" + probe + "Probe"), probe);
        }
    }

    @Test
    void whatIsAppliedIsOnesOwnAccount() {
        Manifests applied = Manifests.kustomize(CamelKIntegration.FOLDER);
        JsonNode mine = applied.the("Integration");
        JsonNode trigger = mine.at("/spec/traits/keda/triggers/0/metadata");
        assertEquals("my-data", Manifests.variables(mine).get("PIPELINE_BUCKET"));
        assertEquals(
                Manifests.variables(mine).get("AWS_REGION"),
                trigger.path("awsRegion").asText());
        assertEquals(
                Manifests.name(applied.the("ServiceAccount")),
                mine.at("/spec/serviceAccountName").asText());
        assertEquals(
                mine.at("/spec/traits/container/portName"),
                applied.the("PodMonitor").at("/spec/podMetricsEndpoints/0/port"));
    }
}
