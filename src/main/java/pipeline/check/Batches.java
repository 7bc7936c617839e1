package pipeline.check;

import org.apache.camel.component.bean.validator.BeanValidationException;

/** Parts validated batches; the name by which a route reaches {@link Batch}. */
public final class Batches {
    /** A batch in which validation found nothing wrong. */
    public Batch.Parted accept(Batch batch) {
        return batch.part();
    }

    /**
     * A batch in which validation found violations.
     *
     * @param found as a whole: were a route to ask it for its violations, Camel would keep it, and with it the batch, among
     *     the thousand beans that it has called last
     */
    public Batch.Parted part(Batch batch, BeanValidationException found) {
        return batch.part(found.getConstraintViolations());
    }
}
