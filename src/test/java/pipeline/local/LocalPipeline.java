package pipeline.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import pipeline.aws.Provisioning;
import pipeline.aws.Services;
import pipeline.cli.Setup;
import pipeline.run.Pipeline;

/**
 * {@code mvn -Plocal}: the real pipeline beside local stand-ins for AWS, in one process. Drops {@code sample-data/}, says
 * what becomes of each file, and goes on watching a folder until it is stopped.
 */
final class LocalPipeline {
    private static final Path DATA = Path.of("target", "local");
    private static final Path DROP = DATA.resolve("raw-data");
    private static final Path SAMPLES = Path.of("sample-data");

    private LocalPipeline() {}

    public static void main(String[] arguments) {
        try {
            start();
        } catch (Throwable e) {
            // The stand-ins' threads would keep a process alive that can do nothing more.
            System.err.println(e.getMessage() == null ? e.toString() : e.getMessage());
            System.exit(2);
        }
    }

    private static void start() throws Exception {
        Configurator.setLevel("pipeline", Level.ERROR);
        emptyFolder(DATA.resolve("s3"));
        emptyFolder(DATA.resolve("outbox"));
        Files.createDirectories(DROP);
        long began = System.nanoTime();
        LocalAws aws = LocalAws.start(DATA);
        useOnly(aws);
        Setup setup = Setup.read(environment());
        new Provisioning(setup.clients(), setup.settings(), setup.datasets()).run();
        System.out.printf(
                "Local AWS ready in %.1f s (S3, SQS, SNS, DynamoDB on %s; data in %s)%n",
                (System.nanoTime() - began) / 1e9, aws.endpoint(), DATA);

        Services services = setup.services();
        Pipeline pipeline = new Pipeline(
                setup.settings(),
                setup.datasets(),
                setup.clients(),
                services,
                services.find(),
                Pipeline.Intake.LISTENING);
        Outcomes outcomes = new Outcomes(setup.settings().bucket(), DATA);
        pipeline.journal().listen(outcomes);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            pipeline.close();
            aws.close();
            Runtime.getRuntime().halt(0);
        }));
        pipeline.start();
        pipeline.camelContext().getPropertiesComponent().addInitialProperty("local.drop-folder", DROP.toString());
        Resource route =
                ResourceHelper.resolveResource(pipeline.camelContext(), "classpath:local/drop-folder.camel.yaml");
        PluginHelper.getRoutesLoader(pipeline.camelContext()).loadRoutes(route);

        List<Path> samples = samples();
        System.out.printf("Dropped %d sample files into %s%n%n", samples.size(), DROP);
        for (Path sample : samples) {
            drop(sample);
        }
        outcomes.await(samples.size());
        drop(SAMPLES.resolve("orders.csv"));
        outcomes.await(samples.size() + 1);
        int mails = aws.published().size();
        System.out.printf(
                "%s %d alert e-mails would have been sent (%s)%n%n", outcomes.mark("✉"), mails, DATA.resolve("outbox"));
        System.out.printf("Watching %s: copy a CSV there.   Stop: Ctrl-C%n", DROP);
        System.out.printf(
                "Filed copies and rejects: %s%n",
                DATA.resolve("s3").resolve(setup.settings().bucket()));
        if (pipeline.httpPort() > 0) {
            System.out.printf(
                    "Page: http://%s:%d/   Health and metrics: /observe/health, /observe/metrics%n",
                    setup.settings().httpHost(), pipeline.httpPort());
        }
        System.out.printf(
                "From another shell: AWS_ENDPOINT_URL=%s AWS_REGION=%s AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local%n%n",
                aws.endpoint(), aws.region());
        Thread.currentThread().join();
    }

    /** On one's own machine there are only one's own rows: they are shown, and files may be dropped on the page. */
    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putIfAbsent("PIPELINE_HTTP_SHOW_ROWS", "true");
        environment.putIfAbsent("PIPELINE_HTTP_UPLOAD", "true");
        return environment;
    }

    /** Whatever the environment says, a local run talks to nobody else. */
    private static void useOnly(LocalAws aws) {
        for (String service : List.of("", "S3", "DynamoDb", "Sqs", "Sns")) {
            System.setProperty("aws.endpointUrl" + service, aws.endpoint().toString());
        }
        System.setProperty("aws.accessKeyId", "local");
        System.setProperty("aws.secretAccessKey", "local");
        System.setProperty("aws.region", aws.region());
    }

    private static List<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return files.sorted().toList();
        }
    }

    private static void drop(Path sample) throws IOException {
        Files.copy(sample, DROP.resolve(sample.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void emptyFolder(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
