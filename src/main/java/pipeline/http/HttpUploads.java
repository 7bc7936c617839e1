package pipeline.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import pipeline.cost.Prices;
import pipeline.dataset.Datasets;
import pipeline.dataset.Shown;
import pipeline.explain.CheckJson;
import pipeline.explain.DryRun;
import pipeline.intake.ObjectVersion;
import pipeline.read.LocalSource;
import pipeline.settings.Settings;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Files that come over HTTP: looked at only, or dropped into {@code raw-data/}. Each lies in a temporary file for as long
 * as it is dealt with, and no more than a few do at a time; how long one may be is the gate's to say, for it arrives in memory.
 */
public final class HttpUploads {
    private static final int AT_ONCE = 4;
    private static final int MOST_PROBLEMS = 100;

    /** S3 takes keys of up to 1,024 bytes; what is filed gets a longer one ("Naming Amazon S3 objects"). */
    private static final int LONGEST_NAME = 900;

    private final DryRun dryRun;
    private final Prices prices;
    private final S3Client s3;
    private final Settings settings;
    private final boolean conditional;
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final ObjectMapper json = new ObjectMapper();

    /** @param conditional whether S3 keeps conditions on what is written */
    HttpUploads(Datasets datasets, Prices prices, S3Client s3, Settings settings, boolean conditional) {
        this.prices = prices;
        this.dryRun = new DryRun(datasets, settings.maxRecordLength());
        this.s3 = s3;
        this.settings = settings;
        this.conditional = conditional;
    }

    public void check(Exchange exchange) {
        Query query = Query.of(exchange);
        Answers.json(exchange, () -> {
            String name = name(query);
            return received(query, path -> check(path, name));
        });
    }

    private Object check(Path path, String name) throws IOException {
        var buffer = new TokenBuffer(json, false);
        try (JsonGenerator out = buffer) {
            dryRun.read(new LocalSource(path, name), new CheckJson(out, name, name, MOST_PROBLEMS, prices));
        }
        return json.readTree(buffer.asParser());
    }

    public void upload(Exchange exchange) {
        Query query = Query.of(exchange);
        Answers.created(exchange, () -> {
            if (!settings.httpUpload()) {
                throw new Refusal(
                        403,
                        "found pipeline.http-upload=false, so no file is taken here; copy it to raw-data/ of the bucket");
            }
            String name = name(query);
            return received(query, path -> drop(path, name));
        });
    }

    /** A file that lies there and was not taken yet is not replaced: it would be lost. */
    private Object drop(Path path, String name) {
        String key = ObjectVersion.RAW_DATA + name;
        if (!conditional && isThere(key)) {
            throw notTakenYet(name);
        }
        try {
            PutObjectResponse put = s3.putObject(
                    request -> request.bucket(settings.bucket())
                            .key(key)
                            .contentType("text/csv")
                            .ifNoneMatch(conditional ? "*" : null),
                    path);
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("file", name);
            view.put("version", put.eTag().replace("\"", ""));
            return view;
        } catch (S3Exception e) {
            if (e.statusCode() == 412) {
                throw notTakenYet(name);
            }
            throw e;
        }
    }

    private static Refusal notTakenYet(String name) {
        return new Refusal(
                409,
                "%s: found a file of that name that was not taken yet; drop it again in a moment, or under another name"
                        .formatted(Shown.plain(name)));
    }

    private boolean isThere(String key) {
        try {
            s3.headObject(request -> request.bucket(settings.bucket()).key(key));
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        }
    }

    /** A key that is what it looks like: below raw-data/, in sub-folders that are named, and no folder itself. */
    private static String name(Query query) {
        String name = query.required("name");
        boolean usable = name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME
                && name.chars().noneMatch(c -> Character.isISOControl(c) || c == '\\' || c == '\uFFFD')
                && Arrays.stream(name.split("/", -1))
                        .noneMatch(part -> part.isBlank() || part.equals(".") || part.equals(".."));
        if (!usable) {
            throw Refusal.misused("parameter name: found %s, expected a name such as orders.csv or store-7/orders.csv"
                    .formatted(Shown.quoted(name)));
        }
        return name;
    }

    private interface Use {
        Object of(Path path) throws IOException;
    }

    private Object received(Query query, Use use) throws IOException {
        if (!room.tryAcquire()) {
            throw new Refusal(429, "found %d files on their way, expected fewer; wait a moment".formatted(AT_ONCE));
        }
        try {
            Path path = Files.createTempFile("upload", ".csv");
            try {
                receive(query, path);
                return use.of(path);
            } finally {
                Files.delete(path);
            }
        } finally {
            room.release();
        }
    }

    private void receive(Query query, Path path) throws IOException {
        long most = settings.httpMaxUploadBytes();
        try (InputStream in = query.stream();
                OutputStream out = Files.newOutputStream(path)) {
            byte[] buffer = new byte[64 * 1024];
            long bytes = 0;
            for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
                bytes += n;
                if (bytes > most) {
                    throw new Refusal(
                            413,
                            "found a file of more than %,d bytes, expected less; see pipeline.http-max-upload-bytes, or copy it to raw-data/ of the bucket"
                                    .formatted(most));
                }
                out.write(buffer, 0, n);
            }
        }
    }

    private static int read(InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            // Whoever sent it went away: there is nobody to answer, and nothing for the log.
            throw Refusal.misused("found the beginning of a file, expected all of it");
        }
    }
}
