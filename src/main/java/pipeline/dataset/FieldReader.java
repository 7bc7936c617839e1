package pipeline.dataset;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import pipeline.dataset.TemporalType.Kind;

/** Reads one field of a dataset file. */
final class FieldReader {
    private static final List<String> TYPES =
            List.of("string", "integer", "number", "boolean", "date", "datetime", "time");
    private static final List<String> TRUE = List.of("true", "True", "TRUE", "1");
    private static final List<String> FALSE = List.of("false", "False", "FALSE", "0");

    private final Section field;
    private final Section constraints;
    private final String name;
    private final String type;

    private FieldReader(Section field, Section constraints, String name, String type) {
        this.field = field;
        this.constraints = constraints;
        this.name = name;
        this.type = type;
    }

    static Field read(Section field, List<String> missingValues) {
        String name = field.text("name", "the name of the field");
        String type = field.text("type").orElse("string");
        if (!TYPES.contains(type)) {
            throw field.mistake("type", "the unknown type " + Shown.plain(type), "one of " + Shown.choice(TYPES));
        }
        boolean numeric = type.equals("integer") || type.equals("number");
        List<String> keys = new ArrayList<>(
                List.of("name", "title", "description", "example", "type", "format", "constraints", "missingValues"));
        List<String> limits = new ArrayList<>(List.of("required"));
        switch (type) {
            case "string" -> limits.addAll(List.of("minLength", "maxLength", "pattern", "enum"));
            case "boolean" -> keys.addAll(List.of("trueValues", "falseValues"));
            default -> limits.addAll(List.of("minimum", "maximum"));
        }
        if (numeric) {
            keys.add("groupChar");
            limits.add("enum");
        }
        if (type.equals("number")) {
            keys.add("decimalChar");
            limits.add("maxDecimals");
        }
        Section constraints = field.allow(keys)
                .section("constraints")
                .map(c -> c.allow(limits))
                .orElse(field);
        FieldReader reader = new FieldReader(field, constraints, name, type);
        boolean required = constraints != field && constraints.flag("required");
        return new Field(
                name,
                reader.type(),
                required,
                new LinkedHashSet<>(field.texts("missingValues").orElse(missingValues)));
    }

    private FieldType type() {
        return switch (type) {
            case "string" -> text();
            case "integer", "number" -> number();
            case "boolean" -> yesOrNo();
            default -> temporal(Kind.valueOf(type.toUpperCase(java.util.Locale.ROOT)));
        };
    }

    private TextType text() {
        String format = field.text("format").orElse("default");
        TextType.Format kind =
                switch (format) {
                    case "default" -> TextType.Format.DEFAULT;
                    case "email" -> TextType.Format.EMAIL;
                    case "uri" -> TextType.Format.URI;
                    case "uuid" -> TextType.Format.UUID;
                    default -> throw unknownFormat(format, "default, email, uri or uuid");
                };
        OptionalInt min = constraints.count("minLength");
        OptionalInt max = constraints.count("maxLength");
        if (min.isPresent() && max.isPresent() && min.getAsInt() > max.getAsInt()) {
            throw constraints.mistake(
                    "maxLength", "a maxLength below the minLength for " + name, "at least " + min.getAsInt());
        }
        return new TextType(kind, min, max, constraints.text("pattern").map(this::pattern), choices());
    }

    private Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            String found = "the pattern " + Shown.quoted(text) + " (" + e.getDescription() + ")";
            throw constraints.mistake("pattern", found, "a regular expression");
        }
    }

    private List<String> choices() {
        Optional<List<String>> choices = constraints.texts("enum");
        if (choices.isPresent() && choices.get().isEmpty()) {
            throw constraints.mistake("enum", "an empty enum for " + name, "at least one value");
        }
        return choices.orElse(List.of());
    }

    private NumberType number() {
        noFormat();
        char decimal = field.character("decimalChar").orElse('.');
        Optional<Character> group = field.character("groupChar");
        if (group.isPresent() && group.get() == decimal) {
            throw field.mistake(
                    "groupChar", "'" + decimal + "' as groupChar and decimalChar of " + name, "two characters");
        }
        List<BigDecimal> choices = new ArrayList<>();
        for (String choice : choices()) {
            choices.add(bound("enum", choice));
        }
        Optional<BigDecimal> min = constraints.text("minimum").map(text -> bound("minimum", text));
        Optional<BigDecimal> max = constraints.text("maximum").map(text -> bound("maximum", text));
        if (min.isPresent() && max.isPresent() && min.get().compareTo(max.get()) > 0) {
            throw constraints.mistake(
                    "maximum", "a maximum below the minimum for " + name, "at least " + Numbers.text(min.get()));
        }
        return new NumberType(
                type.equals("integer"),
                decimal,
                group,
                min,
                max,
                constraints.count("maxDecimals"),
                choices,
                field.text("example"));
    }

    private BigDecimal bound(String key, String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw constraints.mistake(key, Shown.quoted(text) + " as " + key + " of " + name, "a number such as 12.50");
        }
    }

    private BooleanType yesOrNo() {
        noFormat();
        List<String> yes = field.texts("trueValues").orElse(TRUE);
        List<String> no = field.texts("falseValues").orElse(FALSE);
        if (yes.isEmpty() || no.isEmpty()) {
            throw field.mistake(yes.isEmpty() ? "trueValues" : "falseValues", "no value", "at least one value");
        }
        for (String value : yes) {
            if (no.contains(value)) {
                throw field.mistake(
                        "falseValues", Shown.quoted(value) + " as true and false for " + name, "one meaning a value");
            }
        }
        return new BooleanType(yes, no);
    }

    private TemporalType temporal(Kind kind) {
        String format = field.text("format").orElse("default");
        Optional<Strptime> strptime = Optional.empty();
        if (!format.equals("default")) {
            strptime = format.contains("%") ? Strptime.of(format) : Optional.empty();
            if (strptime.isEmpty()) {
                throw unknownFormat(format, "default (ISO 8601) or a pattern of " + Strptime.DIRECTIVES);
            }
        }
        Optional<String> min = constraints.text("minimum");
        Optional<String> max = constraints.text("maximum");
        TemporalType free = new TemporalType(kind, strptime, Optional.empty(), Optional.empty());
        strptime.ifPresent(pattern -> {
            if (free.read(pattern.example()) instanceof Cell.Unfit) {
                throw unknownFormat(format, "a pattern that tells the whole " + type);
            }
        });
        bound(free, "minimum", min);
        bound(free, "maximum", max);
        return new TemporalType(kind, strptime, min, max);
    }

    private void bound(TemporalType free, String key, Optional<String> text) {
        if (text.isPresent() && free.read(text.get()) instanceof Cell.Unfit unfit) {
            throw constraints.mistake(key, Shown.quoted(text.get()) + " as " + key + " of " + name, unfit.expected());
        }
    }

    private void noFormat() {
        if (field.has("format") && !field.text("format").orElse("").equals("default")) {
            throw unknownFormat(field.text("format").orElse(""), "no format for type " + type);
        }
    }

    private RuntimeException unknownFormat(String format, String expected) {
        return field.mistake("format", "the unknown format " + Shown.plain(format) + " for " + name, expected);
    }
}
