package pipeline.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * Where the rows of a file go by one declaration of a dataset, and with which key: just enough to find them again when the
 * declaration itself is gone. A key's values are cells of the file, so its archived copy and this are all that it takes.
 * A short text, which the ledger keeps for as long as a file is not settled.
 */
public final class RowKeys {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Dialect USUAL = new Dialect(StandardCharsets.UTF_8, ',', '"');

    /** DynamoDB has no key longer than this: no row with a longer one was ever stored. */
    private static final Map<KeyType, Integer> LONGEST = Map.of(KeyType.HASH, 2048, KeyType.RANGE, 1024);

    /** So much of the declaration's hash tells it from all others. */
    private static final int HASH = 16;

    /** The usual one, and so not written down. */
    private static final int USUAL_RECORD = 1_048_576;

    /**
     * A field whose cell is a part of the key.
     *
     * @param value what a cell is as a key; empty for one that is none
     */
    private record Part(String name, ScalarAttributeType type, Function<String, Optional<AttributeValue>> value) {}

    private final String text;
    private final String hash;
    private final String table;
    private final List<Part> parts;
    private final boolean upsert;
    private final Dialect dialect;
    private final int maxRecord;

    private RowKeys(JsonNode json) {
        text = json.toString();
        hash = json.path("hash").asText();
        table = json.path("table").asText();
        upsert = json.path("upsert").asBoolean();
        dialect = new Dialect(
                Charset.forName(json.path("encoding").asText(USUAL.charset().name())),
                json.path("delimiter").asText(",").charAt(0),
                json.path("quote").asText("\"").charAt(0));
        maxRecord = json.path("max_record").asInt(USUAL_RECORD);
        parts = new ArrayList<>();
        json.path("key").forEach(part -> parts.add(part(part)));
    }

