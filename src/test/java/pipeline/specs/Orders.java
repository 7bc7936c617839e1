package pipeline.specs;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Files of orders for the fault specs. */
final class Orders {
    static final String HEADER = "order_id,customer_name,product_name,quantity,unit_price\n";

    private Orders() {}

    /** So many good rows. */
    static String good(int rows) {
        return HEADER
                + IntStream.rangeClosed(1, rows)
                        .mapToObj("A%04d,Nora Vance,Wireless mouse,1,29.99\n"::formatted)
                        .collect(Collectors.joining());
    }

    /** So many good rows and a bad one at the end. */
    static String goodAndOneBad(int rows) {
        return good(rows) + "B0001,Piet Holler,USB-C cable,none,8.50\n";
    }
}
