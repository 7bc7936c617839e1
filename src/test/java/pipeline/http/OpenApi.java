package pipeline.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The OpenAPI document that ships, and whether answers are what it says. */
final class OpenApi {
    private static final String PLACE = "https://localhost/openapi.yaml";

    private final JsonNode document;
    private final SchemaRegistry schemas;

    OpenApi() {
        try (InputStream in = OpenApi.class.getResourceAsStream("/pipeline/http/openapi.yaml")) {
            String text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            document = new YAMLMapper().readTree(text);
            schemas = SchemaRegistry.withDialect(
                    Dialects.getOpenApi30(), builder -> builder.schemas(Map.of(PLACE, text)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every operation: {@code get /files}. */
    Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        document.path("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(verb -> operations.add(verb + " " + path.getKey())));
        return operations;
    }

    /** The parameters of an operation by name. */
    Set<String> parameters(String verb, String path) {
        Set<String> names = new TreeSet<>();
        document.path("paths").path(path).path(verb).path("parameters").forEach(parameter -> {
            String reference = parameter.path("$ref").asText();
            names.add((reference.isEmpty() ? parameter : document.at(reference.substring(1)))
                    .path("name")
                    .asText());
        });
        return names;
    }

    /** Makes sure that an answer has the shape that the document gives it, and no property that it does not know. */
    void check(String verb, String path, int status, JsonNode answer) {
        String key = path.replace("/", "~1");
        String response = "#/paths/" + key + "/" + verb + "/responses/" + status;
        JsonNode declared = document.at(response.substring(1));
        String reference = declared.path("$ref").asText();
        String schema = (reference.isEmpty() ? response : reference) + "/content/application~1json/schema";
        assertEquals(
                List.of(),
                schemas.getSchema(SchemaLocation.of(PLACE + schema)).validate(answer).stream()
                        .map(Object::toString)
                        .toList(),
                () -> verb + " " + path + ": " + answer);
    }
}
