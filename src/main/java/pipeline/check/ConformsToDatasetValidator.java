package pipeline.check;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import org.hibernate.validator.constraintvalidation.HibernateConstraintValidatorContext;

/**
 * Asks each row itself, which knows its dataset, and reports each of its problems. One constraint for the whole batch, not
 * one for each row: what the validator does around a constraint costs more than the check of a row.
 */
public final class ConformsToDatasetValidator implements ConstraintValidator<ConformsToDataset, Batch> {
    @Override
    public boolean isValid(Batch batch, ConstraintValidatorContext context) {
        boolean valid = true;
        for (int i = 0; i < batch.rows().size(); i++) {
            if (batch.rows().get(i).checked() instanceof Checked.Rejected rejected) {
                valid = false;
                for (Problem problem : rejected.problems()) {
                    report(problem, i, context.unwrap(HibernateConstraintValidatorContext.class));
                }
            }
        }
        if (!valid) {
            context.disableDefaultConstraintViolation();
        }
        return valid;
    }

    private static void report(Problem problem, int row, HibernateConstraintValidatorContext violations) {
        var rows = violations
                .withDynamicPayload(problem)
                .buildConstraintViolationWithTemplate(violations.getDefaultConstraintMessageTemplate())
                .addPropertyNode("rows");
        if (problem.column().isEmpty()) {
            rows.addBeanNode().inIterable().atIndex(row).addConstraintViolation();
        } else {
            rows.addPropertyNode(problem.column()).inIterable().atIndex(row).addConstraintViolation();
        }
    }
}
