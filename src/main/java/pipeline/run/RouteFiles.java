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

/**
 * The route files of a folder as they are written, line by line, so that a mistake can be pointed at. What Camel would
 * pass over in silence, or notice only when a file arrives, is refused when they are read.
 */
final class RouteFiles {
    /** The ending that makes a file a route file. */
    static final String ENDING = ".camel.yaml";

    private final Path folder;
    private final Map<Path, String> texts = new HashMap<>();
    private final List<RouteLine> lines = new ArrayList<>();

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
        new RouteChecks(routes.lines).run();
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
                String key = RouteLine.text(entry.getKeyNode());
                lines.add(new RouteLine(
                        file,
                        line(entry.getKeyNode()),
                        route,
                        parent,
                        siblings,
                        key,
                        RouteLine.text(entry.getValueNode())));
                walk(file, route, key, entry.getValueNode());
                if (entry.getValueNode() instanceof SequenceNode list) {
                    list.getValue().stream()
                            .filter(ScalarNode.class::isInstance)
                            .forEach(item -> lines.add(new RouteLine(
                                    file, line(item), route, parent, siblings, key, RouteLine.text(item))));
                }
            }
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> walk(file, route, parent, item));
        }
    }

    private static Map<String, Node> keys(Path file, MappingNode mapping) {
        Map<String, Node> keys = new HashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            String key = RouteLine.text(entry.getKeyNode());
            if (keys.put(key, entry.getValueNode()) != null) {
                throw new ConfigurationException("%s line %d: found the key %s a second time, expected it once"
                        .formatted(file, line(entry.getKeyNode()), key));
            }
        }
        return keys;
    }

    /** The first line like this, in a route if it is there, anywhere otherwise. */
    Optional<RouteLine> find(String route, Predicate<RouteLine> wanted) {
        return lines.stream()
                .filter(line -> line.route().equals(route))
                .filter(wanted)
                .findFirst()
                .or(() -> lines.stream().filter(wanted).findFirst());
    }

    /** Where a route begins. */
    Optional<String> place(String route) {
        return find(route, line -> line.key().equals("id") && line.text().equals(route))
                .map(RouteLine::place);
    }

    /** The first endpoint of a component that lacks a parameter. */
    String placeWithout(String scheme, String parameter) {
        return lines.stream()
                .filter(line -> line.key().equals("uri") && line.text().equals(scheme))
                .filter(line -> line.parameter(parameter).isEmpty())
                .findFirst()
                .map(RouteLine::place)
                .orElse(folder.toString());
    }

    /** The line of a key in a file that is nearest to one. */
    int nearest(Path file, String key, int number) {
        return lines.stream()
                .filter(line -> line.file().equals(file) && line.key().equals(key))
                .map(RouteLine::number)
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

    static String oneLine(String text) {
        return text == null ? "no reason given" : text.replaceAll("\\s+", " ").strip();
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
