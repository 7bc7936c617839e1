package pipeline.cost;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import pipeline.dataset.Section;
import pipeline.dataset.Shown;
import pipeline.settings.ConfigurationException;

/**
 * What AWS charges, in one region and at one time. All amounts are exact.
 *
 * @param each the price of one unit, by its key
 */
public record Prices(String region, LocalDate date, String currency, Map<String, BigDecimal> each) {
    /** Where people edit prices, relative to the working directory; where it is not, those in the jar hold. */
    public static final Path FILE = Path.of("config", "prices.yaml");

    private static final String IN_THE_JAR = "/pipeline/prices.yaml";

    /** Every price there must be. */
    private static final List<String> KEYS = Arrays.stream(Charge.values())
            .map(Charge::price)
            .distinct()
            .sorted()
            .toList();

    public Prices {
        each = Map.copyOf(each);
    }

    /**
     * Reads a file of prices, or where there is none, the prices that come with the program.
     *
     * @throws ConfigurationException with one sentence about the first mistake found
     */
    public static Prices load(Path file) {
        if (!Files.exists(file)) {
            return shipped();
        }
        String name = file.toString().replace('\\', '/');
        try {
            return read(name, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new ConfigurationException(name + ": found a file that cannot be read, expected prices");
        }
    }

    /** The prices that come with the program. */
    public static Prices shipped() {
        try (InputStream in = Prices.class.getResourceAsStream(IN_THE_JAR)) {
            return read(IN_THE_JAR, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Prices read(String name, byte[] yaml) {
        List<String> all = new ArrayList<>(List.of("region", "date", "currency"));
        all.addAll(KEYS);
        Section file = Section.read(name, yaml, "prices").allow(all);
        String region = file.text("region", "the region that the prices are of, such as us-east-1");
        LocalDate date = date(file);
        String currency = currency(file);
        Map<String, BigDecimal> each = new HashMap<>();
        for (String key : KEYS) {
            each.put(key, price(file, key));
        }
        return new Prices(region, date, currency, each);
    }

    private static LocalDate date(Section file) {
        String text = file.text("date", "the day on which the prices were looked up, such as 2026-11-28");
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw file.mistake("date", Shown.quoted(text) + " as date", "a day such as 2026-11-28");
        }
    }

    /** What is said of costs begins with a dollar sign. */
    private static String currency(Section file) {
        String text = file.text("currency", "USD");
        if (!text.equals("USD")) {
            throw file.mistake("currency", Shown.quoted(text) + " as currency", "USD");
        }
        return text;
    }

    private static BigDecimal price(Section file, String key) {
        Section price = file.section(key)
                .orElseThrow(() -> file.lacks(key, "its price, the number of units that it is for and its source"))
                .allow(List.of("price", "per", "source"));
        price.text("source", "where the price is published");
        BigDecimal amount = number(price, "price", "a price such as 0.625");
        BigDecimal per = number(price, "per", "1, 1000, 100000 or another power of ten");
        if (per.signum() <= 0 || per.stripTrailingZeros().unscaledValue().intValue() != 1 || per.scale() > 0) {
            throw price.mistake(
                    "per", Shown.quoted(per.toPlainString()) + " as per", "1, 1000, 100000 or another power of ten");
        }
        return amount.divide(per);
    }

    private static BigDecimal number(Section price, String key, String expected) {
        String text = price.text(key, expected);
        if (!text.matches("\\d{1,12}(\\.\\d{1,12})?")) {
            throw price.mistake(key, Shown.quoted(text) + " as " + key, expected);
        }
        return new BigDecimal(text);
    }

    /** What so many units cost. */
    public BigDecimal of(Charge charge, double units) {
        return each.get(charge.price()).multiply(new BigDecimal(units));
    }

    /** What all that was used costs. */
    public BigDecimal of(Usage usage) {
        return sum(Arrays.stream(Charge.values()), usage);
    }

    /** What that costs of it which is of one kind. */
    public BigDecimal of(Usage usage, Kind kind) {
        return sum(Arrays.stream(Charge.values()).filter(charge -> charge.kind() == kind), usage);
    }

    private BigDecimal sum(Stream<Charge> charges, Usage usage) {
        return charges.map(charge -> of(charge, usage.of(charge))).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
