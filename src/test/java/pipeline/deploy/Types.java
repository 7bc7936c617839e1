package pipeline.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * The types of objects as an API server knows them: Kubernetes's own by the model of its Java client, which is made of
 * the OpenAPI document of the server; those of operators by the schemas in {@code src/test/resources/crds}.
 */
final class Types {
    private static final Map<String, Class<?>> BUILT_IN = Map.of(
            "v1 ConfigMap", V1ConfigMap.class,
            "v1 Service", V1Service.class,
            "v1 ServiceAccount", V1ServiceAccount.class,
            "apps/v1 Deployment", V1Deployment.class,
            "batch/v1 CronJob", V1CronJob.class,
            "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy.class,
            "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget.class);

    private Types() {}

    /** What is wrong with an object: unknown fields, missing ones, values of another type. */
    static List<String> mistakes(JsonNode object) {
        String kind = object.path("kind").asText();
        String type = object.path("apiVersion").asText() + " " + kind;
        Class<?> builtIn = BUILT_IN.get(type);
        if (builtIn == null) {
            return schema(type).validate(object).stream()
                    .map(error -> kind + " " + error)
                    .toList();
        }
        try {
            JSON.getGson().fromJson(object.toString(), builtIn);
            return List.of();
        } catch (RuntimeException e) {
            return List.of(kind + " " + e.getMessage());
        }
    }

    /** A file for each API group, in it a definition for each kind. */
    private static Schema schema(String type) {
        String file = "/crds/" + type.replaceAll("/.*", "") + ".yaml";
        try (InputStream in = Types.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new AssertionError(type + ": found no " + file);
            }
            ObjectNode tree = (ObjectNode) new YAMLMapper().readTree(in);
            String definition = "#/$defs/" + type.replaceAll(".* ", "");
            tree.put("$ref", definition);
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
