package pipeline.dataset;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Datasets for tests: the shipped ones, and any from text. */
public final class Declared {
    public static final Datasets SHIPPED = Datasets.load(Path.of("config/datasets"));

    private Declared() {}

    public static Dataset shipped(String name) {
        return SHIPPED.named(name).orElseThrow();
    }

    public static Dataset from(String yaml) {
        return DatasetReader.read("test.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    }

    /** A dataset with the key {@code id}, the given fields (one a line, in YAML's flow style), and more keys. */
    public static Dataset with(String fields, String more) {
        StringBuilder yaml = new StringBuilder("name: test\ntable: Tests\nkey: id\nschema:\n  fields:\n");
        yaml.append("    - {name: id, constraints: {required: true}}\n");
        fields.lines().forEach(field -> yaml.append("    - {").append(field).append("}\n"));
        return from(yaml + more);
    }
}
