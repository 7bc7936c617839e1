package pipeline.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** How each column of a file is read; made from its header by {@link Dataset#match}. Immutable. */
public final class Columns {
    private final List<String> header;
    private final List<Column> columns;
    private final int requiredTotal;
    private final Map<String, Integer> byName = new HashMap<>();

    Columns(List<String> header, List<Column> columns, int requiredTotal) {
        this.header = List.copyOf(header);
        this.columns = List.copyOf(columns);
        this.requiredTotal = requiredTotal;
        for (int i = 0; i < columns.size(); i++) {
            byName.putIfAbsent(name(columns.get(i)), i);
        }
    }

    // As problems name it. What is kept or ignored has none: no problem can be about it.
    private static String name(Column column) {
        if (column instanceof Column.OfField known) {
            return known.field().name();
        }
        if (column instanceof Column.OfDerived derived) {
            return derived.derived().name();
        }
        if (column instanceof Column.Repair repair) {
            return repair.name();
        }
        return column instanceof Column.Unnamed unnamed ? unnamed.name() : "";
    }

    /** How one column of the file is read. */
    public sealed interface Column {
        /** As a declared field. */
        record OfField(Field field, int slot) implements Column {}

        /** As the value of a derived column, which must agree with the computed one. */
        record OfDerived(Derived derived, int slot) implements Column {}

        /** Not declared: stored as text under its header. */
        record Kept(String header) implements Column {}

        /** Left out. */
        record Ignored(String header) implements Column {}

        /** Without a header, as spreadsheets add them: must be empty. */
        record Unnamed(int position) implements Column {
            /** What sentences call it. */
            public String name() {
                return "column " + position;
            }
        }

        /** One of {@code _source}, {@code _line}, {@code _errors}: no part of the row itself. */
        record Repair(String name) implements Column {}
    }

    /** A header text that differs from the name of the column it is read as. */
    public record Renamed(String header, String field) {}

    /** The header as the file has it, without a byte order mark. */
    public List<String> header() {
        return header;
    }

    /** One entry for each column of the file, in its order. */
    public List<Column> list() {
        return columns;
    }

    /** What problems call each column, in the order of the file; empty for one that no problem can be about. */
    public List<String> names() {
        return columns.stream().map(Columns::name).toList();
    }

    /** Index of the column that a problem is about; empty for one that the file does not have. */
    public OptionalInt indexOf(String name) {
        Integer index = name.isEmpty() ? null : byName.get(name);
        return index == null ? OptionalInt.empty() : OptionalInt.of(index);
    }

    /** Whether the file is a rejects file dropped again: it has a column {@code _errors}. */
    public boolean isRepair() {
        return index(Reserved.ERRORS).isPresent();
    }

    /** Index of the column {@code _source}. */
    public OptionalInt sourceIndex() {
        return index(Reserved.SOURCE);
    }

    /** Index of the column {@code _line}. */
    public OptionalInt lineIndex() {
        return index(Reserved.LINE);
    }

    private OptionalInt index(String name) {
        int index = columns.indexOf(new Column.Repair(name));
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
    }

    /** Indexes of the file's own columns: all but {@code _source}, {@code _line} and {@code _errors}. */
    public List<Integer> ownIndexes() {
        List<Integer> own = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (!(columns.get(i) instanceof Column.Repair)) {
                own.add(i);
            }
        }
        return own;
    }

    public List<Renamed> renamed() {
        List<Renamed> renamed = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            String name = "";
            if (columns.get(i) instanceof Column.OfField known) {
                name = known.field().name();
            } else if (columns.get(i) instanceof Column.OfDerived known) {
                name = known.derived().name();
            }
            if (!name.isEmpty() && !name.equals(header.get(i))) {
                renamed.add(new Renamed(header.get(i), name));
            }
        }
        return renamed;
    }

    /** Headers of unknown columns that are stored under that name. */
    public List<String> kept() {
        List<String> kept = new ArrayList<>();
        for (Column column : columns) {
            if (column instanceof Column.Kept unknown) {
                kept.add(unknown.header());
            }
        }
        return kept;
    }

    /** Headers of columns that are left out; those without a header and those of a rejects file are not among them. */
    public List<String> ignored() {
        List<String> ignored = new ArrayList<>();
        for (Column column : columns) {
            if (column instanceof Column.Ignored out) {
                ignored.add(out.header());
            }
        }
        return ignored;
    }

    /** How many columns of the dataset are there, required and optional. */
    public int matched() {
        int matched = 0;
        for (Column column : columns) {
            matched += column instanceof Column.OfField ? 1 : 0;
        }
        return matched;
    }

    /** How many of the dataset's required columns are there: all of them, or the header would not have fitted. */
    public int requiredFound() {
        return requiredTotal;
    }

    /** How many columns the dataset requires. */
    public int requiredTotal() {
        return requiredTotal;
    }

    /** For people, such as {@code 5 of 5 required columns; "Order ID" read as order_id; 1 column kept: channel}. */
    public String summary() {
        StringBuilder summary = new StringBuilder();
        summary.append(requiredTotal).append(" of ").append(requiredTotal).append(" required columns");
        for (Renamed renamed : renamed()) {
            summary.append("; \"")
                    .append(Shown.plain(renamed.header()))
                    .append("\" read as ")
                    .append(renamed.field());
        }
        append(summary, kept(), "kept");
        append(summary, ignored(), "ignored");
        return summary.toString();
    }

    private static void append(StringBuilder summary, List<String> headers, String fate) {
        if (!headers.isEmpty()) {
            summary.append("; ").append(headers.size()).append(headers.size() == 1 ? " column " : " columns ");
            summary.append(fate).append(": ").append(Shown.list(headers));
        }
    }
}
