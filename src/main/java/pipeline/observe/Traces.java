package pipeline.observe;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.resources.Resource;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import pipeline.dataset.Shown;
import pipeline.settings.ConfigurationException;

/**
 * Sends traces to a collector, by OTLP over HTTP. Everything about the collector is set as OpenTelemetry has it ({@code
 * OTEL_EXPORTER_OTLP_ENDPOINT}, {@code OTEL_SERVICE_NAME} and so on; "Environment Variable Specification" of OpenTelemetry).
 * Files do not wait for it: what a collector does not take in time is left out. No span holds a cell, nor a sentence
 * that might.
 */
public final class Traces implements AutoCloseable {
    /** The service's name where nobody has given it one. */
    private static final String SERVICE = "camel-data-pipeline";

    private static final AttributeKey<String> SERVICE_NAME = AttributeKey.stringKey("service.name");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    private static final AttributeKey<Long> TIMES = AttributeKey.longKey("pipeline.times");
    private static final AttributeKey<Long> FAILURES = AttributeKey.longKey("pipeline.failures");
    private static final AttributeKey<Double> BUSY_SECONDS = AttributeKey.doubleKey("pipeline.busy_seconds");

    /** How long a process that stops waits for the collector to take what is left. */
    private static final long LAST_SECONDS = 2;

    /** The library tells of each request that fails, with a stack trace; {@link WatchedExporter} tells of it once. */
    private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry");

    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;
    private final Optional<WatchedExporter> exporter;

    private Traces(OpenTelemetrySdk sdk, Optional<WatchedExporter> exporter) {
        this.sdk = sdk;
        this.exporter = exporter;
        tracer = sdk.getTracer(SERVICE);
    }

    /**
     * Begins to send traces; asks nobody yet.
     *
     * @throws ConfigurationException when a variable of OpenTelemetry's cannot be meant
     */
    public static Traces open() {
        LIBRARY.setLevel(Level.OFF);
        AtomicReference<WatchedExporter> exporter = new AtomicReference<>();
        try {
            OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesSupplier(() -> Map.of("otel.exporter.otlp.protocol", "http/protobuf"))
                    // The metrics are Micrometer's and the log is Log4j's, whatever others in the same environment
                    // send.
                    .addPropertiesCustomizer(set -> Map.of(
                            "otel.traces.exporter", "otlp",
                            "otel.metrics.exporter", "none",
                            "otel.logs.exporter", "none"))
                    .addPropertiesCustomizer(Traces::check)
                    .addResourceCustomizer((resource, set) -> named(resource))
                    .addSpanExporterCustomizer((plain, set) -> {
                        exporter.set(new WatchedExporter(plain, endpoint(set)));
                        return exporter.get();
                    })
                    .disableShutdownHook()
                    .build()
                    .getOpenTelemetrySdk();
            return new Traces(sdk, Optional.ofNullable(exporter.get()));
        } catch (io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException e) {
            String why = e.getCause() == null ? "" : " (" + e.getCause().getMessage() + ")";
            throw new ConfigurationException(
                    "pipeline.traces=otlp: found variables of OpenTelemetry (OTEL_...) that cannot be meant: "
                            + Shown.line(e.getMessage() + why));
        }
    }

    /** The one protocol for which no further library is needed. */
    private static Map<String, String> check(ConfigProperties set) {
        String general = set.getString("otel.exporter.otlp.protocol", "");
        String protocol = set.getString("otel.exporter.otlp.traces.protocol", general);
        if (!protocol.equals("http/protobuf")) {
            throw new ConfigurationException(
                    "OTEL_EXPORTER_OTLP_PROTOCOL: found '%s', expected http/protobuf; collectors listen for it on port 4318"
                            .formatted(Shown.line(protocol)));
        }
        return Map.of();
    }

    private static Resource named(Resource resource) {
        String name = resource.getAttribute(SERVICE_NAME);
        return name == null || name.startsWith("unknown_service")
                ? resource.merge(Resource.create(Attributes.of(SERVICE_NAME, SERVICE)))
                : resource;
    }

    /** Where traces go, as a person may read it: without user, password and query. */
    private static String endpoint(ConfigProperties set) {
        String general = set.getString("otel.exporter.otlp.endpoint", "http://localhost:4318");
        URI uri = URI.create(set.getString("otel.exporter.otlp.traces.endpoint", general));
        return uri.getScheme() + "://" + uri.getRawAuthority().replaceFirst(".*@", "");
    }

    /**
     * Sends a trace that has ended.
     *
     * @param about what is said of the whole, on its first span
     * @param error what kind of failure the whole ended with; empty where it did not
     */
    public void send(FileTrace trace, Attributes about, Optional<String> error) {
        Span root = start(trace, trace.root(), Context.root());
        root.setAllAttributes(about);
        error.ifPresent(kind -> root.setStatus(StatusCode.ERROR).setAttribute(ERROR_TYPE, kind));
        root.end(trace.endedAt(trace.root()), TimeUnit.NANOSECONDS);
    }

    /** Sends the steps within; what a step ends with is known, so each span is ended before the one around it. */
    private Span start(FileTrace trace, FileTrace.Step step, Context within) {
        SpanBuilder builder = tracer.spanBuilder(step.name())
                .setParent(within)
                .setStartTimestamp(trace.beganAt(step), TimeUnit.NANOSECONDS);
        if (step.times() > 1) {
            builder.setAttribute(TIMES, (long) step.times()).setAttribute(BUSY_SECONDS, step.busySeconds());
        }
        Span span = builder.startSpan();
        Context here = within.with(span);
        for (FileTrace.Step inner : step.steps()) {
            Span done = start(trace, inner, here);
            inner.error().ifPresent(kind -> done.setAttribute(ERROR_TYPE, kind)
                    .setAttribute(FAILURES, (long) inner.failures()));
            if (inner.failed()) {
                done.setStatus(StatusCode.ERROR);
            }
            done.end(trace.endedAt(inner), TimeUnit.NANOSECONDS);
        }
        return span;
    }

    /** Sends what is left, for two seconds at most. */
    @Override
    public void close() {
        if (!sdk.shutdown().join(LAST_SECONDS, TimeUnit.SECONDS).isSuccess()) {
            exporter.ifPresent(WatchedExporter::cutShort);
        }
    }
}
