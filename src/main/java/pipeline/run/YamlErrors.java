package pipeline.run;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.dsl.yaml.common.exception.InvalidEnumException;
import org.apache.camel.dsl.yaml.common.exception.InvalidExpressionException;
import org.apache.camel.dsl.yaml.common.exception.UnknownNodeIdException;
import org.apache.camel.dsl.yaml.common.exception.UnsupportedFieldException;
import org.apache.camel.dsl.yaml.common.exception.YamlDeserializationException;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import pipeline.settings.DidYouMean;

/** Words what Camel's YAML reader cannot make a route of; it knows the line. */
final class YamlErrors {
    private static final Pattern NODE_TYPE =
            Pattern.compile("Node type (map|scalar|array) is invalid, expected (map|scalar|array)");
    private static final Map<String, String> NODES =
            Map.of("map", "keys of its own", "scalar", "a text", "array", "a list such as '- bean:'");

    private final RouteFiles files;

    YamlErrors(RouteFiles files) {
        this.files = files;
    }

    /** What is wrong, where: one sentence. */
    String sentence(MarkedYamlEngineException e) {
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
                            DidYouMean.question(top ? CamelWords.elements() : CamelWords.steps(), word));
        }
        if (e instanceof UnsupportedFieldException) {
            return "%s line %d: found '%s', expected a key that Camel knows here%s"
                    .formatted(
                            file, files.nearest(file, word, line), word, DidYouMean.question(CamelWords.all(), word));
        }
        if (e instanceof InvalidExpressionException) {
            return "%s line %d: found '%s', expected an expression language that Camel knows%s"
                    .formatted(file, line, word, DidYouMean.question(CamelWords.languages(), word));
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
}
