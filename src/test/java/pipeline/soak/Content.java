package pipeline.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** What a file version holds, and what must become of it. Made from a seed, so that no row need be kept. */
sealed interface Content {
    /** The file. */
    byte[] bytes();

    /** How it must end: {@code completed} or {@code refused}. */
    String status();

    /** How many rows the ledger must count as read. */
    int rows();

    /** How many of them must be stored. */
    int stored();

    /**
     * Rows of a dataset, some of them bad. Rows are numbered from 1; row n stands on line n + 1.
     *
     * @param badIn100 so many of a hundred rows are bad, by chance; 100 = all
     */
    record Rows(Sheet sheet, long seed, int rows, int badIn100) implements Content {

        private SplittableRandom random(int row) {
            return new SplittableRandom(seed ^ row * 0x9E3779B97F4A7C15L);
        }

        boolean good(int row) {
            return random(row).nextInt(100) >= badIn100;
        }

        /** The row as it would be without its fault. */
        List<String> right(int row) {
            SplittableRandom random = random(row);
            random.nextInt(100);
            return sheet.good(random);
        }

        /** The row as it is dropped, with the column to blame. */
        Sheet.Spoilt dropped(int row) {
            SplittableRandom random = random(row);
            boolean good = random.nextInt(100) >= badIn100;
            List<String> cells = sheet.good(random);
            return good ? new Sheet.Spoilt(cells, "") : sheet.spoil(cells, random);
        }

        /** What must be in the table for a row that is good, or came back corrected. */
        Map<String, String> item(int row) {
            return sheet.item(right(row));
        }

        List<Integer> bad() {
            return IntStream.rangeClosed(1, rows)
                    .filter(row -> !good(row))
                    .boxed()
                    .toList();
        }

        static int line(int row) {
            return row + 1;
        }

        @Override
        public int stored() {
            return (int) IntStream.rangeClosed(1, rows).filter(this::good).count();
        }

        @Override
        public String status() {
            return rows > 0 && stored() == 0 ? "refused" : "completed";
        }

        @Override
        public byte[] bytes() {
            return csv(
                    sheet.columns,
                    IntStream.rangeClosed(1, rows)
                            .mapToObj(row -> dropped(row).cells())
                            .toList());
        }
    }

    /** No dataset's CSV. */
    record Rubbish(String kind, byte[] bytes) implements Content {
        static Rubbish of(SplittableRandom random) {
            return switch (random.nextInt(4)) {
                case 0 -> new Rubbish("empty", new byte[0]);
                case 1 ->
                    new Rubbish(
                            "unknown header",
                            ("sku,warehouse\nK-%d,Lisbon\n".formatted(random.nextInt(1_000_000))).getBytes());
                case 2 -> {
                    byte[] good = new Rows(Sheet.ORDERS, random.nextLong(), 40, 0).bytes();
                    byte[] broken = "A1,\"Nora\" Vance,Mouse,1,2.00,\n".getBytes();
                    byte[] both = java.util.Arrays.copyOf(good, good.length + broken.length);
                    System.arraycopy(broken, 0, both, good.length, broken.length);
                    yield new Rubbish("broken quoting", both);
                }
                default -> {
                    byte[] noise = new byte[random.nextInt(20, 20_000)];
                    random.nextBytes(noise);
                    noise[noise.length / 2] = (byte) 0xFF; // in no UTF-8 text
                    yield new Rubbish("noise", noise);
                }
            };
        }

        @Override
        public String status() {
            return "refused";
        }

        @Override
        public int rows() {
            return 0;
        }

        @Override
        public int stored() {
            return 0;
        }
    }

    /** Rows that another version had rejected, corrected, as its rejects file has them. */
    record Repair(Version source, List<Integer> sourceRows) implements Content {
        @Override
        public byte[] bytes() {
            Rows rows = (Rows) source.content();
            List<String> columns = new java.util.ArrayList<>(rows.sheet().columns);
            columns.addAll(List.of("_source", "_line", "_errors"));
            return csv(
                    columns,
                    sourceRows.stream()
                            .map(row -> {
                                List<String> cells = new java.util.ArrayList<>(rows.right(row));
                                cells.addAll(List.of(source.toString(), "" + Rows.line(row), "corrected"));
                                return cells;
                            })
                            .toList());
        }

        @Override
        public String status() {
            return "completed";
        }

        @Override
        public int rows() {
            return sourceRows.size();
        }

        @Override
        public int stored() {
            return sourceRows.size();
        }
    }

    private static byte[] csv(List<String> header, List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        try (CSVPrinter printer = new CSVPrinter(
                text, CSVFormat.DEFAULT.builder().setRecordSeparator("\n").get())) {
            printer.printRecord(header);
            for (List<String> row : rows) {
                printer.printRecord(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
