package pipeline.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.component.bean.MethodNotFoundException;
import org.apache.camel.dsl.yaml.common.exception.InvalidEnumException;
import org.apache.camel.dsl.yaml.common.exception.InvalidExpressionException;
import org.apache.camel.dsl.yaml.common.exception.UnknownNodeIdException;
import org.apache.camel.dsl.yaml.common.exception.UnsupportedFieldException;
import org.apache.camel.dsl.yaml.common.exception.YamlDeserializationException;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.apache.camel.spi.EndpointUriFactory;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import pipeline.settings.ConfigurationException;
import pipeline.settings.Settings;
import software.amazon.awssdk.core.exception.SdkException;

/** Turns what Camel throws for a broken route file into one sentence: file, line, problem. */
final class RouteErrors {
    private static final Pattern PLACEHOLDER = Pattern.compile("Property with key \\[([^]]+)] not found");
    private static final Pattern REQUIRED = Pattern.compile("Option (\\w+) is required .* syntax ([\\w-]+):");
    private static final Pattern PARAMETER = Pattern.compile("Unknown parameters=\\[\\{([^=}]+)=");
    private static final Pattern PARSED = Pattern.compile("Error parsing \\[([^]]*)] as an? ([\\w.]*\\w)");
    private static final Pattern NODE_TYPE =
            Pattern.compile("Node type (map|scalar|array) is invalid, expected (map|scalar|array)");
    private static final Map<String, String> NODES =
            Map.of("map", "keys of its own", "scalar", "a text", "array", "a list such as '- bean:'");
    private static final String SCHEMA = "/schema/camelYamlDsl.json";

    private final RouteFiles files;
    private final CamelContext camel;

    RouteErrors(RouteFiles files, CamelContext camel) {
        this.files = files;
        this.camel = camel;
    }

    /** The exception to throw instead: the operator's, unless AWS or this program is to blame. */
    RuntimeException explain(Exception failure) {
        if (find(failure, SdkException.class).isPresent()) {
            return find(failure, SdkException.class).get();
        }
        return new ConfigurationException(sentence(failure));
    }

    /** What is wrong, where: one sentence. */
    String sentence(Exception failure) {
        Optional<MarkedYamlEngineException> yaml = find(failure, MarkedYamlEngineException.class);
        if (yaml.isPresent()) {
            return ofYaml(yaml.get());
        }
        String route = find(failure, FailedToCreateRouteException.class)
                .map(FailedToCreateRouteException::getRouteId)
                .or(() -> find(failure, FailedToStartRouteException.class).map(FailedToStartRouteException::getRouteId))
                .orElse("");
        return ofPlaceholder(failure, route)
                .or(() -> ofComponent(failure, route))
                .or(() -> ofRequired(failure))
                .or(() -> ofParameter(failure, route))
                .or(() -> ofBean(failure, route))
                .or(() -> ofMethod(failure, route))
                .or(() -> ofExpression(failure, route))
                .or(() -> ofClass(failure, route))
                .or(() -> ofProperty(failure, route))
                .or(() -> ofValue(failure, route))
                .orElseGet(() -> "%s: found what Camel cannot start (%s)"
                        .formatted(
                                files.place(route).orElse(files.folder().toString()),
                                RouteFiles.oneLine(root(failure).toString())));
    }

    private String ofYaml(MarkedYamlEngineException e) {
        Path file = e.getProblemMark().map(mark -> files.file(mark.getName())).orElse(files.folder());
        int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
        String word = e.getProblem().replaceFirst(".*: ", "");
        if (e instanceof UnknownNodeIdException) {
            boolean top = e.getProblemMark().map(mark -> mark.getColumn() < 4).orElse(false);
            return "%s line %d: found '%s', expected %s that Camel knows%s"
                    .formatted(
                            file,
                            line,
                            word,
                            top ? "an element" : "a step",
                            RouteFiles.didYouMean(
                                    words(top ? "" : "org.apache.camel.model.ProcessorDefinition"), word));
        }
        if (e instanceof UnsupportedFieldException) {
            return "%s line %d: found '%s', expected a key that Camel knows here%s"
                    .formatted(file, files.nearest(file, word, line), word, RouteFiles.didYouMean(allWords(), word));
        }
        if (e instanceof InvalidExpressionException) {
            return "%s line %d: found '%s', expected an expression language that Camel knows%s"
                    .formatted(
                            file,
                            line,
                            word,
                            RouteFiles.didYouMean(words("org.apache.camel.model.language.ExpressionDefinition"), word));
        }
        Matcher node = NODE_TYPE.matcher(e.getProblem());
        if (node.find()) {
            return "%s line %d: found %s, expected %s"
                    .formatted(file, line, NODES.get(node.group(1)), NODES.get(node.group(2)));
        }
        if (e instanceof InvalidEnumException) {
            return "%s line %d: found '%s', expected a value that Camel knows here".formatted(file, line, word);
        }
        if (e instanceof YamlDeserializationException
                || e.getClass().getPackageName().contains("camel")) {
            return "%s line %d: found what Camel cannot read (%s)"
                    .formatted(file, line, RouteFiles.oneLine(e.getProblem()));
        }
        return RouteFiles.noYaml(file, e).getMessage();
    }

