package pipeline.rubbish;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import pipeline.dataset.Dialect;

/**
 * Files as people drop them: mostly the CSV of a dataset, with everything in it that goes wrong in life. Small ones first,
 * so that a failure shrinks to something to read.
 */
final class NearlyCsv {
    /** No record of a generated file is longer, unless it is meant to be. */
    static final int MAX_RECORD = 4096;

    private static final Dialect SHIPPED = new Dialect(StandardCharsets.UTF_8, ',', '"');

    /** Beside the shipped datasets: what their dialect and types leave out. */
    static final String LEGACY = """
            name: legacy
            table: Legacy
            key: nr
            encoding: ISO-8859-1
            dialect: {delimiter: ";", quoteChar: "'"}
            schema:
              fields:
                - {name: nr, constraints: {required: true}}
                - {name: betrag, type: number, decimalChar: ",", groupChar: "."}
                - {name: tag, type: date, format: "%d.%m.%Y"}
                - {name: ok, type: boolean}
                - {name: kurz, constraints: {maxLength: 5, pattern: "[A-Z]([a-z]|[0-9])*"}}
            derived: {doppelt: betrag * 2}
            """;

    private static final Dialect LEGACYS = new Dialect(StandardCharsets.ISO_8859_1, ';', '\'');

    private record Kind(Dialect dialect, List<String> required, List<String> optional) {}

    private static final Kind ORDERS = new Kind(
            SHIPPED,
            List.of("order_id", "customer_name", "product_name", "quantity", "unit_price"),
            List.of("email", "order_date", "total_amount", "processing_status", "note", "Ünïcode 注文", "=1+1", "'-x"));
    private static final Kind SALES = new Kind(
            SHIPPED,
            List.of("transaction_id", "store_id", "product_sku", "quantity", "price", "total", "timestamp"),
            List.of("discount", "payment_method", "-extra"));
    private static final Kind SENSORS = new Kind(
            SHIPPED,
            List.of("sensor_id", "timestamp", "status"),
            List.of("temperature", "humidity", "pressure", "battery_level", "@unit"));
    private static final Kind RETURNED = new Kind(
            SHIPPED,
            List.of(
                    "order_id",
                    "customer_name",
                    "product_name",
                    "quantity",
                    "unit_price",
                    "_source",
                    "_line",
                    "_errors"),
            List.of("note"));
    private static final Kind OLD =
            new Kind(LEGACYS, List.of("nr"), List.of("betrag", "tag", "ok", "kurz", "doppelt", "mehr"));

    private NearlyCsv() {}

    /** Any bytes at all; some begin as a dataset's header does. */
    static Arbitrary<byte[]> anyBytes() {
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(600);
        Arbitrary<byte[]> rows = bytes.map(
                rest -> joined((String.join(",", ORDERS.required()) + "\n").getBytes(StandardCharsets.UTF_8), rest));
        Arbitrary<byte[]> ascii = Arbitraries.strings()
                .withChars("a1,;\"'\r\n\t =-@.\0é")
                .ofMaxLength(300)
                .map(text -> joined(
                        (String.join(",", SENSORS.required()) + "\n").getBytes(StandardCharsets.UTF_8),
                        text.getBytes(StandardCharsets.UTF_8)));
        return Arbitraries.frequencyOf(Tuple.of(2, bytes), Tuple.of(1, rows), Tuple.of(2, ascii));
    }

    /** Nearly right files of every kind. */
    static Arbitrary<byte[]> files() {
        return Arbitraries.frequency(
                        Tuple.of(4, ORDERS),
                        Tuple.of(2, SALES),
                        Tuple.of(3, SENSORS),
                        Tuple.of(2, RETURNED),
                        Tuple.of(3, OLD))
                .flatMap(kind -> header(kind).flatMap(header -> file(kind.dialect(), header)));
    }

    private static Arbitrary<List<String>> header(Kind kind) {
        Arbitrary<List<String>> some =
                Arbitraries.of(kind.optional()).list().uniqueElements().ofMaxSize(3);
        Arbitrary<List<String>> all = some.map(more -> {
            List<String> names = new ArrayList<>(kind.required());
            names.addAll(more);
            return names;
        });
        Arbitrary<List<String>> shuffled = all.flatMap(Arbitraries::shuffle);
        Arbitrary<List<String>> spelt = shuffled.map(names -> names.stream()
                .map(name -> " " + name.toUpperCase().replace('_', ' '))
                .toList());
        Arbitrary<List<String>> wrong = Combinators.combine(shuffled, cell()).as((names, odd) -> {
            List<String> odder = new ArrayList<>(names);
            odder.add(odd);
            return odder;
        });
        Arbitrary<List<String>> without = shuffled.map(names -> names.subList(1, names.size()));
        return Arbitraries.frequencyOf(
                Tuple.of(10, all), Tuple.of(5, shuffled), Tuple.of(2, spelt), Tuple.of(3, wrong), Tuple.of(1, without));
    }

