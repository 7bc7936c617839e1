package pipeline.cli;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import pipeline.claim.Entry;
import pipeline.claim.Ledger;
import pipeline.cost.Idle;
import pipeline.cost.Prices;

/** {@code costs}: what files have cost, by day and dataset, and what it costs that nothing comes. */
@CommandLine.Command(
        name = "costs",
        description = {
            "Say what files have cost, by day (UTC) and dataset, as the ledger has it, and",
            "what a process costs that waits. Without --since: today and six days before."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  costs --since 2h",
            "  costs --since 2026-11-23 --json",
            "",
            "What is in a cost, what is not, and how to lower it: docs/costs.md."
        })
public final class CostsCommand extends FailuresCommand.Verb {
    private static final int DAYS = 7;

    @CommandLine.Option(
            names = "--since",
            paramLabel = "TIME",
            converter = FailureFilter.Since.class,
            description = "Only files that came to an end since then: an instant (2026-11-23T09:00:00Z), a date"
                    + " (2026-11-23, UTC) or so long ago (90m, 2h, 3d).")
    private Instant since;

    @Override
    int run(LedgerAccess access) {
        Prices prices = Prices.load(Prices.FILE);
        LocalDate today = LocalDate.now(Clock.systemUTC());
        Instant from = Optional.ofNullable(since)
                .orElseGet(() ->
                        today.minusDays(DAYS - 1L).atStartOfDay(ZoneOffset.UTC).toInstant());
        Costs costs = new Costs();
        concluded(access.ledger(), from, today).forEach(costs::add);
        Idle idle = Idle.aDay(access.settings());
        BigDecimal idleCost = idle.cost(prices);
        if (asJson()) {
            out().println(Json.line(costs.json(from, idle, idleCost, prices)));
        } else {
            costs.lines(idle, idleCost, prices).forEach(out()::println);
        }
        return 0;
    }

    /** What came to an end since then, a query a day and part of the index; nothing scans. */
    private static Stream<Entry> concluded(Ledger ledger, Instant from, LocalDate today) {
        LocalDate first = LocalDate.ofInstant(from, ZoneOffset.UTC);
        // A day more, for a process whose clock is ahead of ours.
        return first.isAfter(today)
                ? Stream.empty()
                : first.datesUntil(LocalDate.ofInstant(Instant.now().plus(Duration.ofMinutes(15)), ZoneOffset.UTC)
                                .plusDays(1))
                        .flatMap(day -> ledger.concludedOn(day, from));
    }
}
