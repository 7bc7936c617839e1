package pipeline.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pipeline.run.Pipeline;

/** What {@code kubectl apply -k} sends to a cluster. That the packaged jar runs on it is shown by {@code DeployedJarIT}. */
final class ManifestsTest {
    private static final String BASE = "deploy/kubernetes/base";
    private static final String AWS = "deploy/kubernetes/overlays/aws";
    private static final String NAME = "app.kubernetes.io/name";

    @ParameterizedTest
    @ValueSource(strings = {BASE, AWS})
    void everyObjectIsWhatItsTypeAllows(String folder) {
        Manifests manifests = Manifests.kustomize(Path.of(folder));
        assertFalse(manifests.all().isEmpty());
        manifests.all().forEach(object -> assertEquals(List.of(), Types.mistakes(object)));
    }

    @ParameterizedTest
    @CsvSource({
        "Deployment, /spec/template/spec/containers/0/livenessProbe/httpGet, paths",
        "Deployment, /spec/template/spec, terminationGracePeriod",
        "CronJob, /spec/jobTemplate/spec, activeDeadline",
        "NetworkPolicy, /spec/egress/0/ports/0, ports",
        "PodDisruptionBudget, /spec, maxUnavailible",
        "ScaledObject, /spec/triggers/0/metadata, queueUrl",
        "ServiceMonitor, /spec/endpoints/0, paths",
        "TriggerAuthentication, /spec/podIdentity, owner"
    })
    void aFieldThatATypeDoesNotHaveIsNoticed(String kind, String place, String field) {
        JsonNode object = Manifests.kustomize(Manifests.AWS).the(kind);
        ((ObjectNode) object.at(place)).put(field, "x");
        assertFalse(Types.mistakes(object).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "Deployment, /spec, selector",
        "Deployment, /spec/template/spec/containers/0, name",
        "CronJob, /spec, schedule",
        "ScaledObject, /spec, triggers",
        "ServiceMonitor, /spec, endpoints"
    })
    void aFieldThatIsMissingIsNoticed(String kind, String place, String field) {
        JsonNode object = Manifests.kustomize(Manifests.AWS).the(kind);
        ((ObjectNode) object.at(place)).remove(field);
        assertFalse(Types.mistakes(object).isEmpty());
    }

    @Test
    void theConfigMapsHoldEveryFileOfRoutesAndConfig() throws IOException {
        Manifests manifests = Manifests.kustomize(Manifests.BASE);
        Map<String, String> mounts = manifests.configMapMounts(manifests.pods().get("Deployment"));
        assertEquals(Set.of("/app/routes", "/app/config", "/app/config/datasets"), mounts.keySet());
        for (Map.Entry<String, String> mount : mounts.entrySet()) {
            CamelKTest.assertFiles(Path.of(mount.getKey().replace("/app/", "")), manifests.data(mount.getValue()));
        }
    }

