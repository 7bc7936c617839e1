package pipeline.observe;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.aws.Reasons;

/** Says once that the collector takes no traces, and once that it takes them again; everything else is the exporter's. */
final class WatchedExporter implements SpanExporter {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedExporter.class);

    private final SpanExporter exporter;
    private final String endpoint;
    private final AtomicBoolean refused = new AtomicBoolean();

    /** @param endpoint where traces go, for a sentence */
    WatchedExporter(SpanExporter exporter, String endpoint) {
        this.exporter = exporter;
        this.endpoint = endpoint;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = exporter.export(spans);
        result.whenComplete(() -> tell(result));
        return result;
    }

    private void tell(CompletableResultCode result) {
        if (result.isSuccess()) {
            if (refused.getAndSet(false)) {
                LOG.info("the collector of traces at {} takes them again", endpoint);
            }
        } else if (!refused.getAndSet(true)) {
            LOG.warn(
                    "the collector of traces at {} does not take them ({}): files go on, their traces are left out until it does",
                    endpoint,
                    reason(result.getFailureThrowable()));
        }
    }

    /** The process stops and waits no longer. */
    void cutShort() {
        if (!refused.getAndSet(true)) {
            LOG.warn("the collector of traces at {} has not taken the last ones in time: they are left out", endpoint);
        }
    }

    /** An answer has no cause: it stands in the exporter's own exception, which is not for others. */
    private static String reason(Throwable failure) {
        return failure == null || failure.getCause() == null ? "it answers with an error" : Reasons.of(failure);
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
