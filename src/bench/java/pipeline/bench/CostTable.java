package pipeline.bench;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import pipeline.aws.Clients;
import pipeline.aws.Provisioning;
import pipeline.aws.Services;
import pipeline.claim.Entry;
import pipeline.cost.Charge;
import pipeline.cost.Metering;
import pipeline.cost.Prices;
import pipeline.cost.Usage;
import pipeline.dataset.Dataset;
import pipeline.dataset.Datasets;
import pipeline.local.LocalAws;
import pipeline.observe.Journal;
import pipeline.run.Pipeline;
import pipeline.settings.Settings;

/**
 * Stores files of orders and prints what each has used and cost, as the table of {@code docs/costs.md}. A file of up to
 * 100,000 rows goes to the local stand-ins, whose DynamoDB charges as AWS's does; a larger one to a {@link Sink}, which
 * charges a unit for each row and write of an entry or index.
 */
public final class CostTable {
    private static final Path WORK = Path.of("target", "costs").toAbsolutePath();
    private static final int ROWS_OF_A_TABLE_IN_MEMORY = 100_000;
    private static final String BUCKET = "bench";

    private final Prices prices = Prices.load(Prices.FILE);

    private CostTable() {}

    /** What one file has used. */
    private record Used(long rows, Map<String, Long> requests, Usage usage, Entry entry) {}

    /** {@code CostTable ROWS...}: the rows of each file. */
    public static void main(String[] arguments) throws Exception {
        System.setProperty("aws.region", "us-east-1");
        System.setProperty("aws.accessKeyId", "costs");
        System.setProperty("aws.secretAccessKey", "costs");
        CostTable table = new CostTable();
        List<Used> files = new ArrayList<>();
        for (String rows : arguments) {
            files.add(table.store(Long.parseLong(rows)));
        }
        table.print(files);
        // The stand-ins' own threads would keep the process alive.
        System.exit(0);
    }

    private Used store(long rows) throws Exception {
        Path file = WORK.resolve("orders-" + rows + ".csv");
        Orders.write(file, 0, rows, 0, 9);
        if (rows > ROWS_OF_A_TABLE_IN_MEMORY) {
            try (Sink sink = new Sink()) {
                String endpoint = "http://127.0.0.1:" + sink.port();
                System.setProperty("aws.endpointUrl", endpoint);
                ask("POST", endpoint + "/-/reset?latency=0&units=0");
                ask("PUT", endpoint + "/-/objects/raw-data/orders.csv?file=" + file);
                return work(rows);
            }
        }
        try (LocalAws aws = LocalAws.start(Files.createTempDirectory(WORK, "aws"))) {
            System.setProperty("aws.endpointUrl", aws.endpoint().toString());
            Settings settings = settings();
            try (Clients clients = new Clients(settings)) {
                new Provisioning(clients, settings, Datasets.load(Pipeline.DATASETS)).run();
                clients.s3().putObject(request -> request.bucket(BUCKET).key("raw-data/orders.csv"), file);
            }
            return work(rows);
        }
    }

    private static void ask(String method, String uri) throws IOException, InterruptedException {
        HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(uri))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
    }

    private static Settings settings() {
        return Settings.load(
                Path.of("no-such-file"),
                Map.of(
                        "PIPELINE_BUCKET", BUCKET,
                        "PIPELINE_INTAKE", "poll",
                        "PIPELINE_CONDITIONAL_WRITES", "true"));
    }

    private Used work(long rows) throws InterruptedException {
        Settings settings = settings();
        Datasets datasets = Datasets.load(Pipeline.DATASETS);
        try (Clients clients = new Clients(settings)) {
            List<String> tables =
                    datasets.all().stream().map(Dataset::table).distinct().toList();
            Services services = new Services(clients, settings, tables);
            List<Entry> ended = new ArrayList<>();
            try (Pipeline pipeline =
                    new Pipeline(settings, datasets, clients, services, services.find(), Pipeline.Intake.ON_DEMAND)) {
                pipeline.journal().listen(event -> {
                    if (event instanceof Journal.Event.Concluded concluded) {
                        ended.add(concluded.entry());
                    }
                });
                pipeline.start();
                Map<String, Long> before = requests(clients.metering());
                double[] usedBefore = units(clients.metering().total());
                while (pipeline.workOff()) {
                    Thread.onSpinWait();
                }
                Map<String, Long> made = requests(clients.metering());
                made.replaceAll((name, count) -> count - before.getOrDefault(name, 0L));
                made.values().removeIf(count -> count == 0);
                Usage usage = new Usage();
                for (Charge charge : Charge.values()) {
                    usage.add(charge, clients.metering().total().of(charge) - usedBefore[charge.ordinal()]);
                }
                if (ended.size() != 1 || ended.get(0).rowsStored() != rows) {
                    throw new IllegalStateException(
                            "found " + ended + ", expected one file of " + rows + " rows stored");
                }
                return new Used(rows, made, usage, ended.get(0));
            }
        }
    }

    private static double[] units(Usage usage) {
        double[] units = new double[Charge.values().length];
        for (Charge charge : Charge.values()) {
            units[charge.ordinal()] = usage.of(charge);
        }
        return units;
    }

    private static Map<String, Long> requests(Metering metering) {
        Map<String, Long> requests = new TreeMap<>();
        metering.watch(
                (request, count) -> requests.put(request.service().text() + ":" + request.operation(), count.sum()));
        return requests;
    }

    private void print(List<Used> files) {
        for (Used file : files) {
            System.out.println(file.rows() + " rows: " + file.requests());
        }
        line("what", files, file -> grouped(file.rows()) + " rows");
        line("---", files, file -> "---");
        line("rows", files, file -> money(file, Charge.ROW_WRITE_UNITS));
        line("ledger, table", files, file -> money(file, Charge.LEDGER_WRITE_UNITS));
        line("ledger, indexes", files, file -> money(file, Charge.LEDGER_INDEX_WRITE_UNITS));
        line(
                "S3 copies and uploads",
                files,
                file -> money(Charge.S3_PUTS, file.usage().of(Charge.S3_PUTS) - listings(file)));
        line("S3 reads", files, file -> money(file, Charge.S3_GETS));
        line("SQS, SNS", files, file -> money(Charge.SQS_REQUESTS, 0));
        line(
                "in its ledger entry",
                files,
                file -> "$" + shown(file.entry().cost().orElseThrow()));
        line(
                "for 1,000 rows",
                files,
                file -> "$"
                        + shown(file.entry()
                                .cost()
                                .orElseThrow()
                                .movePointRight(3)
                                .divide(BigDecimal.valueOf(file.rows()), MathContext.DECIMAL64)));
    }

    /** Made whether or not there are files. */
    private static long listings(Used file) {
        return file.requests().getOrDefault("s3:ListObjects", 0L)
                + file.requests().getOrDefault("s3:ListObjectsV2", 0L);
    }

    private interface Cell {
        String of(Used file);
    }

    private static void line(String title, List<Used> files, Cell cell) {
        StringJoiner line = new StringJoiner(" | ", "| ", " |").add(title);
        files.forEach(file -> line.add(cell.of(file)));
        System.out.println(line);
    }

    private String money(Used file, Charge charge) {
        return money(charge, file.usage().of(charge));
    }

    private String money(Charge charge, double units) {
        return "%s = $%s".formatted(grouped(Math.round(units)), shown(prices.of(charge, units)));
    }

    private static String shown(BigDecimal dollars) {
        return dollars.signum() == 0
                ? "0"
                : dollars.round(new MathContext(4)).stripTrailingZeros().toPlainString();
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
