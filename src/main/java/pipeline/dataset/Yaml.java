package pipeline.dataset;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import pipeline.settings.ConfigurationException;

/** A piece of a YAML file that remembers its line, so that a mistake can be pointed at. */
sealed interface Yaml {
    int line();

    /** A scalar, its text as it is written; {@code kind} is what YAML takes it for. */
    record Scalar(int line, String text, Kind kind) implements Yaml {
        @Override
        public String kindName() {
            return Shown.quoted(text);
        }
    }

    enum Kind {
        TEXT,
        NUMBER,
        BOOLEAN
    }

    record Nothing(int line) implements Yaml {
        @Override
        public String kindName() {
            return "nothing";
        }
    }

    record Sequence(int line, List<Yaml> items) implements Yaml {
        @Override
        public String kindName() {
            return "a list";
        }
    }

    record Mapping(int line, Map<String, Yaml> entries, Map<String, Integer> keyLines) implements Yaml {
        @Override
        public String kindName() {
            return "keys of its own";
        }
    }

    /** What it is, as a person would say. */
    String kindName();

    /**
     * Reads one document. Aliases and further documents are refused.
     *
     * @param expected what it should hold, for the sentence where it holds nothing
     */
    static Yaml parse(String file, byte[] bytes, String expected) {
        try (YAMLParser parser = new YAMLFactory().createParser(text(file, bytes))) {
            if (parser.nextToken() == null) {
                throw new ConfigurationException(file + ": found an empty file, expected " + expected);
            }
            Yaml root = read(file, parser);
            if (parser.nextToken() != null) {
                throw mistake(file, line(parser), "a second document", expected + " in a file of its own");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw unreadable(file, e);
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory cannot fail to be read", e);
        }
    }

    private static String text(String file, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new ConfigurationException(file + ": found bytes that are not UTF-8, expected YAML in UTF-8");
        }
    }

    static ConfigurationException mistake(String file, int line, String found, String expected) {
        String where = line > 0 ? file + " line " + line : file;
        return new ConfigurationException(where + ": found " + found + ", expected " + expected);
    }

    private static ConfigurationException unreadable(String file, JsonProcessingException e) {
        int line = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr());
        String problem = "";
        if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            line = marked.getProblemMark().getLine() + 1;
            problem = " (" + Shown.plain(String.valueOf(marked.getProblem())) + ")";
        }
        return mistake(file, line, "what is not YAML" + problem, "indented 'key: value' lines");
    }

    private static Yaml read(String file, YAMLParser parser) throws IOException {
        int line = line(parser);
        if (parser.isCurrentAlias()) {
            throw mistake(file, line, "a YAML alias", "the value itself");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping(file, parser, line);
            case START_ARRAY -> {
                List<Yaml> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(read(file, parser));
                }
                yield new Sequence(line, items);
            }
            case VALUE_NULL -> new Nothing(line);
            case VALUE_TRUE, VALUE_FALSE -> new Scalar(line, parser.getText(), Kind.BOOLEAN);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Scalar(line, parser.getText(), Kind.NUMBER);
            default -> new Scalar(line, parser.getText(), Kind.TEXT);
        };
    }

    private static Yaml mapping(String file, YAMLParser parser, int line) throws IOException {
        Map<String, Yaml> entries = new LinkedHashMap<>();
        Map<String, Integer> keyLines = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            int keyLine = line(parser);
            parser.nextToken();
            if (entries.put(key, read(file, parser)) != null) {
                throw mistake(file, keyLine, key + " a second time", "each key once");
            }
            keyLines.put(key, keyLine);
        }
        return new Mapping(line, entries, keyLines);
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }
}