    private Optional<String> ofPlaceholder(Exception failure, String route) {
        return matched(failure, PLACEHOLDER).map(found -> {
            String key = found.group(1);
            Set<String> known = camel.getPropertiesComponent().loadProperties().stringPropertyNames().stream()
                    .filter(name -> name.startsWith(key.replaceFirst("\\..*", ".")) || !name.startsWith("camel."))
                    .collect(Collectors.toSet());
            return "%s: found {{%s}}, expected the name of a setting%s"
                    .formatted(
                            at(route, line -> line.text().contains("{{" + key)),
                            key,
                            RouteFiles.didYouMean(known, key));
        });
    }

    private Optional<String> ofComponent(Exception failure, String route) {
        return find(failure, NoSuchEndpointException.class).map(e -> {
            String scheme = e.getUri().replaceFirst("[:?].*", "");
            return "%s: found '%s', expected a component that is part of this program%s"
                    .formatted(
                            at(
                                    route,
                                    line -> line.text().equals(scheme)
                                            || line.text().startsWith(scheme + ":")),
                            scheme,
                            RouteFiles.didYouMean(files.schemes(), scheme));
        });
    }

    private Optional<String> ofRequired(Exception failure) {
        return matched(failure, REQUIRED).map(found -> {
            String option = found.group(1);
            String scheme = found.group(2);
            return "%s: found %s without %s, expected that parameter"
                    .formatted(files.placeWithout(scheme, option), scheme, option);
        });
    }

    private Optional<String> ofParameter(Exception failure, String route) {
        return matched(failure, PARAMETER).map(found -> {
            String option = found.group(1);
            return "%s: found '%s', expected a parameter of that component%s"
                    .formatted(
                            at(route, line -> line.key().equals(option)),
                            option,
                            RouteFiles.didYouMean(options(failure), option));
        });
    }

    private Set<String> options(Exception failure) {
        String uri = find(failure, ResolveEndpointFailedException.class)
                .map(ResolveEndpointFailedException::getUri)
                .orElse("");
        EndpointUriFactory factory =
                camel.getCamelContextExtension().getEndpointUriFactory(uri.replaceFirst(":.*", ""));
        return factory == null ? Set.of() : factory.propertyNames();
    }

    private Optional<String> ofBean(Exception failure, String route) {
        return find(failure, NoSuchBeanException.class).map(e -> "%s: found '%s', expected the name of a bean%s"
                .formatted(
                        at(route, line -> line.text().equals(e.getName())),
                        e.getName(),
                        RouteFiles.didYouMean(
                                camel.getRegistry()
                                        .findByTypeWithName(Object.class)
                                        .keySet(),
                                e.getName())));
    }

    private Optional<String> ofMethod(Exception failure, String route) {
        return find(failure, MethodNotFoundException.class).map(e -> {
            String method = e.getMethodName().replaceFirst("\\(.*", "");
            Set<String> known = Optional.ofNullable(e.getBean()).stream()
                    .flatMap(bean -> Arrays.stream(bean.getClass().getMethods()))
                    .map(Method::getName)
                    .collect(Collectors.toSet());
            return "%s: found the method '%s', expected one that this bean has%s"
                    .formatted(
                            at(route, line -> line.text().equals(e.getMethodName())),
                            method,
                            RouteFiles.didYouMean(known, method));
        });
    }

    private Optional<String> ofExpression(Exception failure, String route) {
        return find(failure, SimpleIllegalSyntaxException.class).map(e -> {
            String expression = e.getMessage().lines().skip(1).findFirst().orElse("");
            return "%s: found '%s', expected a Simple expression (%s)"
                    .formatted(
                            at(route, line -> line.text().equals(expression)),
                            expression,
                            RouteFiles.oneLine(
                                    e.getMessage().lines().findFirst().orElse("")));
        });
    }

