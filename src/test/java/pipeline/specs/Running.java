package pipeline.specs;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.support.ScheduledPollConsumer;
import pipeline.aws.Clients;
import pipeline.observe.Journal;
import pipeline.routes.RouteCoverage;
import pipeline.run.Pipeline;

/** A pipeline that runs in a {@link Sandbox}, and what it says of its work. */
public final class Running implements AutoCloseable {
    private final Pipeline pipeline;
    private final Clients clients;
    private final List<Journal.Event> events = new CopyOnWriteArrayList<>();

    Running(Pipeline pipeline, Clients clients) {
        this.pipeline = pipeline;
        this.clients = clients;
        pipeline.journal().listen(event -> {
            // That a file waits for a moment says nothing of what becomes of it.
            if (!(event instanceof Journal.Event.Pending)) {
                events.add(event);
            }
        });
    }

    public Pipeline pipeline() {
        return pipeline;
    }

    Clients clients() {
        return clients;
    }

    /** Passes over {@code raw-data/} and the open entries until nothing is left. */
    public void workOff() {
        await("nothing left to do")
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(Sandbox.PATIENCE)
                .until(() -> !pipeline.workOff());
    }

    /** One pass; whether anything is left. */
    public boolean workOffOnce() {
        try {
            return pipeline.workOff();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Takes one message from the intake queue and does what it asks for: one poll by the consumer of {@code
     * receive-event}, which waits for a message as long as the route says.
     */
    void receive() {
        ScheduledPollConsumer consumer = consumer();
        boolean greedy = consumer.isGreedy();
        consumer.setGreedy(false);
        try {
            consumer.run();
        } finally {
            consumer.setGreedy(greedy);
        }
    }

    /** The same as the route does it when its time has come, without a pause in between. */
    void receiveAtItsTime() {
        consumer().run();
    }

    private ScheduledPollConsumer consumer() {
        CamelContext context = pipeline.camelContext();
        var consumer = (ScheduledPollConsumer) context.getRoute("receive-event").getConsumer();
        if (!consumer.isStarted()) {
            consumer.setStartScheduler(false);
            try {
                context.getRouteController().startRoute("receive-event");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        return consumer;
    }

    /** What happened since the start or {@link #forget}. */
    List<Journal.Event> events() {
        return List.copyOf(events);
    }

    <E extends Journal.Event> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Forgets what happened, what was denied among it, and sets all counters to zero. */
    void forget() {
        events.clear();
        pipeline.outage().passed("none@0");
        MeterRegistry meters = meters();
        List.copyOf(meters.getMeters()).stream()
                .filter(meter -> meter.getId().getName().matches("pipeline\\.(files|rows\\..*|bytes|file)"))
                .forEach(meters::remove);
    }

    /** The sum of a counter over all its tags but the given one; 0 when it has not counted. */
    public long count(String counter, String... tags) {
        return Math.round(meters().find(counter).tags(tags).counters().stream()
                .mapToDouble(Counter::count)
                .sum());
    }

    private MeterRegistry meters() {
        return pipeline.camelContext()
                .getRegistry()
                .lookupByNameAndType(MicrometerConstants.METRICS_REGISTRY_NAME, MeterRegistry.class);
    }

    /** From now on it reaches nothing and nobody, as if its process had been killed. Its clients must be its own. */
    void kill() {
        clients.close();
    }

    /** A bean that the routes name. */
    <B> B bean(String name, Class<B> type) {
        return pipeline.camelContext().getRegistry().lookupByNameAndType(name, type);
    }

    @Override
    public void close() {
        RouteCoverage.record(pipeline.camelContext());
        pipeline.close();
        clients.close();
    }
}
