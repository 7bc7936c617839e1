package pipeline.check;

import jakarta.validation.ConstraintViolation;
import java.util.Collection;

/** Parts validated batches; the name by which a route reaches {@link Batch}. */
public final class Batches {
    /** A batch in which validation found nothing wrong. */
    public Batch.Parted accept(Batch batch) {
        return batch.part();
    }

    /** A batch in which validation found violations. */
    public Batch.Parted part(Batch batch, Collection<? extends ConstraintViolation<?>> violations) {
        return batch.part(violations);
    }
}
