package pipeline.dataset;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Optional;
import pipeline.dataset.Cell.Unfit;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * Types date, time and datetime. The table gets the cell's own text without blanks around it; bounds and expressions
 * compare the moment it means, a datetime without offset being taken as UTC.
 */
final class TemporalType implements FieldType {
    enum Kind {
        DATE("a date", "2026-11-23"),
        TIME("a time", "14:30:15"),
        DATETIME("a date and time", "2026-11-23T14:30:15Z");

        private final String phrase;
        private final String isoExample;

        Kind(String phrase, String isoExample) {
            this.phrase = phrase;
            this.isoExample = isoExample;
        }
    }

    private static final DateTimeFormatter ISO_DATE = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR, 4)
            .appendLiteral('-')
            .appendValue(ChronoField.MONTH_OF_YEAR, 2)
            .appendLiteral('-')
            .appendValue(ChronoField.DAY_OF_MONTH, 2)
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);
    // RFC 3339 lets a blank stand for the T; spreadsheets and databases write it so.
    private static final DateTimeFormatter ISO_DATETIME = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(ISO_DATE)
            .appendPattern("['T'][' ']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);

    private final Kind kind;
    private final DateTimeFormatter formatter;
    private final Optional<Comparable<?>> minimum;
    private final Optional<Comparable<?>> maximum;
    private final String expectation;
    private final Unfit unfit;
    private final Unfit unreadable;

    /** Bounds are texts in the field's own format. */
    TemporalType(Kind kind, Optional<Strptime> format, Optional<String> minimum, Optional<String> maximum) {
        this.kind = kind;
        this.formatter = format.map(Strptime::formatter).orElse(iso(kind));
        this.minimum = minimum.flatMap(this::moment);
        this.maximum = maximum.flatMap(this::moment);
        String example =
                kind.phrase + " such as " + format.map(Strptime::example).orElse(kind.isoExample);
        this.expectation = example
                + minimum.map(text -> ", not before " + text).orElse("")
                + maximum.map(text -> ", not after " + text).orElse("");
        this.unfit = new Unfit(expectation);
        this.unreadable = new Unfit(example);
    }

    private static DateTimeFormatter iso(Kind kind) {
        return switch (kind) {
            case DATE -> ISO_DATE;
            case TIME -> DateTimeFormatter.ISO_LOCAL_TIME;
            case DATETIME -> ISO_DATETIME;
        };
    }

    @Override
    public Cell read(String cell) {
        String text = Blank.strip(cell);
        return moment(text)
                .<Cell>map(moment -> within(moment)
                        ? new Cell.Value(
                                moment, AttributeValue.builder().s(text).build())
                        : unfit)
                .orElse(unreadable);
    }

    private Optional<Comparable<?>> moment(String text) {
        if (formatter == ISO_DATETIME && !separated(text)) {
            return Optional.empty();
        }
        try {
            TemporalAccessor parsed = formatter.parse(text);
            return Optional.of(
                    switch (kind) {
                        case DATE -> LocalDate.from(parsed);
                        case TIME -> LocalTime.from(parsed);
                        case DATETIME -> instant(parsed);
                    });
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    // The formatter alone would also take no separator, or both.
    private static boolean separated(String text) {
        return text.length() > 11 && !Character.isDigit(text.charAt(10)) && Character.isDigit(text.charAt(11));
    }

    private static Instant instant(TemporalAccessor parsed) {
        ZoneId zone = parsed.query(TemporalQueries.zone());
        return LocalDateTime.from(parsed)
                .atZone(zone == null ? ZoneOffset.UTC : zone)
                .toInstant();
    }

    private boolean within(Comparable<?> moment) {
        return (minimum.isEmpty() || compare(moment, minimum.get()) >= 0)
                && (maximum.isEmpty() || compare(moment, maximum.get()) <= 0);
    }

    @SuppressWarnings("unchecked") // both were read by this very type
    private static int compare(Comparable<?> moment, Comparable<?> bound) {
        return ((Comparable<Object>) moment).compareTo(bound);
    }

    @Override
    public String expectation() {
        return expectation;
    }

    @Override
    public ScalarAttributeType keyType() {
        return ScalarAttributeType.S;
    }

    @Override
    public Object sample() {
        return switch (kind) {
            case DATE -> LocalDate.EPOCH;
            case TIME -> LocalTime.NOON;
            case DATETIME -> Instant.EPOCH;
        };
    }
}
