package pipeline.local;

import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.elasticmq.NodeAddress;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.elasticmq.util.NowProvider;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import scala.Option;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * S3, SQS, SNS and DynamoDB on one loopback port: {@code AWS_ENDPOINT_URL} set to {@link #endpoint()}, any credentials and
 * any region will do for every SDK client.
 *
 * <p>Objects are files under {@code s3/} of the data folder and survive a restart, tables, queues and topics do not.
 * Alerts arrive as text files in {@link #outbox()}. {@link #faults(FaultPlan)} makes calls fail.
 */
public final class LocalAws implements AutoCloseable {
    private static final String REGION = "us-east-1";
    private static final String ACCOUNT_ID = "000000000000";
    private static final String LOOPBACK = "127.0.0.1";

    static {
        // Read once, when the first server starts: small answers are not to wait for the peer's delayed
        // acknowledgement,
        // and clients may keep idle connections longer than 30 seconds.
        preset("sun.net.httpserver.nodelay", "true");
        preset("sun.net.httpserver.idleInterval", "3600");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(LocalAws::daemon);
    private final Path outbox;
    private final SnsStandIn sns;
    private final AtomicLong queueTime = new AtomicLong();
    private final Front front;

    /** What is running behind the front, each with what stops it. */
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    private LocalAws(Path data, int port) throws IOException {
        Path folder = data.toAbsolutePath().normalize();
        Path objects = Files.createDirectories(folder.resolve("s3"));
        outbox = Files.createDirectories(folder.resolve("outbox"));
        sns = new SnsStandIn(REGION, ACCOUNT_ID, outbox);
        server = listen(port);
        try {
            Future<Integer> s3 = threads.submit(() -> startS3(objects));
            Future<Integer> sqs = threads.submit(this::startSqs);
            Future<Integer> dynamodb = threads.submit(this::startDynamoDb);
            front = new Front(Map.of(
                    "s3",
                    new BucketSettings(new S3Conditions(upstream(s3))),
                    "sqs",
                    new QueueSettings(upstream(sqs)),
                    "dynamodb",
                    upstream(dynamodb),
                    "sns",
                    sns));
            server.createContext("/", front);
            server.setExecutor(threads);
            // The server's own thread inherits being a daemon from the one that starts it.
            threads.submit(server::start).get();
        } catch (InterruptedException | ExecutionException | RuntimeException e) {
            stop();
            throw new IOException("the local AWS cannot be started in " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Starts everything on a port that is free. */
    public static LocalAws start(Path data) throws IOException {
        return start(data, 0);
    }

    /** Starts everything on this port, 0 for any that is free. The data folder is created if it is missing. */
    public static LocalAws start(Path data, int port) throws IOException {
        return new LocalAws(data, port);
    }

    private static HttpServer listen(int port) throws IOException {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getByName(LOOPBACK), port), 500);
        } catch (BindException e) {
            throw new IOException(LOOPBACK + ":" + port + ": found it in use, expected a free port (0 takes any)", e);
        }
    }

    /** Returns the one URL of all four services. */
    public URI endpoint() {
        return URI.create("http://" + LOOPBACK + ":" + server.getAddress().getPort());
    }

    /** Returns the region that ARNs of topics and queues bear. */
    public String region() {
        return REGION;
    }

    /** Returns the folder of the e-mails that would have been sent: one text file each, {@code Subject:} line first. */
    public Path outbox() {
        return outbox;
    }

    /** Returns what topics have accepted since the start or {@link #clearPublished()}, in that order. */
    public List<PublishedMessage> published() {
        return sns.published();
    }

    /** Forgets what was published until now. The outbox stays. */
    public void clearPublished() {
        sns.clearPublished();
    }

    /** Makes calls fail as the plan says, from the next one on. */
    public void faults(FaultPlan plan) {
        front.faults(plan);
    }

    /** Refuses each call for which its caller, an access key id, has not all permissions; all have them at first. */
    public void policy(BiPredicate<String, Permission> allowed) {
        front.policy(allowed);
    }

    /** Cuts the connections of all calls that are hanging by {@link Fault#HANG}. */
    public void releaseHanging() {
        front.releaseHanging();
    }

    /** Puts the clock of the queues forward: a message that was hidden for no longer than that is in sight again. */
    public void queuesForward(Duration time) {
        queueTime.addAndGet(time.toMillis());
    }

    /** Begins with an empty list of calls, or ends and empties it. */
    public void recordCalls(boolean on) {
        front.recordCalls(on);
    }

    /** Returns the calls seen while recording, in the order of their arrival. */
    public List<Call> calls() {
        return front.calls();
    }

    /** Stops everything. Calls under way are cut. */
    @Override
    public void close() {
        front.releaseHanging();
        stop();
    }

    private void stop() {
        server.stop(0);
        List<AutoCloseable> stopping;
        synchronized (running) {
            stopping = new ArrayList<>(running);
            running.clear();
        }
        List<Callable<Void>> stops = new ArrayList<>();
        for (AutoCloseable stop : stopping) {
            stops.add(() -> {
                stop.close();
                return null;
            });
        }
        try {
            threads.invokeAll(stops, 5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }

    private int startS3(Path objects) throws Exception {
        // Anonymous: behind the front the request bears the signature of another host.
        S3Proxy s3 = S3Proxy.builder()
                .blobStore(new FinishedObjects(new FilesystemNio2BlobStore(objects.toString())))
                .endpoint(URI.create("http://" + LOOPBACK + ":0"))
                .ignoreUnknownHeaders(true)
                .stopTimeout(0)
                .build();
        s3.start();
        onStop(s3::stop);
        return s3.getPort();
    }

    private int startSqs() {
        var config = ConfigFactory.parseString(
                        "pekko { daemonic = on, loglevel = ERROR, stdout-loglevel = ERROR, log-dead-letters = off,"
                                + " coordinated-shutdown.run-by-jvm-shutdown-hook = off }")
                .withFallback(ConfigFactory.load(LocalAws.class.getClassLoader()));
        ActorSystem actors = ActorSystem.create("sqs", config, LocalAws.class.getClassLoader());
        onStop(() -> {
            actors.terminate();
            actors.getWhenTerminated().toCompletableFuture().get(5, TimeUnit.SECONDS);
        });
        var clock = new NowProvider() {
            @Override
            public long nowMillis() {
                return super.nowMillis() + queueTime.get();
            }

            @Override
            public OffsetDateTime now() {
                return super.now().plus(queueTime.get(), ChronoUnit.MILLIS);
            }
        };
        var queues = actors.actorOf(Props.create(
                QueueManagerActor.class,
                () -> new QueueManagerActor(clock, SQSRestServerBuilder.sqsLimits(), Option.empty())));
        return SQSRestServerBuilder.withActorSystem(actors)
                .withQueueManagerActor(queues)
                .withInterface(LOOPBACK)
                .withDynamicPort()
                .withServerAddress(
                        new NodeAddress("http", LOOPBACK, server.getAddress().getPort(), ""))
                .withAWSRegion(REGION)
                .withAWSAccountId(ACCOUNT_ID)
                .start()
                .waitUntilStarted()
                .localAddress()
                .getPort();
    }

    private int startDynamoDb() throws Exception {
        var tables = new LocalDynamoDBRequestHandler(0, true, null, true, false);
        var pool = new QueuedThreadPool();
        pool.setDaemon(true);
        Server jetty = new Server(pool);
        var connector = new ServerConnector(jetty, 1, 1);
        connector.setHost(LOOPBACK);
        connector.setPort(0);
        jetty.addConnector(connector);
        jetty.setHandler(new LocalDynamoDBServerHandler(tables, null));
        jetty.setStopTimeout(0);
        jetty.start();
        onStop(() -> {
            jetty.stop();
            tables.shutdown();
        });
        return connector.getLocalPort();
    }

    private Upstream upstream(Future<Integer> port) throws ExecutionException, InterruptedException {
        Upstream upstream = new Upstream(port.get());
        onStop(upstream);
        return upstream;
    }

    private void onStop(AutoCloseable stop) {
        synchronized (running) {
            running.push(stop);
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "local-aws");
        thread.setDaemon(true);
        return thread;
    }

    private static void preset(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** {@code LocalAws <data-folder> [port]}: prints {@code AWS_ENDPOINT_URL=...} and runs until killed. */
    public static void main(String[] args) {
        // The stand-ins' own threads would keep a failed process alive: every way out is an exit.
        try {
            if (args.length < 1 || args.length > 2) {
                throw new IllegalArgumentException("usage: LocalAws <data-folder> [port]");
            }
            LocalAws aws = start(Path.of(args[0]), args.length == 2 ? Integer.parseInt(args[1]) : 0);
            Runtime.getRuntime().addShutdownHook(new Thread(aws::close));
            System.out.println("AWS_ENDPOINT_URL=" + aws.endpoint());
            System.out.flush();
            new CountDownLatch(1).await();
        } catch (Throwable e) {
            System.err.println(e.getMessage() == null ? e : e.getMessage());
            System.exit(2);
        }
    }
}
