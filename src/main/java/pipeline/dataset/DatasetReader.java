package pipeline.dataset;

import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import pipeline.dataset.Expression.Mistake;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Reads one dataset file into a sound {@link Dataset}, or says in one sentence what is wrong with it. */
final class DatasetReader {
    private static final List<String> KEYS = List.of(
            "name",
            "title",
            "description",
            "notes",
            "table",
            "key",
            "sortKey",
            "upsert",
            "path",
            "encoding",
            "dialect",
            "unknownColumns",
            "schema",
            "derived",
            "constants",
            "rules");
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]*");
    private static final Pattern TABLE = Pattern.compile("[a-zA-Z0-9_.-]{3,255}");

    private final String file;
    private final Section root;
    private final List<Field> fields = new ArrayList<>();
    private final Map<String, String> taken = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final List<Object> samples = new ArrayList<>();

    private DatasetReader(String file, Section root) {
        this.file = file;
        this.root = root;
    }

    static Dataset read(String file, byte[] bytes) {
        Section root = Section.read(file, bytes, "a dataset").allow(KEYS);
        return new DatasetReader(file, root).read(sha256(bytes));
    }

    private Dataset read(String hash) {
        String name = root.text("name", "the dataset's name");
        if (!NAME.matcher(name).matches()) {
            throw root.mistake("name", Shown.quoted(name) + " as name", "lower-case letters, digits, '.', '_' and '-'");
        }
        String table = root.text("table", "the table for its rows");
        if (!TABLE.matcher(table).matches()) {
            throw root.mistake(
                    "table", Shown.quoted(table) + " as table", "3 to 255 letters, digits, '_', '.' and '-'");
        }
        readFields();
        boolean upsert = root.flag("upsert");
        List<KeyAttribute> key = key(upsert);
        List<Derived> derived = derived();
        Map<String, AttributeValue> constants = constants();
        List<String> globs = root.texts("path").orElse(List.of());
        return new Dataset(new Dataset.Declaration(
                file,
                name,
                root.text("title").orElse(name),
                table,
                key,
                upsert,
                dialect(),
                globs,
                globs.stream().map(PathGlob::pattern).toList(),
                unknownColumns(),
                List.copyOf(fields),
                derived,
                constants,
                rules(),
                hash));
    }

    private void readFields() {
        Section schema = root.section("schema").orElseThrow(() -> root.lacks("schema", "a schema with its fields"));
        schema.allow(List.of("fields", "missingValues"));
        List<String> missingValues = schema.texts("missingValues").orElse(List.of(""));
        for (Section section : schema.sections("fields")) {
            Field field = FieldReader.read(section, missingValues);
            take(section, "name", field.name(), "field");
            fields.add(field);
            names.add(field.name());
            samples.add(field.type().sample());
        }
        if (fields.isEmpty()) {
            throw schema.lacks("fields", "at least one field");
        }
    }

    // Every attribute of an item has one owner; names are compared as headers are.
    private void take(Section section, String key, String name, String kind) {
        boolean reserved = Reserved.REPAIR.contains(name.toLowerCase(Locale.ROOT))
                || Reserved.ORIGIN.stream()
                        .anyMatch(own -> HeaderReader.plain(own).equals(HeaderReader.plain(name)));
        if (reserved) {
            throw section.mistake(key, "the reserved name " + name + " for a " + kind, "another name");
        }
        String before = taken.put(HeaderReader.plain(name), kind + " " + name);
        if (before != null) {
            throw section.mistake(
                    key, "the " + kind + " " + Shown.plain(name) + " after the " + before, "each name once");
        }
    }

    private List<KeyAttribute> key(boolean upsert) {
        root.text("key", "the field that is the table's partition key");
        List<KeyAttribute> key = new ArrayList<>();
        key.add(keyAttribute("key", KeyType.HASH));
        if (!upsert) {
            if (root.has("sortKey")) {
                throw root.mistake(
                        "sortKey",
                        "a sortKey without upsert: true",
                        "none, since " + Reserved.PROCESSED_TIMESTAMP + " is it");
            }
            key.add(new KeyAttribute(Reserved.PROCESSED_TIMESTAMP, ScalarAttributeType.S, KeyType.RANGE));
        } else if (root.has("sortKey")) {
            key.add(keyAttribute("sortKey", KeyType.RANGE));
        }
        return List.copyOf(key);
    }

    private KeyAttribute keyAttribute(String key, KeyType role) {
        String name = root.text(key, "a field");
        Optional<Field> field =
                fields.stream().filter(f -> f.name().equals(name)).findFirst();
        if (field.isEmpty()) {
            throw root.mistake(key, Shown.quoted(name) + " as " + key, "one of the fields " + Shown.choice(names));
        }
        if (!field.get().required()) {
            throw root.mistake(key, "the optional field " + name + " as " + key, "a field with required: true");
        }
        ScalarAttributeType type = field.get().type().keyType();
        if (type == ScalarAttributeType.UNKNOWN_TO_SDK_VERSION) {
            throw root.mistake(key, "the boolean field " + name + " as " + key, "a field of another type");
        }
        if (role == KeyType.RANGE && root.text("key").orElse("").equals(name)) {
            throw root.mistake(key, "the field " + name + " as key and sortKey", "two fields");
        }
        return new KeyAttribute(name, type, role);
    }

    private Dialect dialect() {
        String encoding = root.text("encoding").orElse("utf-8");
        Charset charset;
        try {
            charset = Charset.forName(encoding);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw root.mistake(
                    "encoding", "the unknown encoding " + Shown.plain(encoding), "one such as utf-8 or windows-1252");
        }
        Optional<Section> dialect = root.section("dialect").map(d -> d.allow(List.of("delimiter", "quoteChar")));
        char delimiter = dialect.flatMap(d -> d.character("delimiter")).orElse(',');
        char quote = dialect.flatMap(d -> d.character("quoteChar")).orElse('"');
        if (delimiter == quote) {
            throw root.mistake("dialect", "'" + quote + "' as delimiter and quoteChar", "two characters");
        }
        return new Dialect(charset, delimiter, quote);
    }

    private UnknownColumns unknownColumns() {
        String policy = root.text("unknownColumns").orElse("keep");
        return switch (policy) {
            case "keep" -> UnknownColumns.KEEP;
            case "ignore" -> UnknownColumns.IGNORE;
            case "refuse" -> UnknownColumns.REFUSE;
            default ->
                throw root.mistake(
                        "unknownColumns", Shown.quoted(policy) + " as unknownColumns", "keep, ignore or refuse");
        };
    }

    private List<Derived> derived() {
        Optional<Section> section = root.section("derived");
        List<Derived> derived = new ArrayList<>();
        if (section.isPresent()) {
            for (String name : section.get().keys()) {
                take(section.get(), name, name, "derived column");
                Expression expression = expression(section.get(), name, "for " + Shown.plain(name));
                derived.add(new Derived(name, expression, fields));
                names.add(name);
                samples.add(expression.sample(samples).orElse(BigDecimal.ONE));
            }
        }
        return List.copyOf(derived);
    }

    private Expression expression(Section section, String key, String purpose) {
        String source = section.text(key, "a formula such as quantity * unit_price");
        try {
            return Expression.compile(source, List.copyOf(names), List.copyOf(samples));
        } catch (Mistake mistake) {
            String found = mistake.getMessage() + " in the formula " + Shown.quoted(source) + " " + purpose;
            throw section.mistake(key, found, "fields, numbers, + - * /, comparisons and round, abs, min, max");
        }
    }

    private Map<String, AttributeValue> constants() {
        Optional<Section> section = root.section("constants");
        Map<String, AttributeValue> constants = new LinkedHashMap<>();
        if (section.isPresent()) {
            for (String name : section.get().keys()) {
                take(section.get(), name, name, "constant");
                Yaml.Scalar value = section.get().scalar(name).orElseThrow(() -> section.get()
                        .lacks(name, "a value"));
                constants.put(name, constant(section.get(), name, value));
            }
        }
        return Collections.unmodifiableMap(constants);
    }

    private static AttributeValue constant(Section section, String name, Yaml.Scalar value) {
        return switch (value.kind()) {
            case TEXT -> AttributeValue.fromS(value.text());
            case BOOLEAN -> AttributeValue.fromBool(value.text().equalsIgnoreCase("true"));
            case NUMBER -> {
                try {
                    BigDecimal number = new BigDecimal(value.text());
                    if (Numbers.beyondLimits(number).isEmpty()) {
                        yield Numbers.attribute(number);
                    }
                } catch (NumberFormatException e) {
                    // such as 0x1F: the sentence below says it
                }
                throw section.mistake(
                        name, value.text() + " as a constant", "a decimal number, or quotes around a text");
            }
        };
    }

    private List<RowRule> rules() {
        List<RowRule> rules = new ArrayList<>();
        for (Section rule : root.sections("rules")) {
            rule.allow(List.of("expression", "column", "expected"));
            rule.text("expression", "a condition");
            Expression condition = expression(rule, "expression", "of a rule");
            if (condition
                    .sample(samples)
                    .filter(value -> !(value instanceof Boolean))
                    .isPresent()) {
                throw rule.mistake("expression", "a formula that is neither true nor false", "a condition");
            }
            String column = rule.text("column").orElse("");
            if (!column.isEmpty()
                    && fields.stream().noneMatch(field -> field.name().equals(column))) {
                throw rule.mistake("column", Shown.quoted(column) + " as column of a rule", "one of the fields");
            }
            rules.add(new RowRule(condition, column, rule.text("expected", "a phrase that says what is expected")));
        }
        return List.copyOf(rules);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
