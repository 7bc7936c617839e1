package pipeline.run;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Optional;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.component.bean.validator.BeanValidationException;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import pipeline.aws.Reasons;
import pipeline.claim.Attempt;
import pipeline.claim.Claim;
import pipeline.claim.Status;
import pipeline.dataset.Dataset;
import pipeline.intake.ObjectVersion;
import pipeline.observe.FileTrace;
import pipeline.observe.Traces;

/**
 * Has each attempt at a file leave a trace: a span for {@code process-file}, and within it one for each route that the file
 * went through and each step with an id of its own. A file that there was nothing to do for leaves none: one that another
 * holds, that waits, or that was concluded before.
 */
final class TracedRoutes implements RoutePolicyFactory, InterceptStrategy {
    private static final String WHOLE = "process-file";

    /** Where all failures of an attempt come together; beyond it, they are dealt with. */
    private static final String ATTEMPT = "attempt-file";

    private static final String TRACE = "fileTrace";

    private final Traces traces;

    TracedRoutes(Traces traces) {
        this.traces = traces;
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camelContext, String routeId, NamedNode route) {
        return routeId.equals(WHOLE) ? new TracedFile() : new TracedRoute();
    }

    /** Steps with others in them are not traced: those are. */
    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode definition, Processor target, Processor nextTarget) {
        return definition instanceof ProcessorDefinition<?> step
                        && step.hasCustomIdAssigned()
                        && step.getOutputs().isEmpty()
                ? new TracedStep(target, step.getId())
                : target;
    }

    private static Optional<FileTrace> trace(Exchange exchange) {
        return Optional.ofNullable(exchange.getProperty(TRACE, FileTrace.class));
    }

    /** That rows are rejected is an outcome; the validator knows no other way to say so. */
    private static Optional<String> error(Exchange exchange) {
        return Optional.ofNullable(exchange.getException())
                .filter(failure -> !(failure instanceof BeanValidationException))
                .map(Reasons::kind);
    }

    private final class TracedFile extends RoutePolicySupport {
        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            exchange.setProperty(TRACE, new FileTrace(WHOLE));
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            FileTrace trace = exchange.getProperty(TRACE, FileTrace.class);
            exchange.removeProperty(TRACE);
            Optional<String> failure = trace.error(ATTEMPT).or(() -> error(exchange));
            trace.end(failure);
            Optional<Attempt> attempt = Optional.ofNullable(exchange.getVariable("claim", Claim.class))
                    .flatMap(Claim::work);
            // Where not even that is known, Camel has let nothing in, as it stops.
            Optional<ObjectVersion> version = Optional.ofNullable(exchange.getVariable("version", ObjectVersion.class));
            if (version.isPresent() && (attempt.isPresent() || failure.isPresent())) {
                traces.send(
                        trace,
                        about(version.get(), attempt),
                        failure.or(() -> attempt.flatMap(TracedRoutes::needsAPerson)));
            }
        }
    }

    /** Where a file ends so without an exception, what is wrong with it is in no step. */
    private static Optional<String> needsAPerson(Attempt attempt) {
        return attempt.end()
                .filter(status -> status == Status.REFUSED || status == Status.FAILED)
                .map(Status::text);
    }

    private static Attributes about(ObjectVersion version, Optional<Attempt> work) {
        AttributesBuilder about =
                Attributes.builder().put("pipeline.file", version.file()).put("pipeline.version", version.version());
        work.ifPresent(attempt -> {
            about.put("pipeline.attempt", attempt.entry().attempts());
            about.put("pipeline.bytes", attempt.entry().bytes());
            about.put("pipeline.rows.read", attempt.rowsRead());
            about.put("pipeline.rows.stored", attempt.rowsStored());
            about.put("pipeline.rows.rejected", attempt.rowsRejected());
            attempt.dataset().map(Dataset::name).ifPresent(name -> about.put("pipeline.dataset", name));
            attempt.end()
                    .map(Status::text)
                    .or(() -> attempt.settled() ? Optional.of(Status.WAITING.text()) : Optional.empty())
                    .ifPresent(outcome -> about.put("pipeline.outcome", outcome));
        });
        return about.build();
    }

    private static final class TracedRoute extends RoutePolicySupport {
        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            trace(exchange).ifPresent(trace -> trace.begin(route.getRouteId()));
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            trace(exchange).ifPresent(trace -> trace.end(error(exchange)));
        }
    }

    private static final class TracedStep extends DelegateAsyncProcessor {
        private final String name;

        TracedStep(Processor step, String name) {
            super(step);
            this.name = name;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Optional<FileTrace> trace = trace(exchange);
            if (trace.isEmpty()) {
                return super.process(exchange, callback);
            }
            trace.get().begin(name);
            return super.process(exchange, doneSync -> {
                trace.get().end(error(exchange));
                callback.done(doneSync);
            });
        }
    }
}
