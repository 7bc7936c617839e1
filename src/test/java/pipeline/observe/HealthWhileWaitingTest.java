package pipeline.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import pipeline.settings.Settings;

class HealthWhileWaitingTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void aProcessThatWaitsForAwsIsAliveAndNotReadyUntilItNeedNotWait() throws Exception {
        int port = freePort();
        Settings settings = Settings.load(
                Path.of("no-such-file"), Map.of("PIPELINE_BUCKET", "b", "PIPELINE_HTTP_PORT", Integer.toString(port)));
        HealthWhileWaiting health = HealthWhileWaiting.open(settings);

        assertEquals(200, get(port, "live").statusCode());
        HttpResponse<String> ready = get(port, "ready");
        assertEquals(503, ready.statusCode());
        assertEquals("{\"status\": \"DOWN\", \"reason\": \"waiting for AWS to answer\"}", ready.body());

        health.close();
        assertThrows(ConnectException.class, () -> get(port, "live"));
    }

    @Test
    void aPortThatIsTakenKeepsNobodyFromWaiting() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Settings settings = Settings.load(
                    Path.of("no-such-file"),
                    Map.of("PIPELINE_BUCKET", "b", "PIPELINE_HTTP_PORT", Integer.toString(taken.getLocalPort())));
            HealthWhileWaiting.open(settings).close();
        }
    }

    private HttpResponse<String> get(int port, String what) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/observe/health/" + what);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
