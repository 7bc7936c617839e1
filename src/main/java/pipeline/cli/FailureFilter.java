package pipeline.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.dataset.Shown;
import pipeline.explain.EntryFacts;

/** {@code --status}, {@code --dataset} and {@code --since}: which failures are meant. Without any of them, all. */
final class FailureFilter {
    @CommandLine.Option(
            names = "--status",
            paramLabel = "refused|failed",
            converter = FailureStatus.class,
            description = "Only files with this status.")
    private Status status;

    @CommandLine.Option(
            names = "--dataset",
            paramLabel = "NAME",
            description = "Only files of this dataset; one whose header fits none has none.")
    private String dataset;

    @CommandLine.Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Since.class,
            description = "Only what was refused or failed since then: an instant (2026-11-23T09:00:00Z), a date"
                    + " (2026-11-23, UTC) or so long ago (90m, 2h, 3d).")
    private Instant since;

    /** Whether anything is asked for. */
    boolean narrows() {
        return status != null || dataset != null || since != null;
    }

    /** The entries that are meant, in their order. */
    List<Entry> of(List<Entry> failures) {
        return failures.stream().filter(this::admits).toList();
    }

    private boolean admits(Entry entry) {
        return (status == null || entry.status() == status)
                && (dataset == null || entry.dataset().filter(dataset::equals).isPresent())
                && (since == null || !EntryFacts.since(entry).isBefore(since));
    }

    /** What is said where no failure is meant. */
    String none(int failures) {
        return failures == 0
                ? "No failures."
                : "No such failures; without --status, --dataset and --since there %s %s."
                        .formatted(failures == 1 ? "is" : "are", Words.count(failures, "failure"));
    }

    /** The two that a person can do something about. */
    static final class FailureStatus implements CommandLine.ITypeConverter<Status> {
        @Override
        public Status convert(String text) {
            return switch (text) {
                case "refused" -> Status.REFUSED;
                case "failed" -> Status.FAILED;
                default -> throw misused(text, "refused or failed");
            };
        }
    }

    /** A point in time in any of the ways in which people say one. */
    static final class Since implements CommandLine.ITypeConverter<Instant> {
        private static final Pattern AGO = Pattern.compile("(\\d{1,6})(s|m|min|h|d)");
        private static final Map<String, Duration> UNITS = Map.of(
                "s", Duration.ofSeconds(1),
                "m", Duration.ofMinutes(1),
                "min", Duration.ofMinutes(1),
                "h", Duration.ofHours(1),
                "d", Duration.ofDays(1));

        @Override
        public Instant convert(String text) {
            Matcher ago = AGO.matcher(text);
            if (ago.matches()) {
                return Instant.now().minus(UNITS.get(ago.group(2)).multipliedBy(Long.parseLong(ago.group(1))));
            }
            try {
                return text.contains("T")
                        ? OffsetDateTime.parse(text).toInstant()
                        : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            } catch (DateTimeException e) {
                throw misused(
                        text,
                        "an instant such as 2026-11-23T09:00:00Z, a date such as 2026-11-23 or a duration such as 2h or 3d");
            }
        }
    }

    private static CommandLine.TypeConversionException misused(String found, String expected) {
        return new CommandLine.TypeConversionException(
                "found %s, expected %s".formatted(Shown.quoted(found), expected));
    }
}
