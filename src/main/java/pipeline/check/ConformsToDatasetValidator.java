package pipeline.check;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import org.hibernate.validator.constraintvalidation.HibernateConstraintValidatorContext;

/** Asks the row itself, which knows its dataset, and reports each of its problems. */
public final class ConformsToDatasetValidator implements ConstraintValidator<ConformsToDataset, Row> {
    @Override
    public boolean isValid(Row row, ConstraintValidatorContext context) {
        if (!(row.checked() instanceof Checked.Rejected rejected)) {
            return true;
        }
        HibernateConstraintValidatorContext violations = context.unwrap(HibernateConstraintValidatorContext.class);
        violations.disableDefaultConstraintViolation();
        for (Problem problem : rejected.problems()) {
            var violation = violations
                    .withDynamicPayload(problem)
                    .buildConstraintViolationWithTemplate(violations.getDefaultConstraintMessageTemplate());
            if (problem.column().isEmpty()) {
                violation.addConstraintViolation();
            } else {
                violation.addPropertyNode(problem.column()).addConstraintViolation();
            }
        }
        return false;
    }
}
