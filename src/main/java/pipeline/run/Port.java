package pipeline.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port of the HTTP interface. It is a convenience: where it cannot be had, files are processed all the same. */
final class Port {
    private static final Logger LOG = LoggerFactory.getLogger(Port.class);

    private Port() {}

    /**
     * A port that can be bound just now.
     *
     * @param wanted 0 = any free one
     * @return 0 when the wanted one is taken, after one warning
     */
    static int find(String host, int wanted) {
        try (ServerSocket probe = new ServerSocket(wanted, 1, InetAddress.getByName(host))) {
            return probe.getLocalPort();
        } catch (IOException e) {
            LOG.warn(
                    "pipeline.http-port: found {}:{} not to be had ({}), so health and metrics are not served; set another port, or 0 for any",
                    host,
                    wanted,
                    e.getMessage());
            return 0;
        }
    }
}
