package pipeline.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import pipeline.settings.Settings;

/**
 * Asks the process of the same settings whether it is alive, where only a command can ask: the health check of Docker and
 * of ECS, in an image without shell and curl. Ends with 0 if so, else with 1.
 *
 * <p>{@code java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx16m -cp camel-data-pipeline.jar pipeline.http.LiveProbe}
 */
public final class LiveProbe {
    private static final int PATIENCE_MILLIS = 3_000;

    private LiveProbe() {}

    public static void main(String[] arguments) throws URISyntaxException, UnknownHostException {
        Settings settings = Settings.loadOffline(Settings.FILE, System.getenv());
        // All addresses are no name that the process answers to.
        InetAddress bound = InetAddress.getByName(settings.httpHost());
        String host = bound.isAnyLocalAddress() ? "127.0.0.1" : settings.httpHost();
        URI asked = new URI("http", null, host, settings.httpPort(), "/observe/health/live", null, null);
        String answer;
        try {
            HttpURLConnection connection = (HttpURLConnection) asked.toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            answer = Integer.toString(connection.getResponseCode());
        } catch (IOException e) {
            answer = e.toString();
        }
        System.out.println(asked + ": " + answer);
        System.exit(answer.equals("200") ? 0 : 1);
    }
}
