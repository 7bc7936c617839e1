package pipeline.dataset;

import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** One declared kind of file: which columns it has, what their cells must be, and the table its rows go to. Immutable. */
public final class Dataset {
    private final Declaration declared;

    Dataset(Declaration declared) {
        this.declared = declared;
    }

    /** What a dataset file says, once it is known to be sound. */
    record Declaration(
            String file,
            String name,
            String title,
            String table,
            List<KeyAttribute> key,
            boolean upsert,
            Dialect dialect,
            List<String> globs,
            List<Pattern> paths,
            UnknownColumns unknownColumns,
            List<Field> fields,
            List<Derived> derived,
            Map<String, AttributeValue> constants,
            List<RowRule> rules,
            String hash) {}

    public String name() {
        return declared.name();
    }

    public String title() {
        return declared.title();
    }

    public String table() {
        return declared.table();
    }

    /** The table's primary key: partition key first, then the sort key where there is one. */
    public List<KeyAttribute> keyAttributes() {
        return declared.key();
    }

    /** The primary key of an item that this dataset's check accepted. */
    public Map<String, AttributeValue> tableKeyOf(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> key = new LinkedHashMap<>();
        for (KeyAttribute attribute : declared.key()) {
            key.put(attribute.name(), item.get(attribute.name()));
        }
        return key;
    }

    /** Whether a later row with the same key replaces an earlier one; otherwise {@code processed_timestamp} ends each key. */
    public boolean upsert() {
        return declared.upsert();
    }

    public Dialect dialect() {
        return declared.dialect();
    }

    public Charset charset() {
        return declared.dialect().charset();
    }

    public CSVFormat csvFormat() {
        return declared.dialect().csvFormat();
    }

    /** Whether the dataset takes a file with this key (without {@code raw-data/}). */
    public boolean admits(String file) {
        return declared.paths().isEmpty()
                || declared.paths().stream().anyMatch(path -> path.matcher(file).matches());
    }

    public UnknownColumns unknownColumns() {
        return declared.unknownColumns();
    }

    public List<Field> fields() {
        return declared.fields();
    }

    /** Derived columns; each may use those before it. Its slot in an expression's values follows those of the fields. */
    public List<Derived> derived() {
        return declared.derived();
    }

    public Map<String, AttributeValue> constants() {
        return declared.constants();
    }

    public List<RowRule> rules() {
        return declared.rules();
    }

    /** SHA-256 of the declaration's bytes in hex. */
    public String hash() {
        return declared.hash();
    }

    /** How a file with this header would be read. */
    public HeaderMatch match(List<String> header) {
        return new HeaderReader(this).read(header);
    }

    /** The file that declares it. */
    String file() {
        return declared.file();
    }

    List<String> globs() {
        return declared.globs();
    }
}