    private Optional<String> ofClass(Exception failure, String route) {
        return find(failure, ClassNotFoundException.class).map(e -> {
            String name = e.getMessage();
            return "%s: found the class %s, expected one that is part of this program"
                    .formatted(at(route, line -> line.text().equals(name)), name);
        });
    }

    private Optional<String> ofProperty(Exception failure, String route) {
        return find(failure, PropertyBindingException.class).map(e -> {
            String name = Optional.ofNullable(e.getOptionKey())
                    .filter(key -> !key.isEmpty())
                    .orElse(String.valueOf(e.getPropertyName()));
            String prefix = Optional.ofNullable(e.getOptionPrefix()).orElse("");
            if (prefix.startsWith("camel")) {
                return "%s: found %s.%s=%s, expected a setting and a value that Camel knows"
                        .formatted(Settings.FILE, prefix.replaceFirst("\\.$", ""), name, e.getValue());
            }
            String value = String.valueOf(e.getValue());
            return "%s: found '%s: %s', expected %s"
                    .formatted(
                            at(
                                    route,
                                    line -> line.key().equals(e.getPropertyName())
                                            && (line.text().equals(value)
                                                    || line.text().contains("{{"))),
                            e.getPropertyName(),
                            value,
                            find(failure, TypeConversionException.class)
                                    .map(conversion ->
                                            article(conversion.getToType().getName()))
                                    .orElse("a property that this has, with a value that it takes"));
        });
    }

    private Optional<String> ofValue(Exception failure, String route) {
        Optional<Matcher> parsed = matched(failure, PARSED);
        if (parsed.isPresent()) {
            String value = parsed.get().group(1);
            String type = parsed.get().group(2);
            return Optional.of("%s: found '%s', expected %s"
                    .formatted(at(route, line -> line.text().equals(value)), value, article(type)));
        }
        return find(failure, TypeConversionException.class).map(e -> {
            String value = String.valueOf(e.getValue());
            return "%s: found '%s', expected %s"
                    .formatted(
                            at(route, line -> line.text().equals(value)),
                            value,
                            article(e.getToType().getName()));
        });
    }

    private static String article(String type) {
        String name = type.substring(type.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return "aeiou".indexOf(name.charAt(0)) < 0 ? "a " + name : "an " + name;
    }

    /** The line that is meant, or where its route begins. */
    private String at(String route, Predicate<RouteFiles.Line> wanted) {
        return files.find(route, wanted)
                .map(RouteFiles.Line::place)
                .or(() -> files.place(route))
                .orElse(files.folder().toString());
    }

    private static Optional<Matcher> matched(Exception failure, Pattern pattern) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher matcher = pattern.matcher(String.valueOf(cause.getMessage()));
            if (matcher.find()) {
                return Optional.of(matcher);
            }
        }
        return Optional.empty();
    }

    /** The innermost cause of a kind: Camel wraps one in another of the same kind. */
    private static <T extends Throwable> Optional<T> find(Exception failure, Class<T> kind) {
        Optional<T> found = Optional.empty();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                found = Optional.of(kind.cast(cause));
            }
        }
        return found;
    }

    private static Throwable root(Throwable failure) {
        return failure.getCause() == null ? failure : root(failure.getCause());
    }

    /** The keys of one definition of Camel's own schema; those of the top level for an empty name. */
    private static Set<String> words(String definition) {
        JsonNode items = schema().path("items");
        JsonNode at = definition.isEmpty() ? items : items.path("definitions").path(definition);
        Set<String> words = new TreeSet<>();
        collect(at, definition.isEmpty(), words);
        return words;
    }

    private static Set<String> allWords() {
        Set<String> words = new TreeSet<>();
        collect(schema(), false, words);
        return words;
    }

    private static void collect(JsonNode node, boolean shallow, Set<String> words) {
        node.path("properties").fieldNames().forEachRemaining(words::add);
        if (!shallow) {
            node.forEach(child -> collect(child, false, words));
        }
    }

    private static JsonNode schema() {
        try (InputStream in = RouteErrors.class.getResourceAsStream(SCHEMA)) {
            return in == null ? new ObjectMapper().createObjectNode() : new ObjectMapper().readTree(in);
        } catch (IOException e) {
            return new ObjectMapper().createObjectNode();
        }
    }
}
