package pipeline.dataset;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import pipeline.dataset.Columns.Column;

/**
 * Matches a header with a dataset's columns: case, surrounding blanks and the difference between blank, hyphen and
 * underscore do not count, nor does the order.
 */
final class HeaderReader {
    private static final int LONGEST_NAME = 65_535;

    private final Dataset dataset;
    private final Map<String, Column> known = new HashMap<>();

    HeaderReader(Dataset dataset) {
        this.dataset = dataset;
        for (String name : Reserved.ORIGIN) {
            known.put(plain(name), new Column.Ignored(name));
        }
        for (String name : dataset.constants().keySet()) {
            known.put(plain(name), new Column.Ignored(name));
        }
        for (int i = 0; i < dataset.derived().size(); i++) {
            Derived derived = dataset.derived().get(i);
            int slot = dataset.fields().size() + i;
            known.put(plain(derived.name()), new Column.OfDerived(derived, slot));
        }
        for (int i = 0; i < dataset.fields().size(); i++) {
            Field field = dataset.fields().get(i);
            known.put(plain(field.name()), new Column.OfField(field, i));
        }
    }

    /** A name as it is compared. */
    static String plain(String name) {
        StringBuilder plain = new StringBuilder();
        String text = Normalizer.normalize(name, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '-' && c != '_' && c != '\uFEFF' && !Blank.isBlank(c)) {
                plain.append(c);
            }
        }
        return plain.isEmpty() ? Blank.strip(text) : plain.toString();
    }

    HeaderMatch read(List<String> fileHeader) {
        List<String> header = new ArrayList<>(fileHeader);
        header.replaceAll(HeaderReader::withoutMarks);
        if (isRepair(header)) {
            header.replaceAll(SpreadsheetGuard::unguard);
        }
        List<Column> columns = new ArrayList<>();
        Map<String, List<String>> byName = new LinkedHashMap<>();
        for (int i = 0; i < header.size(); i++) {
            Column column = column(header.get(i), i + 1);
            columns.add(column);
            if (!(column instanceof Column.Unnamed)) {
                byName.computeIfAbsent(identity(column, header.get(i)), name -> new ArrayList<>())
                        .add(header.get(i));
            }
        }
        Columns read = new Columns(header, columns, (int)
                dataset.fields().stream().filter(Field::required).count());
        List<String> missing = dataset.fields().stream()
                .filter(field -> field.required() && !byName.containsKey(plain(field.name())))
                .map(Field::name)
                .toList();
        if (!missing.isEmpty()) {
            return new HeaderMatch.Lacks(missing, read.matched());
        }
        return verdict(read, byName);
    }

    // Files that were joined, or saved twice by a spreadsheet, have more byte order marks than one, and a rejects file
    // may
    // begin with a column that stood further back.
    private static String withoutMarks(String name) {
        int start = 0;
        while (start < name.length() && name.charAt(start) == '\uFEFF') {
            start++;
        }
        return name.substring(start);
    }

    private static boolean isRepair(List<String> header) {
        return header.stream()
                .anyMatch(name -> Blank.strip(name).toLowerCase(Locale.ROOT).equals(Reserved.ERRORS));
    }

    private HeaderMatch verdict(Columns read, Map<String, List<String>> byName) {
        List<String> twice = byName.values().stream()
                .filter(headers -> headers.size() > 1)
                .map(HeaderReader::repeated)
                .toList();
        if (!twice.isEmpty()) {
            String found = (twice.size() == 1 ? "a column" : "columns") + " more than once: " + Shown.list(twice);
            return new HeaderMatch.Refused(found, "each column once", read.matched());
        }
        List<String> unknown = read.list().stream()
                .filter(Column.Kept.class::isInstance)
                .map(column -> ((Column.Kept) column).header())
                .toList();
        if (!unknown.isEmpty() && dataset.unknownColumns() == UnknownColumns.REFUSE) {
            String found = (unknown.size() == 1 ? "the unknown column " : "the unknown columns ") + Shown.list(unknown);
            return new HeaderMatch.Refused(found, "only columns of " + dataset.name(), read.matched());
        }
        for (String name : unknown) {
            if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
                String found = "a column name of more than " + LONGEST_NAME + " bytes, " + Shown.quoted(name);
                return new HeaderMatch.Refused(found, "names that a table can hold", read.matched());
            }
        }
        return new HeaderMatch.Fits(read);
    }

    private static String repeated(List<String> headers) {
        return Shown.list(headers.stream().map(name -> "\"" + name + "\"").toList());
    }

    private Column column(String header, int position) {
        String text = Blank.strip(header);
        if (text.isEmpty()) {
            return new Column.Unnamed(position);
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (Reserved.REPAIR.contains(lower)) {
            return new Column.Repair(lower);
        }
        Column column = known.get(plain(text));
        if (column == null) {
            boolean ignore = dataset.unknownColumns() == UnknownColumns.IGNORE;
            return ignore ? new Column.Ignored(text) : new Column.Kept(text);
        }
        return column instanceof Column.Ignored ? new Column.Ignored(text) : column;
    }

    // A column "source" is not the repair column "_source".
    private static String identity(Column column, String header) {
        return column instanceof Column.Repair repair ? repair.name() : plain(header);
    }
}
