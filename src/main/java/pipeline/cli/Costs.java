package pipeline.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import pipeline.claim.Entry;
import pipeline.cost.Idle;
import pipeline.cost.Prices;
import pipeline.observe.Counters;

/** What files have cost, summed up by day and dataset. */
final class Costs {
    private static final List<String> TITLES =
            List.of("DAY", "DATASET", "FILES", "ROWS STORED", "WRITE UNITS", "COST", "PER 1,000 ROWS");
    private static final String ALL = "all";

    /** Of a sum that is not a decimal fraction so many digits are shown to programs. */
    private static final MathContext DIGITS = new MathContext(6);

    private final Map<Group, Sum> sums =
            new TreeMap<>(Comparator.comparing(Group::day).reversed().thenComparing(Group::dataset));
    private final Sum all = new Sum();
    private long withoutCost;

    private record Group(LocalDate day, String dataset) {}

    private static final class Sum {
        private long files;
        private long rows;
        private long writeUnits;
        private BigDecimal dollars = BigDecimal.ZERO;

        void add(Entry entry) {
            files++;
            rows += entry.rowsStored();
            writeUnits += entry.writeUnits();
            dollars = dollars.add(entry.cost().orElse(BigDecimal.ZERO));
        }

        Optional<BigDecimal> perThousandRows() {
            return rows == 0
                    ? Optional.empty()
                    : Optional.of(dollars.movePointRight(3).divide(BigDecimal.valueOf(rows), DIGITS));
        }

        List<String> cells(String day, String dataset) {
            return List.of(
                    day,
                    dataset,
                    grouped(files),
                    grouped(rows),
                    grouped(writeUnits),
                    Words.dollars(dollars),
                    perThousandRows().map(Words::dollars).orElse("-"));
        }

        Map<String, Object> json(Map<String, Object> view) {
            view.put("files", files);
            view.put("rows_stored", rows);
            view.put("write_units", writeUnits);
            view.put("dollars", dollars);
            perThousandRows().ifPresent(rate -> view.put("dollars_per_1000_rows", rate));
            return view;
        }
    }

    /** Adds a file that came to an end. */
    void add(Entry entry) {
        LocalDate day = LocalDate.ofInstant(entry.concludedAt().orElseThrow(), ZoneOffset.UTC);
        sums.computeIfAbsent(new Group(day, entry.dataset().orElse(Counters.NO_DATASET)), group -> new Sum())
                .add(entry);
        all.add(entry);
        if (entry.cost().isEmpty()) {
            withoutCost++;
        }
    }

    /** As a table, the latest day first, and what it costs that nothing comes. */
    List<String> lines(Idle idle, BigDecimal idleCost, Prices prices) {
        List<String> lines = new ArrayList<>();
        if (sums.isEmpty()) {
            lines.add("No files came to an end in that time.");
        } else {
            List<List<String>> cells = new ArrayList<>(List.of(TITLES));
            sums.forEach((group, sum) -> cells.add(sum.cells(group.day().toString(), group.dataset())));
            cells.add(all.cells(ALL, ""));
            lines.addAll(aligned(cells));
        }
        if (withoutCost > 0) {
            lines.add("%s without a cost in the ledger: the cost counts without them"
                    .formatted(Words.count(withoutCost, "file is", "files are")));
        }
        lines.add(
                "Each running process beside that, files or not: %s a day (%,d listings, %,d queries, %,d polls of the queue, %,d looks at how many wait)"
                        .formatted(
                                Words.dollars(idleCost), idle.listings(), idle.queries(), idle.polls(), idle.depths()));
        lines.add("Prices: %s, %s, %s".formatted(prices.region(), prices.date(), Prices.FILE));
        return lines;
    }

    /** The first two columns begin, the others end below each other. */
    private static List<String> aligned(List<List<String>> cells) {
        int[] widths = new int[TITLES.size()];
        cells.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        return cells.stream()
                .map(row -> {
                    StringBuilder line = new StringBuilder();
                    for (int i = 0; i < widths.length; i++) {
                        String format = "%" + (i < 2 ? "-" : "") + widths[i] + "s";
                        line.append(i == 0 ? "" : "  ").append(format.formatted(row.get(i)));
                    }
                    return line.toString();
                })
                .toList();
    }

    /** For {@code --json}. */
    Map<String, Object> json(Instant since, Idle idle, BigDecimal idleCost, Prices prices) {
        List<Map<String, Object>> days = new ArrayList<>();
        sums.forEach((group, sum) -> {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("day", group.day().toString());
            view.put("dataset", group.dataset());
            days.add(sum.json(view));
        });
        Map<String, Object> waiting = new LinkedHashMap<>();
        waiting.put("dollars", idleCost.stripTrailingZeros());
        waiting.put("listings", idle.listings());
        waiting.put("queries", idle.queries());
        waiting.put("polls", idle.polls());
        waiting.put("depths", idle.depths());
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("since", since.toString());
        view.put("days", days);
        view.put("all", all.json(new LinkedHashMap<>()));
        view.put("files_without_cost", withoutCost);
        view.put("each_process_a_day", waiting);
        view.put("region", prices.region());
        view.put("prices_of", prices.date().toString());
        return view;
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
