package pipeline.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import pipeline.settings.ConfigurationException;
import pipeline.settings.DidYouMean;

/**
 * The route files of a folder as they are written, line by line, so that a mistake can be pointed at. What Camel would
 * pass over in silence, or notice only when a file arrives, is refused here.
 */
final class RouteFiles {
    /** The ending that makes a file a route file. */
    static final String ENDING = ".camel.yaml";

    /**
     * A key with its value, or an item of a list.
     *
     * @param route the id of the route it is in; empty outside of routes
     * @param parent the key that it stands under
     * @param siblings the key's neighbours, itself included, with their values
     * @param key for an item, the key of its list
     * @param text the value; empty where the value is not a text
     */
    record Line(
            Path file, int number, String route, String parent, Map<String, Node> siblings, String key, String text) {
        /** {@code routes/x.camel.yaml line 3}. */
        String place() {
            return file + " line " + number;
        }
    }

    private final Path folder;
    private final Map<Path, String> texts = new HashMap<>();
    private final List<Line> lines = new ArrayList<>();

    private RouteFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads the files of a folder.
     *
     * @throws ConfigurationException one sentence for the first mistake that can be seen without Camel
     */
    static RouteFiles read(Path folder) {
        RouteFiles routes = new RouteFiles(folder);
        for (Path file : routes.files()) {
            routes.add(file);
        }
        routes.checkIds();
        routes.checkConsumers();
        routes.checkTargets();
        return routes;
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            throw new ConfigurationException(
                    "%s: found no such folder, expected the route files there; start in the folder that holds %s and config (this is %s)"
                            .formatted(folder, folder, Path.of("").toAbsolutePath()));
        }
        try (Stream<Path> listed = Files.list(folder)) {
            List<Path> files = listed.filter(
                            file -> file.getFileName().toString().endsWith(ENDING))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new ConfigurationException(
                        "%s: found no *%s, expected the route files there".formatted(folder, ENDING));
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(Path file) {
        Optional<Node> root;
        try {
            String text = Files.readString(file);
            texts.put(file, text);
            root = new Compose(LoadSettings.builder().setLabel(file.toString()).build()).composeString(text);
        } catch (MarkedYamlEngineException e) {
            throw noYaml(file, e);
        } catch (CharacterCodingException e) {
            throw new ConfigurationException(file + ": found bytes that are not UTF-8, expected a text in UTF-8");
        } catch (YamlEngineException e) {
            throw new ConfigurationException("%s: found no valid YAML (%s)".formatted(file, oneLine(e.getMessage())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (root.isEmpty()) {
            throw new ConfigurationException(file + ": found an empty file, expected routes; remove it if it has none");
        }
        if (!(root.get() instanceof SequenceNode list)) {
            throw new ConfigurationException(
                    "%s line %d: found no list, expected one such as '- route:'".formatted(file, line(root.get())));
        }
        for (Node element : list.getValue()) {
            readElement(file, element);
        }
    }

    static ConfigurationException noYaml(Path file, MarkedYamlEngineException e) {
        int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
        if (e.getProblem() != null && e.getProblem().contains("\\t")) {
            return new ConfigurationException(
                    "%s line %d: found a tab before the text, expected blanks: YAML is indented with blanks only"
                            .formatted(file, line));
        }
        String begun = e.getContextMark()
                .map(mark -> mark.getLine() + 1)
                .filter(first -> first != line)
                .map(first -> " in what begins on line " + first)
                .orElse("");
        return new ConfigurationException("%s line %d: found no valid YAML%s (%s); look at indentation and quotes"
                .formatted(file, line, begun, oneLine(e.getProblem())));
    }

    private void readElement(Path file, Node element) {
        if (element instanceof MappingNode mapping) {
            Map<String, Node> keys = keys(file, mapping);
            if (keys.get("route") instanceof MappingNode route) {
                Map<String, Node> parts = keys(file, route);
                String id = parts.get("id") instanceof ScalarNode scalar ? scalar.getValue() : "";
                if (!parts.containsKey("from")) {
                    throw new ConfigurationException("%s line %d: found the route %s without from, expected one"
                            .formatted(file, line(route), id));
                }
                walk(file, id, "route", route);
                return;
            }
        }
        walk(file, "", "", element);
    }

    private void walk(Path file, String route, String parent, Node node) {
        if (node instanceof MappingNode mapping) {
            Map<String, Node> siblings = keys(file, mapping);
            for (NodeTuple entry : mapping.getValue()) {
                String key = text(entry.getKeyNode());
                lines.add(new Line(
                        file, line(entry.getKeyNode()), route, parent, siblings, key, text(entry.getValueNode())));
                walk(file, route, key, entry.getValueNode());
                if (entry.getValueNode() instanceof SequenceNode list) {
                    list.getValue().stream()
                            .filter(ScalarNode.class::isInstance)
                            .forEach(item ->
                                    lines.add(new Line(file, line(item), route, parent, siblings, key, text(item))));
                }
            }
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> walk(file, route, parent, item));
        }
    }

    private static Map<String, Node> keys(Path file, MappingNode mapping) {
        Map<String, Node> keys = new HashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            String key = text(entry.getKeyNode());
            if (keys.put(key, entry.getValueNode()) != null) {
                throw new ConfigurationException("%s line %d: found the key %s a second time, expected it once"
                        .formatted(file, line(entry.getKeyNode()), key));
            }
        }
        return keys;
    }

    /** Camel stops at a route id that is there twice without saying where, and at a step id with a stack trace. */
    private void checkIds() {
        Map<String, Line> seen = new HashMap<>();
        for (Line line : lines) {
            if (line.key().equals("id")
                    && !line.parent().equals("parameters")
                    && !line.parent().equals("properties")) {
                Line first = seen.putIfAbsent(line.text(), line);
                if (first != null) {
                    throw new ConfigurationException("%s: found the id %s, which %s has too, expected each id once"
                            .formatted(line.place(), line.text(), first.place()));
                }
            }
        }
    }

    /** Camel stops at a second consumer with a stack trace. */
    private void checkConsumers() {
        Map<String, Line> seen = new HashMap<>();
        for (Line line : lines) {
            if (line.key().equals("uri") && isFrom(line)) {
                direct(line).ifPresent(name -> {
                    Line first = seen.putIfAbsent(name, line);
                    if (first != null) {
                        throw new ConfigurationException(
                                "%s: found a second route from direct %s, expected one; the first is at %s"
                                        .formatted(line.place(), name, first.place()));
                    }
                });
            }
        }
    }

    /** Camel notices that nothing listens when the first message is sent there. */
    private void checkTargets() {
        Set<String> listening = lines.stream()
                .filter(line -> line.key().equals("uri") && isFrom(line))
                .flatMap(line -> direct(line).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        for (Line line : lines) {
            direct(line).filter(name -> !listening.contains(name)).ifPresent(name -> {
                throw new ConfigurationException(
                        "%s: found direct %s, to which no route listens, expected a route's name%s"
                                .formatted(line.place(), name, didYouMean(listening, name)));
            });
        }
    }

    private static boolean isFrom(Line line) {
        return line.siblings().containsKey("steps");
    }

    /** The name in {@code uri: direct} with parameters, or in {@code direct:name}. */
    private static Optional<String> direct(Line line) {
        String name = "";
        if (line.key().equals("uri") && line.text().equals("direct")) {
            if (line.siblings().get("parameters") instanceof MappingNode parameters) {
                name = keys(line.file(), parameters).get("name") instanceof ScalarNode scalar ? scalar.getValue() : "";
            }
            if (name.isEmpty()) {
                throw new ConfigurationException(
                        "%s: found direct without a name, expected the parameter name".formatted(line.place()));
            }
        } else if (line.text().matches("direct:[\\w.-]+")) {
            name = line.text().substring("direct:".length());
        }
        return Optional.of(name).filter(found -> !found.isEmpty() && !found.contains("{"));
    }

    /** The first line like this, in a route if it is there, anywhere otherwise. */
    Optional<Line> find(String route, Predicate<Line> wanted) {
        return lines.stream()
                .filter(line -> line.route().equals(route))
                .filter(wanted)
                .findFirst()
                .or(() -> lines.stream().filter(wanted).findFirst());
    }

    /** Where a route begins. */
    Optional<String> place(String route) {
        return find(route, line -> line.key().equals("id") && line.text().equals(route))
                .map(Line::place);
    }

    /** The first endpoint of a component that lacks a parameter. */
    String placeWithout(String scheme, String parameter) {
        return lines.stream()
                .filter(line -> line.key().equals("uri") && line.text().equals(scheme))
                .filter(line -> !(line.siblings().get("parameters") instanceof MappingNode parameters
                        && keys(line.file(), parameters).containsKey(parameter)))
                .findFirst()
                .map(Line::place)
                .orElse(folder.toString());
    }

    /** The line of a key in a file that is nearest to one. */
    int nearest(Path file, String key, int number) {
        return lines.stream()
                .filter(line -> line.file().equals(file) && line.key().equals(key))
                .map(Line::number)
                .min((a, b) -> Integer.compare(Math.abs(a - number), Math.abs(b - number)))
                .orElse(number);
    }

    /** Every component that the files name. */
    Set<String> schemes() {
        return lines.stream()
                .filter(line -> line.key().equals("uri") || line.key().equals("deadLetterUri"))
                .map(line -> line.text().replaceFirst(":.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Each file with its text as it was read. */
    Map<Path, String> texts() {
        return texts;
    }

    /** A file of the folder by the name that Camel gives it, a URL. */
    Path file(String url) {
        return file(folder, url);
    }

    static Path file(Path folder, String url) {
        return folder.resolve(url.substring(url.lastIndexOf('/') + 1));
    }

    Path folder() {
        return folder;
    }

    /** {@code ; did you mean x?} when there is a word near enough. */
    static String didYouMean(Set<String> known, String word) {
        Set<String> others = new TreeSet<>(known);
        others.remove(word);
        return DidYouMean.among(others, word)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
    }

    static String oneLine(String text) {
        return text == null ? "no reason given" : text.replaceAll("\\s+", " ").strip();
    }

    private static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
