package pipeline.dataset;

import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** A field's type together with the constraints on its value. */
sealed interface FieldType permits TextType, NumberType, BooleanType, TemporalType {
    /** Reads a cell that holds something. */
    Cell read(String cell);

    /** Everything a value must be, in one phrase, such as {@code an integer of at least 1}. */
    String expectation();

    /** The DynamoDB type of the value as a key. */
    ScalarAttributeType keyType();

    /** Some value of this type, to try expressions with. */
    Object sample();
}
