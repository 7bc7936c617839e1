package pipeline.dataset;

import java.util.Set;
import pipeline.dataset.Cell.Absent;
import pipeline.dataset.Cell.Unfit;

/** A declared column: its name, and what its cells must be (Frictionless Table Schema, "Field Descriptors"). */
public final class Field {
    private final String name;
    private final FieldType type;
    private final boolean required;
    private final Set<String> missingValues;
    private final boolean emptyIsMissing;
    private final Unfit missing;

    Field(String name, FieldType type, boolean required, Set<String> missingValues) {
        this.name = name;
        this.type = type;
        this.required = required;
        this.missingValues = Set.copyOf(missingValues);
        this.emptyIsMissing = missingValues.contains("");
        this.missing = new Unfit(type.expectation());
    }

    public String name() {
        return name;
    }

    /** Whether the column must be in the header and none of its cells may be empty. */
    public boolean required() {
        return required;
    }

    /** What a value of this field must be, in one phrase. */
    public String expectation() {
        return type.expectation();
    }

    /**
     * Reads a cell. A cell that is, but for blanks around it, one of the missing values holds nothing; so a required text
     * is never blank.
     */
    public Cell read(String cell) {
        if (isMissing(cell)) {
            return required ? missing : Absent.ABSENT;
        }
        return type.read(cell);
    }

    FieldType type() {
        return type;
    }

    private boolean isMissing(String cell) {
        if (emptyIsMissing && missingValues.size() == 1) {
            return Blank.isBlank(cell);
        }
        return missingValues.contains(Blank.strip(cell));
    }
}
