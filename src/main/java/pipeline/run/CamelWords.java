package pipeline.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeSet;

/** The keys that a route file may have, as Camel's own schema of them says; none where that cannot be read. */
final class CamelWords {
    private static final String SCHEMA = "/schema/camelYamlDsl.json";

    private CamelWords() {}

    /** What a file may list, such as {@code route}. */
    static Set<String> elements() {
        Set<String> words = new TreeSet<>();
        collect(schema().path("items"), true, words);
        return words;
    }

    /** What a route may do. */
    static Set<String> steps() {
        return of("org.apache.camel.model.ProcessorDefinition");
    }

    /** The languages of expressions. */
    static Set<String> languages() {
        return of("org.apache.camel.model.language.ExpressionDefinition");
    }

    /** Every key, wherever it stands. */
    static Set<String> all() {
        Set<String> words = new TreeSet<>();
        collect(schema(), false, words);
        return words;
    }

    private static Set<String> of(String definition) {
        Set<String> words = new TreeSet<>();
        collect(schema().path("items").path("definitions").path(definition), false, words);
        return words;
    }

    private static void collect(JsonNode node, boolean shallow, Set<String> words) {
        node.path("properties").fieldNames().forEachRemaining(words::add);
        if (!shallow) {
            node.forEach(child -> collect(child, false, words));
        }
    }

    private static JsonNode schema() {
        try (InputStream in = CamelWords.class.getResourceAsStream(SCHEMA)) {
            return in == null ? new ObjectMapper().createObjectNode() : new ObjectMapper().readTree(in);
        } catch (IOException e) {
            return new ObjectMapper().createObjectNode();
        }
    }
}
