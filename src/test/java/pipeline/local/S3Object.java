package pipeline.local;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The place of an object, with bucket and key in clear text; the key is empty for the bucket itself. */
record S3Object(String bucket, String key) {

    /** Reads {@code /bucket/key} as in a path-style URL or in {@code x-amz-copy-source}. */
    static S3Object of(String encoded) {
        String path = encoded.startsWith("/") ? encoded.substring(1) : encoded;
        int query = path.indexOf('?');
        String[] parts = (query < 0 ? path : path.substring(0, query)).split("/", 2);
        return new S3Object(decode(parts[0]), parts.length == 2 ? decode(parts[1]) : "");
    }

    String path() {
        return bucketPath() + "/" + encode(key).replace("%2F", "/");
    }

    String bucketPath() {
        return "/" + encode(bucket);
    }

    @Override
    public String toString() {
        return key.isEmpty() ? bucket : bucket + "/" + key;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
