package pipeline.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;

/** Orders as {@code config/datasets/orders.yaml} declares them, about 100 bytes a row; the same seed gives the same bytes. */
final class Orders {
    static final String HEADER =
            "order_id,customer_name,product_name,quantity,unit_price,email,product_category,order_date,customer_location";

    private static final String[] PRODUCTS = {"Walnut desk", "Desk lamp", "Office chair", "Paper, A4", "Fountain pen"};
    private static final String[] CATEGORIES = {"Furniture", "Lighting", "Stationery"};
    private static final String[] PLACES = {"Lyon", "Graz", "Turku", "Porto", "Gent"};

    private Orders() {}

    /**
     * Writes a file, unless it is there.
     *
     * @param first the number of its first order: files of other numbers have other orders
     * @param badPercent how many of a hundred rows have a quantity that is none
     * @param columns 9, or more: the further ones are not declared
     */
    static void write(Path file, long first, long rows, int badPercent, int columns) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        Files.createDirectories(file.getParent());
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        Random random = new Random(first);
        try (BufferedWriter out = Files.newBufferedWriter(unfinished)) {
            out.write(HEADER);
            for (int column = 10; column <= columns; column++) {
                out.write(",extra_" + column);
            }
            out.write('\n');
            for (long row = 0; row < rows; row++) {
                write(out, random, first + row, random.nextInt(100) < badPercent);
                for (int column = 10; column <= columns; column++) {
                    out.write(",value " + random.nextInt(1000));
                }
                out.write('\n');
            }
        }
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(BufferedWriter out, Random random, long order, boolean bad) throws IOException {
        int customer = random.nextInt(50_000);
        out.write("ORD-" + (100_000_000L + order));
        out.write(",Customer " + customer);
        out.write(",\"" + PRODUCTS[random.nextInt(PRODUCTS.length)] + '"');
        out.write("," + (bad ? "none" : Integer.toString(1 + random.nextInt(20))));
        out.write("," + (1 + random.nextInt(500)) + "." + (10 + random.nextInt(90)));
        out.write(",customer" + customer + "@example.com");
        out.write("," + CATEGORIES[random.nextInt(CATEGORIES.length)]);
        out.write(",2026-%02d-%02d".formatted(1 + random.nextInt(12), 1 + random.nextInt(28)));
        out.write("," + PLACES[random.nextInt(PLACES.length)]);
    }
}
