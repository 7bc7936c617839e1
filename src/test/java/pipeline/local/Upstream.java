package pipeline.local;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.http.HttpEntity;
import org.apache.http.HttpHost;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.entity.InputStreamEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.message.BasicHttpEntityEnclosingRequest;
import pipeline.local.Answer.Field;

/**
 * A stand-in with a port of its own. Requests are passed on as they are, sent by the caller's own thread and never
 * twice; bodies are streamed in both directions.
 */
final class Upstream implements Service, Closeable {
    /** Headers about one connection, and those that the client and the server here set themselves. */
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection", "content-length", "expect", "host", "keep-alive", "te", "transfer-encoding", "upgrade");

    private static final RequestConfig AS_SENT = RequestConfig.custom()
            .setNormalizeUri(false)
            .setRedirectsEnabled(false)
            .build();
    private final HttpHost host;
    private final CloseableHttpClient client = HttpClientBuilder.create()
            .setDefaultRequestConfig(AS_SENT)
            .setMaxConnTotal(1000)
            .setMaxConnPerRoute(1000)
            .setDefaultConnectionConfig(ConnectionConfig.custom()
                    .setCharset(StandardCharsets.ISO_8859_1)
                    .build())
            .disableAutomaticRetries()
            .disableContentCompression()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableRedirectHandling()
            .build();

    Upstream(int port) {
        this.host = new HttpHost("127.0.0.1", port);
    }

    @Override
    public Answer answer(Call call, Request request) throws IOException {
        return answer(request);
    }

    Answer answer(Request request) throws IOException {
        var sent = new BasicHttpEntityEnclosingRequest(request.method(), request.target());
        request.headers().forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> sent.addHeader(name, value));
            }
        });
        boolean takesBody = request.method().equals("PUT") || request.method().equals("POST");
        if (takesBody || request.length() != 0) {
            sent.setEntity(new InputStreamEntity(new LeftOpen(request.body()), request.length()));
        }
        return answer(client.execute(host, sent));
    }

    private static Answer answer(CloseableHttpResponse response) throws IOException {
        List<Field> headers = new ArrayList<>();
        for (var header : response.getAllHeaders()) {
            headers.add(new Field(header.getName(), header.getValue()));
        }
        HttpEntity entity = response.getEntity();
        InputStream body = entity == null ? InputStream.nullInputStream() : entity.getContent();
        InputStream closing = new FilterInputStream(body) {
            @Override
            public void close() throws IOException {
                response.close();
            }
        };
        long length = entity == null ? 0 : entity.getContentLength();
        return new Answer(response.getStatusLine().getStatusCode(), headers, closing, length);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    /** A body that belongs to the connection on which the answer is still to be written. */
    private static final class LeftOpen extends FilterInputStream {
        LeftOpen(InputStream body) {
            super(body);
        }

        @Override
        public void close() {}
    }
}
