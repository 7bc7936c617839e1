package pipeline.run;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
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
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.apache.camel.spi.EndpointUriFactory;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import pipeline.settings.ConfigurationException;
import pipeline.settings.DidYouMean;
import pipeline.settings.Settings;
import software.amazon.awssdk.core.exception.SdkException;

/** Turns what Camel throws for a broken route file into one sentence: file, line, problem. */
final class RouteErrors {
    private static final Pattern PLACEHOLDER = Pattern.compile("Property with key \\[([^]]+)] not found");
    private static final Pattern REQUIRED = Pattern.compile("Option (\\w+) is required .* syntax ([\\w-]+):");
    private static final Pattern PARAMETER = Pattern.compile("Unknown parameters=\\[\\{([^=}]+)=");
    private static final Pattern PARSED = Pattern.compile("Error parsing \\[([^]]*)] as an? ([\\w.]*\\w)");

    private final RouteFiles files;
    private final CamelContext camel;

    RouteErrors(RouteFiles files, CamelContext camel) {
        this.files = files;
        this.camel = camel;
    }

    /** The exception to throw instead: the operator's, unless AWS or this program is to blame. */
    RuntimeException explain(Exception failure) {
        if (Causes.innermost(failure, SdkException.class).isPresent()) {
            return Causes.innermost(failure, SdkException.class).get();
        }
        return new ConfigurationException(sentence(failure));
    }

    /** What is wrong, where: one sentence. */
    String sentence(Exception failure) {
        Optional<MarkedYamlEngineException> yaml = Causes.innermost(failure, MarkedYamlEngineException.class);
        if (yaml.isPresent()) {
            return new YamlErrors(files).sentence(yaml.get());
        }
        String route = Causes.innermost(failure, FailedToCreateRouteException.class)
                .map(FailedToCreateRouteException::getRouteId)
                .or(() -> Causes.innermost(failure, FailedToStartRouteException.class)
                        .map(FailedToStartRouteException::getRouteId))
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
                                RouteFiles.oneLine(Causes.root(failure).toString())));
    }

    private Optional<String> ofPlaceholder(Exception failure, String route) {
        return Causes.matched(failure, PLACEHOLDER).map(found -> {
            String key = found.group(1);
            Set<String> known = camel.getPropertiesComponent().loadProperties().stringPropertyNames().stream()
                    .filter(name -> name.startsWith(key.replaceFirst("\\..*", ".")) || !name.startsWith("camel."))
                    .collect(Collectors.toSet());
            return "%s: found {{%s}}, expected the name of a setting%s"
                    .formatted(
                            at(route, line -> line.text().contains("{{" + key)), key, DidYouMean.question(known, key));
        });
    }

    private Optional<String> ofComponent(Exception failure, String route) {
        return Causes.innermost(failure, NoSuchEndpointException.class).map(e -> {
            String scheme = e.getUri().replaceFirst("[:?].*", "");
            return "%s: found '%s', expected a component that is part of this program%s"
                    .formatted(
                            at(
                                    route,
                                    line -> line.text().equals(scheme)
                                            || line.text().startsWith(scheme + ":")),
                            scheme,
                            DidYouMean.question(files.schemes(), scheme));
        });
    }

    private Optional<String> ofRequired(Exception failure) {
        return Causes.matched(failure, REQUIRED).map(found -> {
            String option = found.group(1);
            String scheme = found.group(2);
            return "%s: found %s without %s, expected that parameter"
                    .formatted(files.placeWithout(scheme, option), scheme, option);
        });
    }

    private Optional<String> ofParameter(Exception failure, String route) {
        return Causes.matched(failure, PARAMETER).map(found -> {
            String option = found.group(1);
            return "%s: found '%s', expected a parameter of that component%s"
                    .formatted(
                            at(route, line -> line.key().equals(option)),
                            option,
                            DidYouMean.question(options(failure), option));
        });
    }

    private Set<String> options(Exception failure) {
        String uri = Causes.innermost(failure, ResolveEndpointFailedException.class)
                .map(ResolveEndpointFailedException::getUri)
                .orElse("");
        EndpointUriFactory factory =
                camel.getCamelContextExtension().getEndpointUriFactory(uri.replaceFirst(":.*", ""));
        return factory == null ? Set.of() : factory.propertyNames();
    }

    private Optional<String> ofBean(Exception failure, String route) {
        return Causes.innermost(failure, NoSuchBeanException.class)
                .map(e -> "%s: found '%s', expected the name of a bean%s"
                        .formatted(
                                at(route, line -> line.text().equals(e.getName())),
                                e.getName(),
                                DidYouMean.question(
                                        camel.getRegistry()
                                                .findByTypeWithName(Object.class)
                                                .keySet(),
                                        e.getName())));
    }

    private Optional<String> ofMethod(Exception failure, String route) {
        return Causes.innermost(failure, MethodNotFoundException.class).map(e -> {
            String method = e.getMethodName().replaceFirst("\\(.*", "");
            Set<String> known = Optional.ofNullable(e.getBean()).stream()
                    .flatMap(bean -> Arrays.stream(bean.getClass().getMethods()))
                    .map(Method::getName)
                    .collect(Collectors.toSet());
            return "%s: found the method '%s', expected one that this bean has%s"
                    .formatted(
                            at(route, line -> line.text().equals(e.getMethodName())),
                            method,
                            DidYouMean.question(known, method));
        });
    }

    private Optional<String> ofExpression(Exception failure, String route) {
        return Causes.innermost(failure, SimpleIllegalSyntaxException.class).map(e -> {
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
        return Causes.innermost(failure, ClassNotFoundException.class).map(e -> {
            String name = e.getMessage();
            return "%s: found the class %s, expected one that is part of this program"
                    .formatted(at(route, line -> line.text().equals(name)), name);
        });
    }

    private Optional<String> ofProperty(Exception failure, String route) {
        return Causes.innermost(failure, PropertyBindingException.class).map(e -> {
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
                            Causes.innermost(failure, TypeConversionException.class)
                                    .map(conversion ->
                                            article(conversion.getToType().getName()))
                                    .orElse("a property that this has, with a value that it takes"));
        });
    }

    private Optional<String> ofValue(Exception failure, String route) {
        Optional<Matcher> parsed = Causes.matched(failure, PARSED);
        if (parsed.isPresent()) {
            String value = parsed.get().group(1);
            String type = parsed.get().group(2);
            return Optional.of("%s: found '%s', expected %s"
                    .formatted(at(route, line -> line.text().equals(value)), value, article(type)));
        }
        return Causes.innermost(failure, TypeConversionException.class).map(e -> {
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
    private String at(String route, Predicate<RouteLine> wanted) {
        return files.find(route, wanted)
                .map(RouteLine::place)
                .or(() -> files.place(route))
                .orElse(files.folder().toString());
    }
}
