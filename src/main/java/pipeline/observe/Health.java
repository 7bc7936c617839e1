package pipeline.observe;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import pipeline.aws.Reasons;
import pipeline.aws.Services;
import software.amazon.awssdk.core.exception.SdkException;

/** Ready while one AWS service answers; says which one does not, and why. */
public final class Health extends AbstractHealthCheck {
    private final String service;
    private final Services.Probe probe;

    public Health(String service, Services.Probe probe) {
        super("aws", service);
        this.service = service;
        this.probe = probe;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        try {
            probe.run();
            builder.up();
        } catch (SdkException e) {
            builder.down().message(service + " does not answer: " + Reasons.of(e));
        }
    }
}