    private static Arbitrary<byte[]> file(Dialect dialect, List<String> header) {
        Arbitrary<List<List<String>>> rows = row(header)
                .list()
                .withSizeDistribution(RandomDistribution.uniform())
                .ofMaxSize(9);
        Arbitrary<List<String>> ends = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(List.of("\n"))),
                Tuple.of(3, Arbitraries.just(List.of("\r\n"))),
                Tuple.of(1, Arbitraries.just(List.of("\r"))),
                Tuple.of(
                        2,
                        Arbitraries.of("\n", "\r\n", "\r", "\n\n", "\r\r\n", "\n \n")
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(5)));
        Arbitrary<Quoting> quoting = Arbitraries.frequency(
                Tuple.of(6, Quoting.WHERE_NEEDED), Tuple.of(3, Quoting.ALWAYS), Tuple.of(1, Quoting.NEVER));
        Arbitrary<Integer> mark = Arbitraries.frequency(Tuple.of(6, 0), Tuple.of(2, 1), Tuple.of(1, 2));
        Arbitrary<Boolean> lastEnd = Arbitraries.of(true, false);
        return Combinators.combine(rows, ends, quoting, mark, lastEnd, damages())
                .as((all, eol, style, marks, end, damages) -> {
                    List<List<String>> records = new ArrayList<>();
                    records.add(header);
                    records.addAll(all);
                    byte[] bytes = bytes(dialect, records, eol, style, marks, end);
                    for (Damage damage : damages) {
                        bytes = damage.to(bytes);
                    }
                    return bytes;
                });
    }

    private static Arbitrary<List<String>> row(List<String> header) {
        Arbitrary<List<String>> good = Combinators.combine(
                        header.stream().map(NearlyCsv::good).toList())
                .as(cells -> cells);
        Arbitrary<List<String>> mixed = Combinators.combine(header.stream()
                        .map(name -> Arbitraries.frequencyOf(Tuple.of(7, good(name)), Tuple.of(1, cell())))
                        .toList())
                .as(cells -> cells);
        Arbitrary<List<String>> any = cell().list().ofMinSize(1).ofMaxSize(header.size() + 3);
        return Arbitraries.frequencyOf(Tuple.of(9, good), Tuple.of(6, mixed), Tuple.of(1, any));
    }

    /** What the column asks for. */
    private static Arbitrary<String> good(String name) {
        return switch (name.strip().toLowerCase().replace(' ', '_')) {
            case "quantity" -> Arbitraries.of("1", "3", " 12 ", "+7", "0003");
            case "price", "unit_price" -> Arbitraries.of("1", "0.5", "29.99", "1e2", "-0", "1.50000");
            case "total" -> Arbitraries.of("1", "3", "29.99", "87", "0.5", "12");
            case "timestamp" -> Arbitraries.of("2026-11-23T14:30:15Z", "2026-11-23 14:30", "2026-02-28T00:00:00+01:00");
            case "order_date" -> Arbitraries.of("2026-11-23", "2024-02-29", "");
            case "email" -> Arbitraries.of("ana@example.com", "");
            case "temperature", "humidity", "battery_level", "discount" -> Arbitraries.of("", "0", "21.5", " 99");
            case "pressure" -> Arbitraries.of("", "1013.25", "1e5");
            case "total_amount", "doppelt" -> Arbitraries.of("", "", "2", "29.99");
            case "betrag" -> Arbitraries.of("1,5", "1.234,50", "-3", "");
            case "tag" -> Arbitraries.of("23.11.2026", "1.2.2026", "");
            case "ok" -> Arbitraries.of("true", "false", "");
            case "kurz" -> Arbitraries.of("Abc", "A1", "");
            case "_source" -> Arbitraries.of("a.csv@0123", "", " x@", "'=b.csv@4", "@", "no source");
            case "_line" -> Arbitraries.of("2", "", "-1", "99999999999999");
            default ->
                Arbitraries.of(
                        "A1",
                        "Nora Vance",
                        "é注文 😀",
                        "O'Hara",
                        "two\nlines",
                        "say \"hi\", twice; or not",
                        "-5",
                        "'quoted'");
        };
    }

    /** Any cell. */
    static Arbitrary<String> cell() {
        return Arbitraries.frequencyOf(
                Tuple.of(
                        3,
                        Arbitraries.strings()
                                .withChars("ab ,;\"'\r\n\t=+-@0123456789.eE\u00A0é§\uFEFF\uFFFF\u2028")
                                .ofMaxLength(12)
                                .map(text -> text.replace("§", "😀"))),
                Tuple.of(2, Arbitraries.strings().ofMaxLength(6).map(NearlyCsv::withoutSurrogates)),
                Tuple.of(
                        3,
                        Arbitraries.of(
                                "",
                                " ",
                                "NaN",
                                "Infinity",
                                "1e400",
                                "1E-131",
                                "0x1F",
                                "1_000",
                                "1,000.5",
                                "--1",
                                ".",
                                "1.",
                                ".5",
                                "+",
                                "1e99999",
                                "1e-99999",
                                "0e99999",
                                "9".repeat(38),
                                "9".repeat(39),
                                "1" + "0".repeat(125),
                                "0." + "0".repeat(129) + "1",
                                "١٢",
                                "−5",
                                "1 000",
                                "2026-02-30",
                                "0000-00-00",
                                "24:00",
                                "9999-12-31T23:59:60Z",
                                "=cmd|' /C calc'!A0",
                                "'=1+1",
                                "@SUM(A1)",
                                "\t=1",
                                "\r=1",
                                "''",
                                "-",
                                "NULL",
                                "null")),
                Tuple.of(1, Arbitraries.integers().between(1, MAX_RECORD / 2).map("x"::repeat)),
                Tuple.of(1, Arbitraries.integers().between(1, 1000).map("\""::repeat)));
    }

    /** No decoder gives half a pair. */
    private static String withoutSurrogates(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private enum Quoting {
        WHERE_NEEDED,
        ALWAYS,
        NEVER
    }

    private static byte[] bytes(
            Dialect dialect,
            List<List<String>> records,
            List<String> ends,
            Quoting quoting,
            int marks,
            boolean lastEnd) {
        StringBuilder text = new StringBuilder("\uFEFF".repeat(marks));
        for (int i = 0; i < records.size(); i++) {
            List<String> record = records.get(i);
            for (int j = 0; j < record.size(); j++) {
                text.append(j == 0 ? "" : dialect.delimiter()).append(quoted(record.get(j), dialect, quoting));
            }
            if (lastEnd || i < records.size() - 1) {
                text.append(ends.get(i % ends.size()));
            }
        }
        return text.toString().getBytes(dialect.charset());
    }

    private static String quoted(String cell, Dialect dialect, Quoting quoting) {
        String quote = String.valueOf(dialect.quote());
        boolean needed = cell.contains(quote)
                || cell.indexOf(dialect.delimiter()) >= 0
                || cell.indexOf('\n') >= 0
                || cell.indexOf('\r') >= 0;
        return quoting == Quoting.ALWAYS || quoting == Quoting.WHERE_NEEDED && needed
                ? quote + cell.replace(quote, quote + quote) + quote
                : cell;
    }

    /** Cells as a file with every one of them quoted. */
    static byte[] quoted(Dialect dialect, List<List<String>> records) {
        return bytes(dialect, records, List.of("\r\n"), Quoting.ALWAYS, 0, true);
    }

    /** Something that happens to a file on its way. */
    private record Damage(int at, int lost, byte[] put) {
        byte[] to(byte[] file) {
            int from = file.length == 0 ? 0 : at % file.length;
            int to = Math.min(file.length, from + lost);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(file, 0, from);
            out.writeBytes(put);
            out.write(file, to, file.length - to);
            return out.toByteArray();
        }

        @Override
        public String toString() {
            return "at " + at + " lose " + lost + " put " + new String(put, StandardCharsets.ISO_8859_1);
        }
    }

    private static Arbitrary<List<Damage>> damages() {
        Charset latin1 = StandardCharsets.ISO_8859_1;
        Arbitrary<byte[]> put = Arbitraries.of(
                        "",
                        "\"",
                        ",",
                        "\r",
                        "\n",
                        "\0",
                        "\u00FF",
                        "\u00C3",
                        "\u00ED\u00A0\u0080",
                        "\u00EF\u00BB\u00BF",
                        "\u00F0\u009F\u0098\u0080",
                        "';")
                .map(text -> text.getBytes(latin1));
        Arbitrary<Damage> damage = Combinators.combine(
                        Arbitraries.integers().between(0, 5000),
                        Arbitraries.integers().between(0, 3),
                        put)
                .as(Damage::new);
        return Arbitraries.frequencyOf(
                Tuple.of(7, Arbitraries.just(List.of())),
                Tuple.of(3, damage.list().ofMinSize(1).ofMaxSize(3)));
    }

    private static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }
}
