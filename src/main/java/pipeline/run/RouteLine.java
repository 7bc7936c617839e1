package pipeline.run;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import pipeline.settings.ConfigurationException;

/**
 * What one line of a route file says: a key with its value, or an item of a list.
 *
 * @param route the id of the route it is in; empty outside of routes
 * @param parent the key that it stands under
 * @param siblings the key's neighbours, itself included, with their values
 * @param key for an item, the key of its list
 * @param text the value; empty where the value is not a text
 */
record RouteLine(
        Path file, int number, String route, String parent, Map<String, Node> siblings, String key, String text) {
    /** {@code routes/x.camel.yaml line 3}. */
    String place() {
        return file + " line " + number;
    }

    /** Whether it tells where a route begins, rather than what a step does. */
    boolean isOfFrom() {
        return siblings.containsKey("steps");
    }

    /** One of the {@code parameters} beside it. */
    Optional<Node> parameter(String name) {
        return siblings.get("parameters") instanceof MappingNode parameters
                ? parameters.getValue().stream()
                        .filter(entry -> text(entry.getKeyNode()).equals(name))
                        .map(NodeTuple::getValueNode)
                        .findFirst()
                : Optional.empty();
    }

    /**
     * The name in {@code uri: direct} with parameters, or in {@code direct:name}; empty where it is no such thing, or is
     * known only when the route runs.
     *
     * @throws ConfigurationException when the name is missing
     */
    Optional<String> direct() {
        String name = "";
        if (key.equals("uri") && text.equals("direct")) {
            name = parameter("name").map(RouteLine::text).orElse("");
            if (name.isEmpty()) {
                throw new ConfigurationException(
                        "%s: found direct without a name, expected the parameter name".formatted(place()));
            }
        } else if (text.matches("direct:[\\w.-]+")) {
            name = text.substring("direct:".length());
        }
        return Optional.of(name).filter(found -> !found.isEmpty() && !found.contains("{"));
    }

    /** The text of a node; empty where it is not one. */
    static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}
