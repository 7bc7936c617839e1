package pipeline.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.service.ServiceSupport;
import pipeline.settings.ConfigurationException;
import pipeline.settings.Settings;

/**
 * Puts gate, page and stream of changes before the routes on Camel's own HTTP server. The gate comes first, and is there
 * before any route is.
 */
public final class HttpInterface extends ServiceSupport {
    /** Before whatever Camel adds, in this order. */
    private static final int GATE = -1_000;

    private final CamelContext context;
    private final int port;
    private final Settings settings;
    private final HttpBeans beans;
    private Optional<Changes> changes = Optional.empty();

    public HttpInterface(CamelContext context, int port, Settings settings, HttpBeans beans) {
        this.context = context;
        this.port = port;
        this.settings = settings;
        this.beans = beans;
    }

    /**
     * Makes sure that what is served to others than this machine asks who they are.
     *
     * @throws ConfigurationException when it would not, or when the secret cannot be read
     */
    public static void check(Settings settings) {
        if (!settings.httpEnabled() || !settings.httpPage()) {
            return;
        }
        if (settings.httpSecret().isEmpty() && !isLoopback(settings.httpHost())) {
            throw new ConfigurationException(
                    "pipeline.http-host: found %s, which others reach, and no secret, expected one as PIPELINE_HTTP_SECRET or in pipeline.http-secret-file; or pipeline.http-page=false, which leaves health and metrics"
                            .formatted(settings.httpHost()));
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            // Whoever it is, it is not known to be this machine. That it cannot be bound is warned of later.
            return false;
        }
    }

    @Override
    protected void doStart() {
        VertxPlatformHttpRouter router =
                VertxPlatformHttpRouter.lookup(context, VertxPlatformHttpRouter.getRouterNameFromPort(port));
        Changes stream = new Changes(router.vertx(), beans::state, beans::forget);
        changes = Optional.of(stream);
        router.route().order(GATE).handler(new Gate(settings, new RequestRates(System::nanoTime), context::isStarted));
        router.get().order(GATE + 1).handler(new Page());
        router.get("/api/changes").order(GATE + 2).handler(stream);
    }

    @Override
    protected void doStop() {
        changes.ifPresent(Changes::close);
    }
}
