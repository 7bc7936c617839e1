package pipeline.observe;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import pipeline.outage.Outage;

/** Ready while files are taken up; says why where they are not. */
public final class IntakeHealth extends AbstractHealthCheck {
    private final Outage outage;

    public IntakeHealth(Outage outage) {
        super("pipeline", "intake");
        this.outage = outage;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        outage.reason()
                .ifPresentOrElse(reason -> builder.down().message("nothing is taken up: " + reason), builder::up);
    }
}
