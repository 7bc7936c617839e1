package pipeline.dataset;

import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Type boolean: the texts that mean yes and those that mean no. Blanks around them are no part of them. */
record BooleanType(List<String> trueValues, List<String> falseValues) implements FieldType {
    private static final Cell.Value TRUE = new Cell.Value(true, AttributeValue.fromBool(true));
    private static final Cell.Value FALSE = new Cell.Value(false, AttributeValue.fromBool(false));

    BooleanType {
        trueValues = List.copyOf(trueValues);
        falseValues = List.copyOf(falseValues);
    }

    @Override
    public Cell read(String cell) {
        String text = Blank.strip(cell);
        if (trueValues.contains(text)) {
            return TRUE;
        }
        return falseValues.contains(text) ? FALSE : new Cell.Unfit(expectation());
    }

    @Override
    public String expectation() {
        return trueValues.get(0) + " or " + falseValues.get(0);
    }

    @Override
    public ScalarAttributeType keyType() {
        return ScalarAttributeType.UNKNOWN_TO_SDK_VERSION;
    }

    @Override
    public Object sample() {
        return true;
    }
}
