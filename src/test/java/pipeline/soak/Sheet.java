package pipeline.soak;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The kinds of rows that are dropped, one for each dataset that ships: which columns, what is right, what is wrong. */
enum Sheet {
    ORDERS(
            "ProcessedOrders",
            List.of("order_id", "customer_name", "product_name", "quantity", "unit_price", "email"),
            Set.of("quantity", "unit_price"),
            List.of("order_id", "customer_name", "product_name")) {
        @Override
        List<String> good(SplittableRandom random) {
            return List.of(
                    "ORD-" + random.nextInt(1, 40_000),
                    NAMES.get(random.nextInt(NAMES.size())),
                    NAMES.get(random.nextInt(NAMES.size())) + " no. " + random.nextInt(100),
                    Integer.toString(random.nextInt(1, 500)),
                    cents(random.nextInt(1, 100_000)),
                    random.nextInt(3) == 0 ? "" : "someone%d@example.org".formatted(random.nextInt(10_000)));
        }

        @Override
        Map<String, String> item(List<String> cells) {
            Map<String, String> item = super.item(cells);
            BigDecimal total = new BigDecimal(cells.get(3)).multiply(new BigDecimal(cells.get(4)));
            item.put("total_amount:N", plain(total));
            return item;
        }
    },
    SALES(
            "ProcessedSales",
            List.of("transaction_id", "store_id", "product_sku", "quantity", "price", "total", "timestamp"),
            Set.of("quantity", "price", "total"),
            List.of("transaction_id", "store_id", "product_sku", "timestamp")) {
        @Override
        List<String> good(SplittableRandom random) {
            int quantity = random.nextInt(1, 20);
            int price = random.nextInt(1, 20_000);
            return List.of(
                    "TXN-" + random.nextInt(1, 40_000),
                    "STORE-%02d".formatted(random.nextInt(40)),
                    "SKU-" + random.nextInt(10_000),
                    Integer.toString(quantity),
                    cents(price),
                    cents(quantity * price),
                    time(random));
        }
    },
    SENSORS(
            "ProcessedSensors",
            List.of("sensor_id", "location", "temperature", "humidity", "timestamp", "status"),
            Set.of("temperature", "humidity"),
            List.of("sensor_id", "timestamp", "status")) {
        @Override
        List<String> good(SplittableRandom random) {
            return List.of(
                    "SN-" + random.nextInt(1, 2_000),
                    NAMES.get(random.nextInt(NAMES.size())),
                    random.nextInt(4) == 0
                            ? ""
                            : BigDecimal.valueOf(random.nextInt(-400, 500), 1).toString(),
                    random.nextInt(4) == 0
                            ? ""
                            : BigDecimal.valueOf(random.nextInt(0, 1001), 1).toString(),
                    time(random),
                    random.nextInt(5) == 0 ? "low battery" : "ok");
        }
    };

    /** With what CSV must quote, and with letters of several bytes. */
    private static final List<String> NAMES =
            List.of("Nora Vance", "Holler, Piet", "the \"Old\" Mill", "Zoë Łuk", "注文", "Cable 1.5m", "O'Hara & Sons");

    final String table;
    final List<String> columns;
    private final Set<String> numbers;
    private final List<String> required;

    Sheet(String table, List<String> columns, Set<String> numbers, List<String> required) {
        this.table = table;
        this.columns = columns;
        this.numbers = numbers;
        this.required = required;
    }

    /** The cells of a row that its dataset accepts. */
    abstract List<String> good(SplittableRandom random);

    /**
     * A row that is wrong in one place.
     *
     * @param column the one whose rejection must name it; empty where the row has too few cells
     */
    record Spoilt(List<String> cells, String column) {}

    /** Breaks a good row. */
    Spoilt spoil(List<String> cells, SplittableRandom random) {
        List<String> broken = new ArrayList<>(cells);
        switch (random.nextInt(3)) {
            case 0 -> {
                String column = required.get(random.nextInt(required.size()));
                broken.set(columns.indexOf(column), "");
                return new Spoilt(broken, column);
            }
            case 1 -> {
                String column = numbers.stream().sorted().toList().get(random.nextInt(numbers.size()));
                broken.set(columns.indexOf(column), "none");
                return new Spoilt(broken, column);
            }
            default -> {
                return new Spoilt(broken.subList(0, random.nextInt(1, cells.size() - 1)), "");
            }
        }
    }

    /** What must be in the table for a good row: {@code name:type} to value, without what tells where it comes from. */
    Map<String, String> item(List<String> cells) {
        Map<String, String> item = new TreeMap<>();
        for (int i = 0; i < columns.size(); i++) {
            String name = columns.get(i);
            if (!cells.get(i).isEmpty()) {
                boolean number = numbers.contains(name);
                item.put(name + (number ? ":N" : ":S"), number ? plain(new BigDecimal(cells.get(i))) : cells.get(i));
            }
        }
        item.put("processing_status:S", "completed");
        return item;
    }

    static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }

    private static String cents(int amount) {
        return BigDecimal.valueOf(amount, 2).toString();
    }

    private static String time(SplittableRandom random) {
        return "2026-03-%02dT%02d:%02d:00Z".formatted(random.nextInt(1, 29), random.nextInt(24), random.nextInt(60));
    }
}
