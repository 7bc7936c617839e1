package pipeline.routes;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.camel.CamelContext;
import org.apache.camel.api.management.ManagedCamelContext;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * Which steps of which routes tests have reached, by Camel's own count. Each context writes its count when it is done;
 * {@link RouteCoverageIT} adds them up.
 */
public final class RouteCoverage {
    /** One a build: what an earlier one has counted does not count. */
    private static final Path FOLDER =
            Path.of("target", "camel-route-coverage", System.getProperty("build.time", "no-build"));

    private RouteCoverage() {}

    /** Writes down what this context has done. To be called just before it stops. */
    public static synchronized void record(CamelContext context) {
        try {
            Files.createDirectories(FOLDER);
            String xml = context.getCamelContextExtension()
                    .getContextPlugin(ManagedCamelContext.class)
                    .getManagedCamelContext()
                    .dumpRoutesCoverageAsXml();
            Files.writeString(FOLDER.resolve(UUID.randomUUID() + ".xml"), xml);
        } catch (Exception e) {
            throw new IllegalStateException("the route coverage cannot be written", e);
        }
    }

    /** How often each step was reached: {@code route-id: step, its id}, in the order of the routes. */
    static Map<String, Long> counted() {
        Map<String, Long> counts = new LinkedHashMap<>();
        try (Stream<Path> dumps = Files.exists(FOLDER) ? Files.list(FOLDER) : Stream.empty()) {
            for (Path dump : dumps.sorted().toList()) {
                Element routes = DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(Files.readString(dump))))
                        .getDocumentElement();
                for (Element route : elements(routes.getElementsByTagName("route"))) {
                    add(route.getAttribute("id"), "", route, counts);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalStateException("a dump in " + FOLDER + " is no XML", e);
        }
        return counts;
    }

    private static void add(String route, String path, Element element, Map<String, Long> counts) {
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (Element child : children(element)) {
            String kind = child.getTagName();
            int nth = seen.merge(kind, 1, Integer::sum);
            // An id that Camel makes up differs from one context to another.
            String id = child.getAttribute("id").matches(kind + "\\d+") ? "" : " " + child.getAttribute("id");
            String here = path + "/" + kind + (nth > 1 ? "[" + nth + "]" : "") + id;
            if (child.hasAttribute("exchangesTotal")) {
                counts.merge(route + ": " + here, Long.parseLong(child.getAttribute("exchangesTotal")), Long::sum);
            }
            add(route, here, child, counts);
        }
    }

    private static List<Element> children(Element element) {
        return elements(element.getChildNodes());
    }

    private static List<Element> elements(NodeList nodes) {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            if (nodes.item(i) instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }
}
