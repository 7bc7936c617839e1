package pipeline.jar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The whole flow against an implementation that is not ours: LocalStack in a container, or whatever answers at
 * {@code AWS_ENDPOINT_URL} when that is set (with nothing of ours in it yet). Without either it is skipped.
 */
final class LocalStackIT {
    // Later images ask for a token.
    private static final DockerImageName IMAGE = DockerImageName.parse("localstack/localstack:4.14.0");

    @TempDir
    Path folder;

    @Test
    void theWholeFlow() throws IOException {
        Optional<URI> outside = UserStory.endpointFromOutside();
        if (outside.isPresent()) {
            theWholeFlow(outside.get());
            return;
        }
        Assumptions.assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "skipped: no Docker here and no AWS_ENDPOINT_URL, so there is no LocalStack to run against");
        try (LocalStackContainer localStack =
                new LocalStackContainer(IMAGE).withServices("s3", "sqs", "sns", "dynamodb")) {
            localStack.start();
            theWholeFlow(localStack.getEndpoint());
        }
    }

    private void theWholeFlow(URI endpoint) throws IOException {
        try (PackagedJar jar = new PackagedJar(folder, endpoint);
                Cloud cloud = new Cloud(endpoint, UserStory.BUCKET)) {
            UserStory.provision(jar);
            cloud.subscribe("alerts-heard");
            UserStory.samples(jar, cloud);
            List<String> alerts = cloud.take("alerts-heard");
            assertTrue(!alerts.isEmpty(), "no alert was heard");
            for (String alert : alerts) {
                JsonNode json = new ObjectMapper().readTree(alert);
                assertEquals("file", json.path("kind").asText(), alert);
            }

            cloud.clearOrders();
            assertEquals(
                    5_000, UserStory.killedAndStartedAgain(jar, cloud, 5_000).size());
        }
    }
}
