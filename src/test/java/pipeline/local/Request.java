package pipeline.local;

import com.sun.net.httpserver.Headers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An HTTP request on its way through the front.
 *
 * @param path as sent, percent-encoding untouched
 * @param query as sent, without the question mark; empty if there is none
 * @param length of the body in bytes, -1 if not announced
 */
record Request(String method, String path, String query, Headers headers, InputStream body, long length) {

    static Request head(String path) {
        return new Request("HEAD", path, "", new Headers(), InputStream.nullInputStream(), 0);
    }

    String target() {
        return query.isEmpty() ? path : path + "?" + query;
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.getFirst(name));
    }

    Map<String, String> parameters() {
        return form(query);
    }

    Request without(String... names) {
        Headers fewer = new Headers();
        fewer.putAll(headers);
        for (String name : names) {
            fewer.remove(name);
        }
        return new Request(method, path, query, fewer, body, length);
    }

    Request withBody(InputStream other) {
        return new Request(method, path, query, headers, other, length);
    }

    Request withBody(byte[] content) {
        return new Request(method, path, query, headers, new ByteArrayInputStream(content), content.length);
    }

    /** Reads what is left of the body: a client that is still sending would not see the answer. */
    void drain() throws IOException {
        body.transferTo(OutputStream.nullOutputStream());
    }

    /** Decodes {@code a=1&b=2}; a name without a value has the empty value. */
    static Map<String, String> form(String encoded) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : encoded.split("&")) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                form.put(decode(parts[0]), parts.length == 2 ? decode(parts[1]) : "");
            }
        }
        return form;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
