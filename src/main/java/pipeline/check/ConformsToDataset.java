package pipeline.check;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The rows are what their dataset declares. Each thing wrong is a violation of its own on the row's index and the
 * column's name; its {@link Problem} rides along as Hibernate Validator's dynamic payload. The message is a constant, so
 * no customer's text is ever taken for a message template.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ConformsToDatasetValidator.class)
public @interface ConformsToDataset {
    String message() default "does not conform to its dataset";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
}
