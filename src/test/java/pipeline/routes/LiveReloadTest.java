package pipeline.routes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pipeline.run.Pipeline;

/** {@code pipeline.reload-routes=true}: a route file is edited while files are being processed. */
final class LiveReloadTest {
    @TempDir
    Path folder;

    private final Queue<String> problems = new ConcurrentLinkedQueue<>();
    private final AbstractAppender appender =
            new AbstractAppender("problems", null, null, false, Property.EMPTY_ARRAY) {
                @Override
                public void append(LogEvent event) {
                    if (event.getLevel().isMoreSpecificThan(Level.WARN)) {
                        problems.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
                    }
                }
            };

    private Account account;
    private Path routes;
    private Pipeline pipeline;

    @BeforeEach
    void start() throws IOException {
        account = new Account(folder.resolve("aws"), Map.of("PIPELINE_RELOAD_ROUTES", "true"));
        routes = Account.copyOfRoutes(folder.resolve("routes"));
        pipeline = account.pipeline(Pipeline.Intake.ON_DEMAND, routes);
        pipeline.start();
        appender.start();
        rootLogger().addAppender(appender);
    }

    @AfterEach
    void stop() {
        rootLogger().removeAppender(appender);
        pipeline.close();
        account.close();
    }

    private static org.apache.logging.log4j.core.Logger rootLogger() {
        return ((LoggerContext) LogManager.getContext(false)).getRootLogger();
    }

    private void edit(String whole, String edited) throws IOException {
        Path file = routes.resolve("reject-rows.camel.yaml");
        String text = Files.readString(file);
        assertTrue(text.contains(whole));
        Files.writeString(file, text.replace(whole, edited));
    }

    private RouteDefinition route() {
        return ((ModelCamelContext) pipeline.camelContext()).getRouteDefinition("reject-rows");
    }

    @Test
    void anEditIsTakenOverAndKeepsTheErrorPolicy() throws IOException {
        edit("Keep rejected rows with every reason", "Write what was edited");

        await().atMost(Duration.ofSeconds(30))
                .until(() -> route() != null && "Write what was edited".equals(route().getDescriptionText()));
        assertEquals(
                List.of("not-worth-a-retry"),
                route().getOutputs().stream()
                        .filter(OnExceptionDefinition.class::isInstance)
                        .map(step -> step.getId())
                        .toList());
        assertTrue(pipeline.camelContext()
                .getRouteController()
                .getRouteStatus("reject-rows")
                .isStarted());
        assertEquals(List.of(), List.copyOf(problems));
    }

    @Test
    void aBrokenEditLeavesTheOldRouteRunningAndSaysSoOnce() throws IOException {
        for (String[] edit : new String[][] {
            {
                "        - bean:",
                "        - beann:",
                " line 12: found 'beann', expected a step that Camel knows; did you mean bean?"
            },
            {
                "ref: rejects",
                "ref: rejcts",
                " line 14: found 'rejcts', expected the name of a bean; did you mean rejects?"
            },
            {"    from:", "   from:", " line 7: found no valid YAML"}
        }) {
            problems.clear();
            edit(edit[0], edit[1]);

            await().atMost(Duration.ofSeconds(30)).until(() -> !problems.isEmpty());
            assertEquals(1, problems.size(), problems::toString);
            assertTrue(
                    problems.peek().startsWith("ERROR " + routes.resolve("reject-rows.camel.yaml") + edit[2])
                            && problems.peek().endsWith("; the routes stay as they were"),
                    problems::toString);
            assertEquals("Keep rejected rows with every reason", route().getDescriptionText());
            assertTrue(pipeline.camelContext()
                    .getRouteController()
                    .getRouteStatus("reject-rows")
                    .isStarted());
            problems.clear();
            edit(edit[1], edit[0]);
        }
    }
}
