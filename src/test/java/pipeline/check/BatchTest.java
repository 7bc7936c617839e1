package pipeline.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.validation.ConstraintViolation;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import pipeline.dataset.Dataset;
import pipeline.dataset.Declared;

class BatchTest {
    private static final String HEADER = "order_id,customer_name,product_name,quantity,unit_price";
    private final Dataset orders = Declared.shipped("orders");
    private final Row good = Rows.row(orders, HEADER, "A,B,C,1,2.50");
    private final Row bad = Rows.row(orders, HEADER, ",B,${C},0,x{y}");
    private final Row shortRow = Rows.row(orders, HEADER, "A,B");

    @Test
    void aBatchIsPartedByItsViolations() {
        Batch batch = new Batch(List.of(bad, good, shortRow));
        Set<ConstraintViolation<Batch>> violations = Rows.violations(batch);
        assertEquals(4, violations.size());
        for (ConstraintViolation<Batch> violation : violations) {
            assertEquals("does not conform to its dataset", violation.getMessage());
            Problem problem = Batch.problem(violation);
            String path = violation.getPropertyPath().toString();
            assertEquals(problem.column().isEmpty() ? "rows[2]" : "rows[0]." + problem.column(), path);
        }
        Batch.Parted parted = batch.part(violations);
        assertEquals(List.of(good), parted.accepted());
        assertEquals(
                List.of(bad, shortRow),
                parted.rejected().stream().map(RejectedRow::row).toList());
        assertEquals(
                "order_id: found nothing, expected a value; quantity: found '0', expected an integer of at least 1; "
                        + "unit_price: found 'x{y}', expected a decimal such as 12.50",
                parted.rejected().get(0).reasons());
        assertEquals("found 2 fields, expected 5", parted.rejected().get(1).reasons());
    }

    @Test
    void aBatchWithoutViolationsIsAccepted() {
        Batch batch = new Batch(List.of(good));
        assertEquals(Set.of(), Rows.violations(batch));
        assertEquals(List.of(good), batch.part().accepted());
        assertSame(good.item(), good.item());
    }

    @Test
    void aRejectedRowHasNoItem() {
        assertThrows(IllegalStateException.class, bad::item);
    }
}
