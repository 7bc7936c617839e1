package pipeline.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files that the page is made of. There are these and no others, so no path leads anywhere else. */
final class Page implements Handler<RoutingContext> {
    private static final String PAGE = "/pipeline/page/";
    private static final String CHART = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private final Map<String, File> files = new HashMap<>();

    private record File(String type, Buffer bytes) {}

    Page() {
        add("/", PAGE + "index.html", "text/html; charset=utf-8");
        for (String script : List.of("page.js", "api.js", "chart.js", "dom.js", "files.js", "panel.js", "upload.js")) {
            add("/" + script, PAGE + script, "text/javascript; charset=utf-8");
        }
        add("/page.css", PAGE + "page.css", "text/css; charset=utf-8");
        add("/favicon.svg", PAGE + "favicon.svg", "image/svg+xml");
        add("/uPlot.iife.min.js", CHART + "uPlot.iife.min.js", "text/javascript; charset=utf-8");
        add("/uPlot.min.css", CHART + "uPlot.min.css", "text/css; charset=utf-8");
        add("/api/openapi.yaml", "/pipeline/http/openapi.yaml", "application/yaml; charset=utf-8");
    }

    private void add(String path, String resource, String type) {
        try (InputStream in = Page.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not in the jar");
            }
            files.put(path, new File(type, Buffer.buffer(in.readAllBytes())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void handle(RoutingContext context) {
        File file = files.get(context.request().path());
        if (file == null) {
            context.next();
            return;
        }
        // The jar may be another one tomorrow, and all of this is a few kilobytes.
        context.response()
                .putHeader("Content-Type", file.type())
                .putHeader("Cache-Control", "no-cache")
                .end(file.bytes());
    }
}
