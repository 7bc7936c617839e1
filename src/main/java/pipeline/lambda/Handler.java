package pipeline.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.aws.Services;
import pipeline.cli.Setup;
import pipeline.run.Pipeline;
import pipeline.settings.ConfigurationException;

/**
 * What AWS Lambda calls: with messages of the intake queue ("Using Lambda with Amazon SQS" in its developer guide, partial
 * batch responses switched on), or with {@code {"sweep": true}} by a schedule.
 *
 * <p>The routes are started when it is made, before the first call, so that a snapshot (SnapStart) has them running. Nothing
 * that must be unique is made before a call: leases, their owners and outages all begin in one. Between calls the process
 * stands still, so at the end of each nothing is in hand: what is not done by then is handed back, its attempt unspent.
 */
public final class Handler implements RequestStreamHandler {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Pipeline pipeline;
    private final Duration lease;
    private final ExecutorService workers;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(daemons("out-of-time"));

    /** Starts the pipeline of the working directory: where this is called by Lambda, the root of the zip. */
    public Handler() throws InterruptedException {
        this(settingsOf());
    }

    private static Setup settingsOf() {
        Setup.beforeLogging("SYSTEM_OUT");
        return Setup.read();
    }

    private Handler(Setup setup) throws InterruptedException {
        this(
                started(setup),
                Duration.ofSeconds(setup.settings().leaseSeconds()),
                setup.settings().filesAtOnce());
    }

    /** @param pipeline started, with {@link Pipeline.Intake#BY_INVOCATION} */
    public Handler(Pipeline pipeline, Duration lease, int messagesAtOnce) {
        this.pipeline = pipeline;
        this.lease = lease;
        workers = Executors.newFixedThreadPool(messagesAtOnce, daemons("message"));
    }

    private static Pipeline started(Setup setup) throws InterruptedException {
        Services services = setup.services();
        Services.Addresses addresses = setup.find(
                        services, Optional.of(setup.settings().outagePatience()))
                .orElseThrow(() -> new IllegalStateException("AWS does not answer; every file is where it was"));
        Pipeline pipeline = new Pipeline(
                setup.settings(),
                setup.datasets(),
                setup.clients(),
                services,
                addresses,
                Pipeline.Intake.BY_INVOCATION);
        pipeline.start();
        return pipeline;
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Works until all is done or a lease's length is left: as long as a call and what follows it may take, three times over.
     *
     * @throws ConfigurationException when the function's time-out is no longer than a lease
     */
    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        JsonNode event = JSON.readTree(input);
        Duration remaining = Duration.ofMillis(context.getRemainingTimeInMillis());
        if (remaining.compareTo(lease) <= 0) {
            throw new ConfigurationException(
                    "time-out of the function: found %d s left at the start, expected more than pipeline.lease-seconds, %d"
                            .formatted(remaining.toSeconds(), lease.toSeconds()));
        }
        CountDownLatch outOfTime = new CountDownLatch(1);
        Future<?> end = clock.schedule(
                () -> {
                    pipeline.handBack();
                    outOfTime.countDown();
                },
                remaining.minus(lease).toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            JSON.writeValue(output, answer(event, outOfTime));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            end.cancel(false);
            // On that one thread, so after a hand-back that has just begun.
            CompletableFuture.runAsync(pipeline::goOn, clock).join();
            pipeline.tellFigures();
        }
    }

    private Map<String, Object> answer(JsonNode event, CountDownLatch outOfTime) throws InterruptedException {
        if (event.path("Records").isArray()) {
            return Map.of("batchItemFailures", notSettled(event.path("Records")));
        }
        if (event.path("sweep").asBoolean()) {
            return Map.of("left", sweep(outOfTime));
        }
        throw new IllegalArgumentException(
                "found an event of another kind, expected messages of SQS or {\"sweep\": true}");
    }

    /** The messages that Lambda is to leave on the queue, in its words. */
    private List<Map<String, String>> notSettled(JsonNode messages) {
        pipeline.checkOutage();
        List<CompletableFuture<Optional<String>>> taken = StreamSupport.stream(messages.spliterator(), false)
                .map(message -> CompletableFuture.supplyAsync(() -> notSettledOf(message), workers))
                .toList();
        List<Map<String, String>> failures = taken.stream()
                .map(CompletableFuture::join)
                .flatMap(Optional::stream)
                .map(id -> Map.of("itemIdentifier", id))
                .toList();
        // A file that went through may have ended an outage, and one that did not have begun it.
        pipeline.checkOutage();
        return failures;
    }

    private Optional<String> notSettledOf(JsonNode message) {
        String id = message.path("messageId").asText();
        try {
            boolean settled = pipeline.take(
                    message.path("body").asText(), message.path("receiptHandle").asText());
            return settled ? Optional.empty() : Optional.of(id);
        } catch (RuntimeException e) {
            log().error("message {} stays on the queue", id, e);
            return Optional.of(id);
        }
    }

    /**
     * Does what no message leads to: files whose event was lost, those that are due, those whose worker died. That it died
     * shows in a lease's time, by this process's clock: so where something is left, it looks once more after that.
     *
     * @return whether anything is left that nobody has settled
     */
    private boolean sweep(CountDownLatch outOfTime) throws InterruptedException {
        boolean left = pipeline.workOff();
        if (left && !outOfTime.await(lease.plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS)) {
            left = pipeline.workOff();
        }
        pipeline.lookAtBacklog();
        return left;
    }

    /** Not before {@link Setup#beforeLogging}. */
    private static Logger log() {
        return LoggerFactory.getLogger(Handler.class);
    }
}
