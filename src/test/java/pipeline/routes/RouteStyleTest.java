package pipeline.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pipeline.run.Pipeline;

/**
 * What keeps {@code routes/} readable for a person who knows neither this program nor Java. Each rule answers with all
 * places that break it.
 */
final class RouteStyleTest {
    private static final Pattern NAME = Pattern.compile("[a-z]+(-[a-z]+)*");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(.*?)}}");
    private static final int LONGEST_DESCRIPTION = 60;
    private static final int LONGEST_EXPRESSION = 60;
    private static final int MOST_LINES = 110;
    private static final int MOST_ROUTES = 2;
    private static final int DEEPEST = 3;

    private static final String EXPRESSION = "org.apache.camel.model.language.ExpressionDefinition";

    /** EIPs that hold steps; a choice and its branches are one level, as a reader sees it. */
    private static final Set<String> NESTING = Set.of(
            "aggregate",
            "choice",
            "circuitBreaker",
            "doTry",
            "filter",
            "loop",
            "multicast",
            "pipeline",
            "resequence",
            "saga",
            "split",
            "step",
            "transacted");

    /** Steps that send outside of this process: an operator and a test must be able to find them. */
    private static final Set<String> OUTSIDE = Set.of("to", "toD", "wireTap", "enrich", "pollEnrich", "poll");

    private static final Set<String> INSIDE_SCHEMES = Set.of("direct", "seda", "log");

    /** Languages that run code: what needs one belongs in a bean. */
    private static final Set<String> SCRIPTS =
            Set.of("groovy", "joor", "java", "js", "mvel", "ognl", "python", "spel", "csimple", "datasonnet");

    /** Known to {@link Pipeline}, not to the settings. */
    private static final Set<String> SET_BY_PIPELINE = Set.of(
            "aws.queue-url",
            "aws.dead-letter-queue-url",
            "aws.alert-topic-arn",
            "http.off",
            "intake.timers",
            "intake.events",
            "intake.list-every-millis",
            "intake.take-up-every-millis");

    /** Each file's elements, read as YAML. */
    private static final Map<Path, JsonNode> FILES = new TreeMap<>();

    /** Each route with the file that it is in. */
    private static final Map<JsonNode, Path> ROUTES = new LinkedHashMap<>();

    @BeforeAll
    static void read() throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        try (Stream<Path> files = Files.list(Pipeline.ROUTES)) {
            for (Path file : files.filter(file -> !file.endsWith("kustomization.yaml"))
                    .sorted()
                    .toList()) {
                JsonNode elements = yaml.readTree(file.toFile());
                FILES.put(file, elements);
                elements.forEach(element -> {
                    if (element.has("route")) {
                        ROUTES.put(element.path("route"), file);
                    }
                });
            }
        }
        assertFalse(ROUTES.isEmpty());
    }

    private static void assertNone(String rule, List<String> broken) {
        assertEquals(List.of(), broken, rule);
    }

    private static String name(JsonNode route) {
        return ROUTES.get(route) + " " + route.path("id").asText("(no id)");
    }

    /** Calls with each object of a tree under the key that it stands at. */
    private static void walk(String key, JsonNode node, BiConsumer<String, JsonNode> each) {
        if (node.isObject()) {
            each.accept(key, node);
            node.properties().forEach(entry -> walk(entry.getKey(), entry.getValue(), each));
        } else {
            node.forEach(item -> walk(key, item, each));
        }
    }

    /** Calls with each text of a tree. */
    private static void texts(JsonNode node, BiConsumer<String, String> each) {
        walk("", node, (key, object) -> object.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            (value.isArray() ? value : List.of(value)).forEach(item -> {
                if (item.isTextual()) {
                    each.accept(entry.getKey(), item.asText());
                }
            });
        }));
    }

    @Test
    void everyFileIsOneParagraph() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Map.Entry<Path, JsonNode> file : FILES.entrySet()) {
            long routes = StreamSupport.stream(file.getValue().spliterator(), false)
                    .filter(element -> element.has("route"))
                    .count();
            int lines = Files.readAllLines(file.getKey()).size();
            if (!file.getKey().toString().endsWith(".camel.yaml") || routes > MOST_ROUTES || lines > MOST_LINES) {
                broken.add("%s: %d routes, %d lines".formatted(file.getKey(), routes, lines));
            }
        }
        assertNone("a *.camel.yaml holds at most 2 routes and 110 lines", broken);
    }

    @Test
    void everyFileBearsTheNameOfOneOfItsRoutesOrOfWhatTheyDoTogether() {
        List<String> broken = new ArrayList<>();
        for (Path file : FILES.keySet()) {
            String name = file.getFileName().toString().replace(".camel.yaml", "");
            if (!NAME.matcher(name).matches() || !name.contains("-")) {
                broken.add(file.toString());
            }
        }
        assertNone("a file's name is kebab-case, verb-object", broken);
    }

    @Test
    void everyRouteHasANameAndSaysWhatItDoes() {
        List<String> broken = new ArrayList<>();
        for (JsonNode route : ROUTES.keySet()) {
            String id = route.path("id").asText();
            String description = route.path("description").asText();
            String first = description.replaceFirst("[ ,].*", "");
            boolean imperative = first.matches("[A-Z][a-z]+")
                    && !first.matches(".*(ing|ed|tion)")
                    && !Set.of("The", "A", "An", "This", "Route", "For", "When", "If")
                            .contains(first)
                    && !(first.endsWith("s") && !first.endsWith("ss"));
            if (!NAME.matcher(id).matches() || !id.contains("-")) {
                broken.add(name(route) + ": id");
            }
            if (description.isEmpty()
                    || description.length() > LONGEST_DESCRIPTION
                    || !imperative
                    || description.endsWith(".")) {
                broken.add("%s: description (%d characters) '%s'"
                        .formatted(name(route), description.length(), description));
            }
        }
        assertNone(
                "a route's id is kebab-case, verb-object; its description an imperative of at most 60 characters",
                broken);
    }

    @Test
    void aRouteIsReachedByItsOwnName() {
        List<String> broken = new ArrayList<>();
        for (JsonNode route : ROUTES.keySet()) {
            String scheme = route.path("from").path("uri").asText();
            String reached = route.path("from").path("parameters").path("name").asText();
            if (INSIDE_SCHEMES.contains(scheme)
                    && !reached.equals(route.path("id").asText())) {
                broken.add("%s: from %s %s".formatted(name(route), scheme, reached));
            }
        }
        assertNone("the name of direct and seda is the id of the route", broken);
    }

    @Test
    void everyTargetExistsAndEveryInnerRouteIsUsed() {
        Set<String> from = new TreeSet<>();
        Set<String> to = new TreeSet<>();
        for (JsonNode route : ROUTES.keySet()) {
            walk("route", route, (key, object) -> {
                String uri = object.path("uri").asText();
                if (INSIDE_SCHEMES.contains(uri)) {
                    (key.equals("from") ? from : to)
                            .add(uri + ":"
                                    + object.path("parameters").path("name").asText());
                }
            });
            texts(route, (key, text) -> {
                if (key.equals("deadLetterUri")) {
                    to.add(text);
                }
            });
        }
        assertEquals(from, to, "a direct or seda route is used, and what is used exists");
    }

    @Test
    void nothingIsNestedDeeperThanThree() {
        List<String> broken = new ArrayList<>();
        for (JsonNode route : ROUTES.keySet()) {
            int depth = depth(route.path("from").path("steps"));
            if (depth > DEEPEST) {
                broken.add(name(route) + ": " + depth);
            }
        }
        assertNone("at most three nested EIPs; deeper is a route with a name", broken);
    }

    private static int depth(JsonNode node) {
        int deepest = 0;
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                int own = NESTING.contains(entry.getKey()) && entry.getValue().isObject() ? 1 : 0;
                deepest = Math.max(deepest, own + depth(entry.getValue()));
            }
        } else {
            for (JsonNode item : node) {
                deepest = Math.max(deepest, depth(item));
            }
        }
        return deepest;
    }

    /**
     * Camel's own schema lets short forms pass ({@code to: direct:x}, {@code setBody: {simple: x}}). Without them it is
     * the canonical notation, and every key that Camel does not know fails.
     */
    @Test
    void everythingIsInCanonicalNotation() throws IOException {
        Schema schema = canonicalSchema();
        List<String> broken = new ArrayList<>();
        FILES.forEach((file, elements) -> schema.validate(elements)
                .forEach(error -> broken.add(file + " " + error.getInstanceLocation() + ": " + error.getMessage())));
        assertNone("canonical notation, as Camel's schema has it", broken);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- from: {uri: direct, parameters: {name: x}, steps: []}",
                "- route: {id: x, from: {uri: direct, parameters: {name: x}, steps: [{to: direct:y}]}}",
                "- route: {id: x, from: {uri: direct, parameters: {name: x}, steps: [{log: x}]}}",
                "- route: {id: x, from: {uri: direct, parameters: {name: x}, steps: [{setBody: {simple: {expression: x}}}]}}",
                "- route: {id: x, from: {uri: direct, parameters: {name: x}, steps: [{setBody: {expression: {simple: x}}}]}}",
                "- route: {id: x, from: {uri: direct, parameters: {name: x}, steps: [{setBodyy: {}}]}}",
                "- route: {id: x, from: {uri: direct, parameters: {name: x}, steps: [{bean: {ref: x, methodd: y}}]}}",
                "- route: {id: x, autoStartup: 'jes', from: {uri: direct, parameters: {name: x}, steps: []}}",
                "- route: {id: x, autoStartup: '{{a:true}}', from: {uri: direct, parameters: {name: x}, steps: []}}"
            })
    void whatIsNotCanonicalIsNoticed(String file) throws IOException {
        assertFalse(canonicalSchema().validate(new YAMLMapper().readTree(file)).isEmpty());
    }

    private static Schema canonicalSchema() throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode tree;
        try (InputStream in = RouteStyleTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            tree = json.readTree(in);
        }
        canonical(tree.path("items").path("definitions"));
        ((ObjectNode) tree.path("items").path("properties"))
                .retain("route", "routeConfiguration", "beans", "restConfiguration", "rest");
        orPlaceholder(tree);
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4).getSchema(tree);
    }

    /** Leaves of each definition that may be a text or an object the object alone. */
    private static void canonical(JsonNode definitions) {
        for (JsonNode definition : definitions) {
            Iterator<JsonNode> forms = definition.path("oneOf").elements();
            while (forms.hasNext()) {
                if (forms.next().path("type").asText().equals("string")) {
                    forms.remove();
                }
            }
        }
        // Expressions stand under the key expression, never beside the step's own keys.
        ObjectNode expression = (ObjectNode) definitions.path(EXPRESSION);
        ObjectNode languages = expression.objectNode();
        expression.path("anyOf").forEach(any -> any.path("oneOf")
                .forEach(form -> languages.setAll((ObjectNode) form.path("properties"))));
        for (JsonNode definition : definitions) {
            JsonNode keys = definition.path("properties");
            if (keys.path("expression").isObject() && keys.path("expression").isEmpty()) {
                ((ObjectNode) definition).remove("anyOf");
                ((ObjectNode) keys).remove(List.copyOf(names(languages)));
                ((ObjectNode) keys).putObject("expression").put("$ref", "#/items/definitions/" + EXPRESSION);
            }
        }
        expression.remove("anyOf");
        expression.set("properties", languages);
        expression.put("additionalProperties", false).put("minProperties", 1).put("maxProperties", 1);
    }

    private static Set<String> names(ObjectNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** A placeholder may stand for a number or a flag; the schema does not know them. */
    private static void orPlaceholder(JsonNode node) {
        node.forEach(RouteStyleTest::orPlaceholder);
        if (node instanceof ObjectNode object
                && Set.of("boolean", "number", "integer")
                        .contains(object.path("type").asText())) {
            ObjectNode literal =
                    object.objectNode().put("type", object.path("type").asText());
            ObjectNode placeholder = object.objectNode().put("type", "string").put("pattern", "^\\{\\{[^:}]+}}$");
            object.remove("type");
            object.putArray("anyOf").add(literal).add(placeholder);
        }
    }

    @Test
    void anEndpointIsABareSchemeWithParameters() {
        List<String> broken = new ArrayList<>();
        for (JsonNode route : ROUTES.keySet()) {
            walk("route", route, (key, object) -> {
                String uri = object.path("uri").asText();
                // The one exception: the dataset found by the header names the data format, so the address is an
                // expression, and an expression cannot stand in the parameters of a bare scheme: toD computes the
                // whole URI.
                boolean computed = key.equals("toD") && uri.matches("dataformat:csv-\\$\\{[^}]+}:unmarshal");
                if (object.has("uri") && !uri.matches("[a-z][a-z0-9-]*") && !computed) {
                    broken.add("%s: %s '%s'".formatted(name(route), key, uri));
                }
            });
        }
        assertNone("from.uri and to.uri are a bare scheme; all else is in parameters", broken);
    }

    @Test
    void noPlaceholderHasADefaultAndAllAreKnown() throws IOException {
        Properties settings = new Properties();
        try (InputStream in = Pipeline.class.getResourceAsStream("/pipeline/defaults.properties")) {
            settings.load(in);
        }
        Set<String> known = new TreeSet<>(settings.stringPropertyNames());
        known.addAll(SET_BY_PIPELINE);
        List<String> broken = new ArrayList<>();
        Set<String> used = new TreeSet<>();
        FILES.forEach((file, elements) -> texts(elements, (key, text) -> {
            Matcher placeholder = PLACEHOLDER.matcher(text);
            while (placeholder.find()) {
                used.add(placeholder.group(1));
                if (!known.contains(placeholder.group(1))) {
                    broken.add("%s: {{%s}}".formatted(file, placeholder.group(1)));
                }
            }
        }));
        assertNone("a placeholder is a known setting; defaults live in defaults.properties", broken);
        assertEquals(
                SET_BY_PIPELINE,
                used.stream().filter(SET_BY_PIPELINE::contains).collect(Collectors.toSet()),
                "what Pipeline sets for routes is used in routes");
    }

    @Test
    void noScriptHidesInAText() {
        List<String> broken = new ArrayList<>();
        for (JsonNode route : ROUTES.keySet()) {
            walk("route", route, (key, object) -> object.fieldNames().forEachRemaining(field -> {
                if (SCRIPTS.contains(field)) {
                    broken.add(name(route) + ": " + field);
                }
            }));
        }
        assertNone("logic is in choice, filter or a bean, not in a script", broken);
    }

    @Test
    void anExpressionReadsOrComparesOnce() {
        List<String> broken = new ArrayList<>();
        for (JsonNode route : ROUTES.keySet()) {
            walk("route", route, (key, object) -> {
                String simple = key.equals("simple") ? object.path("expression").asText() : "";
                long reads = Pattern.compile("\\$\\{").matcher(simple).results().count();
                if (simple.length() > LONGEST_EXPRESSION || reads > 1 || simple.matches(".*(&&|\\|\\|).*")) {
                    broken.add("%s: '%s'".formatted(name(route), simple));
                }
                String method = object.path("method").isTextual()
                        ? object.path("method").asText()
                        : "";
                String call = method.replaceFirst("^\\w+\\(", "").replaceFirst("\\)$", "");
                for (String argument : call.split(", ")) {
                    if (argument.length() > LONGEST_EXPRESSION || method.length() > 2 * LONGEST_EXPRESSION) {
                        broken.add("%s: '%s'".formatted(name(route), method));
                    }
                }
                if (!call.isEmpty() && call.contains("$") && !call.matches("\\$\\{[\\w.]+}(, \\$\\{[\\w.]+})*")) {
                    broken.add("%s: '%s' passes more than plain values".formatted(name(route), method));
                }
            });
        }
        assertNone("Simple reads or compares once, in at most 60 characters; a bean gets plain values", broken);
    }

    @Test
    void thereIsOneErrorPolicyForAllRoutes() {
        List<String> policies = new ArrayList<>();
        FILES.forEach((file, elements) -> elements.forEach(element -> {
            if (element.has("routeConfiguration")) {
                policies.add(
                        file.getFileName() + (element.path("routeConfiguration").has("id") ? " with an id" : ""));
            }
        }));
        assertEquals(List.of("error-policy.camel.yaml"), policies, "one routeConfiguration, without an id");
        List<String> broken = new ArrayList<>();
        for (JsonNode route : ROUTES.keySet()) {
            if (route.has("routeConfigurationId")) {
                broken.add(name(route));
            }
        }
        assertNone("a misspelt routeConfigurationId is ignored without a word: none is used", broken);
    }

    @Test
    void whatSendsOutsideHasAnIdAndCarriesNoStrayHeaders() {
        List<String> broken = new ArrayList<>();
        for (JsonNode route : ROUTES.keySet()) {
            walk("route", route, (key, object) -> {
                String scheme = object.path("uri").asText().replaceFirst(":.*", "");
                if (OUTSIDE.contains(key) && !INSIDE_SCHEMES.contains(scheme) && !object.has("id")) {
                    broken.add("%s: %s %s".formatted(name(route), key, scheme));
                }
            });
        }
        assertNone("a step that leaves the routes has an id", broken);
    }

    @Test
    void aStepsIdIsKebabCaseAndThereOnce() {
        List<String> broken = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        FILES.forEach((file, elements) -> walk("", elements, (key, object) -> {
            if (object.path("id").isTextual()) {
                String id = object.path("id").asText();
                if (!seen.add(id) || !id.matches("[a-z]+(-[a-z]+)*")) {
                    broken.add("%s: %s %s".formatted(file, key, id));
                }
            }
        }));
        assertNone("ids are kebab-case and unique", broken);
    }
}
