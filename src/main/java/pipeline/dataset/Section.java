package pipeline.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import pipeline.settings.ConfigurationException;
import pipeline.settings.DidYouMean;

/** One mapping of a YAML file, read key by key; every mistake is one sentence with its line. */
public final class Section {
    private final String file;
    private final Yaml.Mapping mapping;

    private Section(String file, Yaml.Mapping mapping) {
        this.file = file;
        this.mapping = mapping;
    }

    /**
     * Reads a file.
     *
     * @param expected what it should hold, for the sentence where it does not
     * @throws ConfigurationException when it is not YAML, or has no keys
     */
    public static Section read(String file, byte[] bytes, String expected) {
        Yaml yaml = Yaml.parse(file, bytes, expected);
        if (yaml instanceof Yaml.Mapping mapping) {
            return new Section(file, mapping);
        }
        throw Yaml.mistake(file, yaml.line(), yaml.kindName(), "the keys of " + expected);
    }

    /** Refuses every key but these. */
    public Section allow(List<String> keys) {
        for (Map.Entry<String, Integer> key : mapping.keyLines().entrySet()) {
            if (!keys.contains(key.getKey())) {
                String mean = DidYouMean.among(keys, key.getKey())
                        .map(near -> " (did you mean " + near + "?)")
                        .orElse("");
                String found = "the unknown key " + Shown.plain(key.getKey()) + mean;
                throw Yaml.mistake(file, key.getValue(), found, "one of " + Shown.choice(keys));
            }
        }
        return this;
    }

    boolean has(String key) {
        return mapping.entries().containsKey(key);
    }

    Set<String> keys() {
        return mapping.keyLines().keySet();
    }

    /** The mistake that a key has. */
    public ConfigurationException mistake(String key, String found, String expected) {
        return Yaml.mistake(file, mapping.keyLines().getOrDefault(key, mapping.line()), found, expected);
    }

    private ConfigurationException notA(String key, Yaml found, String expected) {
        return Yaml.mistake(file, found.line(), found.kindName() + " as " + key, expected);
    }

    /** The mistake that a key is not there. */
    public ConfigurationException lacks(String key, String expected) {
        return Yaml.mistake(file, mapping.line(), "no " + key, expected);
    }

    Optional<Yaml.Scalar> scalar(String key) {
        Yaml value = mapping.entries().get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Yaml.Scalar scalar) {
            return Optional.of(scalar);
        }
        throw notA(key, value, "one value");
    }

    Optional<String> text(String key) {
        return scalar(key).map(Yaml.Scalar::text);
    }

    /** A text that must be there. */
    public String text(String key, String expected) {
        return text(key).filter(text -> !text.isBlank()).orElseThrow(() -> lacks(key, expected));
    }

    boolean flag(String key) {
        Optional<Yaml.Scalar> value = scalar(key);
        if (value.isPresent() && value.get().kind() != Yaml.Kind.BOOLEAN) {
            throw notA(key, value.get(), "true or false");
        }
        return value.isPresent() && value.get().text().equalsIgnoreCase("true");
    }

    /** A whole number that is not negative. */
    OptionalInt count(String key) {
        Optional<Yaml.Scalar> value = scalar(key);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        String text = value.get().text();
        if (text.length() > 9 || text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw notA(key, value.get(), "a whole number such as 20");
        }
        return OptionalInt.of(Integer.parseInt(text));
    }

    Optional<Character> character(String key) {
        Optional<Yaml.Scalar> value = scalar(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        String text = value.get().text().equals("\\t") ? "\t" : value.get().text();
        if (text.length() != 1 || text.charAt(0) == '\n' || text.charAt(0) == '\r') {
            throw notA(key, value.get(), "one character between quotes");
        }
        return Optional.of(text.charAt(0));
    }

    /** A list of values; one value stands for a list of one. */
    Optional<List<String>> texts(String key) {
        Yaml value = mapping.entries().get(key);
        if (value == null) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        for (Yaml item : value instanceof Yaml.Sequence sequence ? sequence.items() : List.of(value)) {
            if (!(item instanceof Yaml.Scalar scalar)) {
                throw notA(key, item, "a list of values (quote an empty text or null)");
            }
            texts.add(scalar.text());
        }
        return Optional.of(texts);
    }

    /** The keys under a key. */
    public Optional<Section> section(String key) {
        Yaml value = mapping.entries().get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Yaml.Mapping inner) {
            return Optional.of(new Section(file, inner));
        }
        throw notA(key, value, "keys of its own");
    }

    List<Section> sections(String key) {
        Yaml value = mapping.entries().get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof Yaml.Sequence sequence)) {
            throw notA(key, value, "a list");
        }
        List<Section> sections = new ArrayList<>();
        for (Yaml item : sequence.items()) {
            if (!(item instanceof Yaml.Mapping inner)) {
                throw notA("one of " + key, item, "keys of its own");
            }
            sections.add(new Section(file, inner));
        }
        return sections;
    }
}