    private static JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the ledger's stored_as holds what no pipeline has written: " + text, e);
        }
    }

    private static Part part(JsonNode json) {
        String name = json.path("name").asText();
        if (json.path("type").asText().equals("number")) {
            String group = json.path("group").asText();
            NumberType number = new NumberType(
                    json.path("decimal").asText(".").charAt(0),
                    group.isEmpty() ? Optional.empty() : Optional.of(group.charAt(0)));
            return new Part(
                    name,
                    ScalarAttributeType.N,
                    cell -> number.read(cell) instanceof Cell.Value value
                            ? Optional.of(value.attribute())
                            : Optional.empty());
        }
        boolean stripped = json.path("type").asText().equals("time");
        return new Part(
                name,
                ScalarAttributeType.S,
                cell -> Optional.of(AttributeValue.fromS(stripped ? Blank.strip(cell) : cell)));
    }

    /** The declarations that a process works by, in one text: the same for the same declarations. */
    public static String together(Collection<RowKeys> declarations) {
        return declarations.stream().map(RowKeys::toString).sorted().collect(Collectors.joining(",", "[", "]"));
    }

    /** The declarations of such a text. */
    public static List<RowKeys> of(String together) {
        List<RowKeys> declarations = new ArrayList<>();
        parsed(together).forEach(json -> declarations.add(new RowKeys(json)));
        return declarations;
    }

    /**
     * By the declaration as it is now.
     *
     * @param maxRecord the most characters that a record may have: a file with a longer one stores nothing
     */
    public static RowKeys of(Dataset dataset, int maxRecord) {
        ObjectNode json = JSON.createObjectNode();
        json.put("table", dataset.table());
        ArrayNode key = json.putArray("key");
        for (KeyAttribute attribute : dataset.keyAttributes()) {
            dataset.fields().stream()
                    .filter(field -> field.name().equals(attribute.name()))
                    .findFirst()
                    .ifPresent(field -> describe(field, key.addObject()));
        }
        if (dataset.upsert()) {
            json.put("upsert", true);
        }
        Dialect dialect = dataset.dialect();
        if (!dialect.equals(USUAL)) {
            json.put("encoding", dialect.charset().name());
            json.put("delimiter", String.valueOf(dialect.delimiter()));
            json.put("quote", String.valueOf(dialect.quote()));
        }
        if (maxRecord != USUAL_RECORD) {
            json.put("max_record", maxRecord);
        }
        json.put("hash", dataset.hash().substring(0, HASH));
        return new RowKeys(json);
    }

    private static void describe(Field field, ObjectNode part) {
        part.put("name", field.name());
        if (field.type() instanceof NumberType number) {
            part.put("type", "number");
            if (number.decimalChar() != '.') {
                part.put("decimal", String.valueOf(number.decimalChar()));
            }
            number.groupChar().ifPresent(group -> part.put("group", String.valueOf(group)));
        } else if (field.type() instanceof TemporalType) {
            part.put("type", "time");
        }
    }

    /** Whether this is that declaration, and not an earlier or later one of the same dataset. */
    public boolean isOf(Dataset dataset) {
        return dataset.hash().startsWith(hash);
    }

    /** How its files were written. */
    public Dialect dialect() {
        return dialect;
    }

    /** The most characters that a record could have. */
    public int maxRecord() {
        return maxRecord;
    }

    public String table() {
        return table;
    }

    /** Names and types of the table's key: a table with another key holds none of these rows. */
    public Map<String, ScalarAttributeType> tableKey() {
        Map<String, ScalarAttributeType> key = new LinkedHashMap<>();
        parts.forEach(part -> key.put(part.name(), part.type()));
        if (!upsert) {
            key.put(Reserved.PROCESSED_TIMESTAMP, ScalarAttributeType.S);
        }
        return key;
    }

    /** Where a file with this header has the key's cells; empty where it lacks one, and so was never of this dataset. */
    public Optional<List<Integer>> columns(List<String> header) {
        List<Integer> columns = new ArrayList<>();
        for (Part part : parts) {
            OptionalInt found = IntStream.range(0, header.size())
                    .filter(i -> !isRepairColumn(header.get(i))
                            && HeaderReader.plain(header.get(i)).equals(HeaderReader.plain(part.name())))
                    .findFirst();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            columns.add(found.getAsInt());
        }
        return Optional.of(columns);
    }

    /** Whether a header is that of a rejects file dropped again, whose cells are guarded. */
    public static boolean isRepair(List<String> header) {
        return header.stream()
                .anyMatch(name -> Blank.strip(name).toLowerCase(Locale.ROOT).equals(Reserved.ERRORS));
    }

    private static boolean isRepairColumn(String name) {
        return Reserved.REPAIR.contains(Blank.strip(name).toLowerCase(Locale.ROOT));
    }

    /**
     * The key that a row has if it was stored; empty for cells that no stored row can have.
     *
     * @param columns as {@link #columns} has found them
     * @param timestamp the row's {@code processed_timestamp}
     */
    public Optional<Map<String, AttributeValue>> of(List<String> cells, List<Integer> columns, String timestamp) {
        Map<String, AttributeValue> key = new LinkedHashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            if (columns.get(i) >= cells.size() || Blank.isBlank(cells.get(columns.get(i)))) {
                return Optional.empty();
            }
            KeyType role = i == 0 ? KeyType.HASH : KeyType.RANGE;
            Optional<AttributeValue> value = parts.get(i).value().apply(cells.get(columns.get(i)));
            if (value.isEmpty() || tooLong(value.get(), LONGEST.get(role))) {
                return Optional.empty();
            }
            key.put(parts.get(i).name(), value.get());
        }
        if (!upsert) {
            key.put(Reserved.PROCESSED_TIMESTAMP, AttributeValue.fromS(timestamp));
        }
        return Optional.of(key);
    }

    private static boolean tooLong(AttributeValue value, int most) {
        return value.s() != null && value.s().getBytes(StandardCharsets.UTF_8).length > most;
    }

    /** JSON; of declarations {@link #together} the ledger keeps it. */
    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowKeys keys && keys.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
