package pipeline.explain;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import pipeline.check.Problem;
import pipeline.check.RejectedRow;
import pipeline.conclude.Outcome;
import pipeline.cost.Estimate;
import pipeline.cost.Prices;
import pipeline.dataset.Columns;
import pipeline.dataset.Columns.Column;
import pipeline.dataset.Reserved;
import pipeline.read.Inspection;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What {@code check --json} says about one file: an object, written as it is found. */
public final class CheckJson implements DryRun.Report {
    private final JsonGenerator json;
    private final String name;
    private final String file;
    private final long most;
    private final Prices prices;
    private long problems;
    private long unsaid;

    /**
     * @param name the file as the user named it
     * @param file the file as its sentences name it
     * @param most no further row is written once there are so many problems
     */
    public CheckJson(JsonGenerator json, String name, String file, long most, Prices prices) {
        this.json = json;
        this.name = name;
        this.file = file;
        this.most = most;
        this.prices = prices;
    }

    @Override
    public void refused(String sentence) {
        write(() -> {
            json.writeStartObject();
            json.writeStringField("file", name);
            json.writeStringField("refused", sentence);
            json.writeNumberField("rows_read", 0);
            json.writeNumberField("would_store", 0);
            json.writeNumberField("would_reject", 0);
            json.writeEndObject();
        });
    }

    @Override
    public void readable(Inspection.Readable found) {
        write(() -> {
            json.writeStartObject();
            json.writeStringField("file", name);
            json.writeStringField("dataset", found.dataset().name());
            json.writeNumberField("rows_read", found.rows());
            json.writePOJOField("columns", columns(found.columns()));
            json.writeBooleanField("repairs", found.columns().isRepair());
            json.writeArrayFieldStart("problems");
        });
    }

    private static List<Map<String, String>> columns(Columns columns) {
        List<Map<String, String>> list = new ArrayList<>();
        for (int i = 0; i < columns.list().size(); i++) {
            Map<String, String> column = new LinkedHashMap<>();
            column.put("header", columns.header().get(i));
            describe(columns.list().get(i), column);
            list.add(column);
        }
        return list;
    }

    private static void describe(Column read, Map<String, String> column) {
        if (read instanceof Column.OfField field) {
            column.put("is", "field");
            column.put("name", field.field().name());
        } else if (read instanceof Column.OfDerived derived) {
            column.put("is", "derived");
            column.put("name", derived.derived().name());
        } else if (read instanceof Column.Kept kept) {
            column.put("is", "kept");
            column.put("name", kept.header());
        } else if (read instanceof Column.Repair repair) {
            column.put("is", "repair");
            column.put("name", repair.name());
        } else {
            column.put("is", read instanceof Column.Unnamed ? "unnamed" : "ignored");
        }
    }

    @Override
    public void rejected(RejectedRow rejected) {
        if (problems >= most) {
            unsaid++;
            return;
        }
        for (Problem problem : rejected.problems()) {
            problems++;
            write(() -> {
                json.writeStartObject();
                json.writeNumberField("line", rejected.row().line());
                json.writeStringField("column", problem.column());
                json.writeStringField("found", problem.found());
                json.writeStringField("expected", problem.expected());
                json.writeStringField("text", problem.sentence());
                json.writeEndObject();
            });
        }
    }

    @Override
    public void end(DryRun.Totals totals) {
        write(() -> {
            json.writeEndArray();
            json.writeNumberField("rows_with_further_problems", unsaid);
            json.writeNumberField("would_store", totals.stored());
            json.writeNumberField("would_reject", totals.rejected());
            Estimate estimate = totals.estimate(prices);
            json.writeNumberField("write_units", estimate.writeUnits());
            json.writeNumberField("dollars", estimate.dollars().stripTrailingZeros());
            json.writeNumberField("seconds", estimate.time().toSeconds());
            json.writeStringField("limited_by", estimate.limit().name().toLowerCase(Locale.ROOT));
            if (totals.refused()) {
                json.writeStringField("refused", Outcome.noRowStored(file, totals.rejected()));
            }
            if (totals.firstItem().isPresent()) {
                json.writeObjectFieldStart("first_item");
                for (Map.Entry<String, AttributeValue> attribute :
                        totals.firstItem().get().entrySet()) {
                    write(attribute.getKey(), attribute.getValue());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        });
    }

    /** As DynamoDB's own JSON has it; the timestamp is left out, for only the first claim decides it. */
    private void write(String attribute, AttributeValue value) throws IOException {
        if (!attribute.equals(Reserved.PROCESSED_TIMESTAMP)) {
            json.writeObjectFieldStart(attribute);
            if (value.s() != null) {
                json.writeStringField("S", value.s());
            } else if (value.n() != null) {
                json.writeStringField("N", value.n());
            } else {
                json.writeBooleanField("BOOL", value.bool());
            }
            json.writeEndObject();
        }
    }

    private interface Writing {
        void run() throws IOException;
    }

    private static void write(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
