package pipeline.check;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pipeline.dataset.Blank;
import pipeline.dataset.Cell;
import pipeline.dataset.Columns;
import pipeline.dataset.Columns.Column;
import pipeline.dataset.Dataset;
import pipeline.dataset.Derived;
import pipeline.dataset.Expression.Computed;
import pipeline.dataset.Field;
import pipeline.dataset.Numbers;
import pipeline.dataset.Reserved;
import pipeline.dataset.RowRule;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The check of one row, from its cells to its item; used once. */
final class RowCheck {
    private final Dataset dataset;
    private final Columns columns;
    private final List<String> cells;
    private final Map<String, AttributeValue> item = new LinkedHashMap<>(32);
    private final Object[] values; // by slot: fields, then derived columns; null where there is nothing
    private final boolean[] bad; // by slot: what cannot be read, and what would be worked out from it
    private final List<Problem> problems = new ArrayList<>(0);

    RowCheck(Dataset dataset, Columns columns, Row row) {
        this.dataset = dataset;
        this.columns = columns;
        this.cells = row.cells();
        int slots = dataset.fields().size() + dataset.derived().size();
        this.values = new Object[slots];
        this.bad = new boolean[slots];
    }

    Checked check(Origin origin) {
        for (int i = 0; i < cells.size(); i++) {
            read(columns.list().get(i), cells.get(i));
        }
        for (int i = 0; i < dataset.derived().size(); i++) {
            derive(dataset.derived().get(i), dataset.fields().size() + i);
        }
        for (RowRule rule : dataset.rules()) {
            apply(rule);
        }
        item.putAll(dataset.constants());
        if (origin instanceof Origin.Known known) {
            item.put(Reserved.PROCESSED_TIMESTAMP, text(known.processedTimestamp()));
            item.put(Reserved.SOURCE_FILE, text(known.file()));
            item.put(
                    Reserved.SOURCE_LINE,
                    AttributeValue.builder().n(Long.toString(known.line())).build());
        } else if (origin instanceof Origin.Unusable unusable) {
            problems.add(unusable.problem());
        }
        if (problems.isEmpty()) {
            ItemLimits.check(dataset.keyAttributes(), item, problems);
        }
        return problems.isEmpty() ? new Checked.Accepted(item) : new Checked.Rejected(inColumnOrder());
    }

    private void read(Column column, String cell) {
        if (column instanceof Column.OfField known) {
            read(known.field(), known.slot(), cell);
        } else if (column instanceof Column.Kept kept) {
            if (!Blank.isBlank(cell)) {
                item.put(kept.header(), text(cell));
            }
        } else if (column instanceof Column.Unnamed unnamed && !Blank.isBlank(cell)) {
            problems.add(Problem.cell(unnamed.name(), cell, "nothing, since the column has no name"));
        }
    }

    private void read(Field field, int slot, String cell) {
        Cell read = field.read(cell);
        if (read instanceof Cell.Value value) {
            values[slot] = value.value();
            item.put(field.name(), value.attribute());
        } else if (read instanceof Cell.Unfit unfit) {
            bad[slot] = true;
            problems.add(Problem.cell(field.name(), Blank.isBlank(cell) ? "" : cell, unfit.expected()));
        }
    }

    private void derive(Derived derived, int slot) {
        if (derived.expression().uses(bad)) {
            bad[slot] = true;
            return;
        }
        String source = derived.expression().source();
        Computed computed = derived.expression().evaluate(values);
        if (computed instanceof Computed.Failed failed) {
            bad[slot] = true;
            problems.add(new Problem(derived.name(), failed.found(), source + " to have a value"));
        } else if (computed instanceof Computed.Value value) {
            Optional<String> limit =
                    value.value() instanceof BigDecimal number ? Numbers.beyondLimits(number) : Optional.empty();
            if (limit.isPresent()) {
                bad[slot] = true;
                String found = Numbers.text((BigDecimal) value.value());
                problems.add(Problem.cell(derived.name(), found, limit.get() + " (" + source + ")"));
            } else {
                values[slot] = value.value();
                item.put(derived.name(), attribute(value.value()));
            }
        }
        if (!bad[slot]) {
            compare(derived, slot);
        }
    }

    // A file may bring a derived column along; what it says must be what is worked out.
    private void compare(Derived derived, int slot) {
        int index = position(derived.name());
        if (index >= cells.size() || Blank.isBlank(cells.get(index))) {
            return;
        }
        String source = derived.expression().source();
        if (values[slot] == null) {
            problems.add(Problem.cell(derived.name(), cells.get(index), "nothing, since " + source + " has no value"));
        } else if (!derived.agrees(cells.get(index), values[slot])) {
            String expected =
                    values[slot] instanceof BigDecimal number ? Numbers.text(number) : values[slot].toString();
            problems.add(Problem.cell(
                    derived.name(), cells.get(index), expected + " (" + source + ")", "what " + source + " makes"));
        }
    }

    private void apply(RowRule rule) {
        if (rule.condition().uses(bad)) {
            return;
        }
        Computed computed = rule.condition().evaluate(values);
        boolean broken = computed instanceof Computed.Failed
                || computed instanceof Computed.Value value && !Boolean.TRUE.equals(value.value());
        if (broken) {
            int index = position(rule.column());
            problems.add(
                    index < cells.size()
                            ? Problem.cell(rule.column(), cells.get(index), rule.expected())
                            : new Problem(rule.column(), "another combination of values", rule.expected()));
        }
    }

    private List<Problem> inColumnOrder() {
        return problems.stream()
                .sorted(Comparator.comparingInt(problem -> position(problem.column())))
                .toList();
    }

    /** Index of the column, or the number of columns for what is none. */
    private int position(String name) {
        return columns.indexOf(name).orElse(columns.list().size());
    }

    private static AttributeValue attribute(Object value) {
        if (value instanceof BigDecimal number) {
            return Numbers.attribute(number);
        }
        return value instanceof Boolean truth ? AttributeValue.fromBool(truth) : text(value.toString());
    }

    private static AttributeValue text(String text) {
        return AttributeValue.builder().s(text).build();
    }
}