    /** A ConfigMap whose name is made of its contents: an edited route is another name, and so a roll-out. */
    @Test
    void anEditOfARouteIsARollout() {
        Manifests manifests = Manifests.kustomize(Manifests.AWS);
        manifests.pods().forEach((kind, pod) -> manifests
                .configMapMounts(pod)
                .values()
                .forEach(name -> assertTrue(name.matches("camel-data-pipeline-\\w+-[a-z0-9]{10}"), name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, AWS})
    void noContainerMayDoMoreThanItNeeds(String folder) {
        Map<String, JsonNode> pods = Manifests.kustomize(Path.of(folder)).pods();
        assertFalse(pods.isEmpty());
        pods.forEach((kind, pod) -> {
            JsonNode spec = pod.path("spec");
            assertTrue(spec.at("/securityContext/runAsNonRoot").asBoolean(), kind);
            assertEquals(10001, spec.at("/securityContext/runAsUser").asInt(), kind);
            assertEquals(
                    "RuntimeDefault",
                    spec.at("/securityContext/seccompProfile/type").asText(),
                    kind);
            assertFalse(spec.path("automountServiceAccountToken").asBoolean(true), kind);
            assertFalse(spec.path("enableServiceLinks").asBoolean(true), kind);
            JsonNode container = Manifests.container(pod);
            JsonNode security = container.path("securityContext");
            assertTrue(security.path("readOnlyRootFilesystem").asBoolean(), kind);
            assertFalse(security.path("allowPrivilegeEscalation").asBoolean(true), kind);
            assertEquals(List.of("ALL"), Manifests.texts(security.at("/capabilities/drop")), kind);
            assertEquals(
                    container.at("/resources/requests/memory"),
                    container.at("/resources/limits/memory"),
                    () -> kind + ": memory that it may use is reserved for it");
            assertTrue(container.at("/resources/limits/memory").isTextual(), kind);
            Set<String> writable = new TreeSet<>();
            container.path("volumeMounts").forEach(mount -> {
                if (!mount.path("readOnly").asBoolean()) {
                    writable.add(mount.path("mountPath").asText());
                }
            });
            assertEquals(Set.of("/tmp"), writable, kind);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, AWS})
    void whatRefersToSomethingFindsIt(String folder) {
        Manifests manifests = Manifests.kustomize(Path.of(folder));
        JsonNode deployment = manifests.the("Deployment");
        JsonNode run = deployment.at("/spec/template/metadata/labels");
        assertSelects(deployment.at("/spec/selector/matchLabels"), run);
        assertSelects(manifests.the("Service").at("/spec/selector"), run);
        assertSelects(manifests.the("PodDisruptionBudget").at("/spec/selector/matchLabels"), run);
        manifests.pods().forEach((kind, pod) -> {
            assertSelects(
                    manifests.the("NetworkPolicy").at("/spec/podSelector/matchLabels"), pod.at("/metadata/labels"));
            assertEquals(
                    Manifests.name(manifests.the("ServiceAccount")),
                    pod.at("/spec/serviceAccountName").asText());
            Set<String> volumes = new TreeSet<>();
            pod.at("/spec/volumes")
                    .forEach(volume -> volumes.add(volume.path("name").asText()));
            Set<String> mounted = new TreeSet<>();
            Manifests.container(pod)
                    .path("volumeMounts")
                    .forEach(mount -> mounted.add(mount.path("name").asText()));
            assertEquals(volumes, mounted, kind);
        });
        assertTrue(manifests.ofKind("Service").stream()
                .allMatch(service ->
                        service.at("/spec/ports/0/targetPort").asText().equals("http")));
        assertEquals(
                "http",
                Manifests.container(deployment.at("/spec/template"))
                        .at("/ports/0/name")
                        .asText());
    }

    private static void assertSelects(JsonNode selector, JsonNode labels) {
        assertFalse(selector.isEmpty());
        selector.properties()
                .forEach(label -> assertEquals(label.getValue(), labels.path(label.getKey()), label::toString));
    }

    /** A job of `once` is no replica: no metrics are asked of it, and it does not count as one that may not be evicted. */
    @Test
    void theHourlyJobIsThePodOfTheDeploymentWithoutWhatListens() {
        Manifests manifests = Manifests.kustomize(Manifests.AWS);
        JsonNode job = manifests.pods().get("CronJob");
        JsonNode run = manifests.pods().get("Deployment");
        assertFalse(manifests
                .the("Service")
                .at("/spec/selector/app.kubernetes.io~1component")
                .equals(job.at("/metadata/labels/app.kubernetes.io~1component")));
        ObjectNode expected = run.path("spec").deepCopy();
        expected.remove("topologySpreadConstraints");
        expected.put("restartPolicy", "Never");
        ObjectNode container = (ObjectNode) expected.at("/containers/0");
        container.remove(List.of("livenessProbe", "ports", "readinessProbe", "startupProbe"));
        container.putArray("args").add("once");
        ((ArrayNode) container.path("envFrom")).remove(1);
        assertEquals(expected, job.path("spec"));
    }

    @Test
    void theScaledObjectCountsInFilesThatAReplicaWorksOnAtOnce() throws IOException {
        Properties defaults = new Properties();
        try (InputStream in = Pipeline.class.getResourceAsStream("/pipeline/defaults.properties")) {
            defaults.load(in);
        }
        Manifests manifests = Manifests.kustomize(Manifests.AWS);
        JsonNode scaled = manifests.the("ScaledObject");
        JsonNode trigger = scaled.at("/spec/triggers/0");
        Map<String, String> environment =
                manifests.environment(Manifests.container(manifests.pods().get("Deployment")));
        assertEquals(
                Manifests.name(manifests.the("Deployment")),
                scaled.at("/spec/scaleTargetRef/name").asText());
        assertEquals(
                Manifests.name(manifests.the("TriggerAuthentication")),
                trigger.at("/authenticationRef/name").asText());
        assertEquals(
                defaults.getProperty("pipeline.files-at-once"),
                trigger.at("/metadata/queueLength").asText());
        assertEquals(
                defaults.getProperty("pipeline.queue"),
                environment.get(trigger.at("/metadata/queueURLFromEnv").asText()));
        assertEquals(
                environment.get("AWS_REGION"), trigger.at("/metadata/awsRegion").asText());
        assertFalse(
                manifests.the("Deployment").path("spec").has("replicas"),
                "an apply must leave alone what the autoscaler has set");
    }

    /** The operator names a scrape job after the service. */
    @Test
    void theScrapeJobIsTheOneOfTheAlarms() throws IOException {
        Manifests manifests = Manifests.kustomize(Manifests.AWS);
        JsonNode service = manifests.the("Service");
        JsonNode monitor = manifests.the("ServiceMonitor");
        assertFalse(monitor.path("spec").has("jobLabel"));
        assertSelects(monitor.at("/spec/selector/matchLabels"), service.at("/metadata/labels"));
        assertEquals(service.at("/spec/ports/0/name"), monitor.at("/spec/endpoints/0/port"));
        assertTrue(Files.readString(Path.of("deploy", "alarms", "prometheus-rules.yaml"))
                .contains("job=\"" + Manifests.name(service) + "\""));
        assertEquals(
                Manifests.name(service),
                service.at("/metadata/labels").path(NAME).asText());
    }
}
