package pipeline.specs;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.core.sync.RequestBody;

/** One folder of {@code src/test/resources/specs}; the README.md there is its manual. */
record Spec(Path folder) {
    static final YAMLMapper YAML = new YAMLMapper();

    /** The sentence. */
    String name() {
        return folder.getFileName().toString().replace('-', ' ');
    }

    /** Does what the folder says, up to the last run. */
    void play(Sandbox sandbox, Running pipeline) throws IOException {
        Path steps = folder.resolve("spec.yaml");
        if (!Files.exists(steps)) {
            Path drop = folder.resolve("drop");
            for (Path file : files(drop)) {
                put(sandbox, "raw-data/" + relative(drop, file), content(file));
            }
            pipeline.workOff();
            return;
        }
        Map<String, Instant> dropped = new HashMap<>();
        JsonNode spec = YAML.readTree(steps.toFile());
        for (JsonNode step : spec.required("steps")) {
            if (step.isTextual() && step.asText().equals("run")) {
                pipeline.workOff();
            } else if (step.has("drop")) {
                String name = step.get("drop").asText();
                String key = "raw-data/" + step.path("as").asText(name);
                awaitLaterThan(dropped.put(key, Instant.now()));
                put(sandbox, key, content(spec, name));
            } else if (step.has("put")) {
                put(
                        sandbox,
                        step.required("as").asText(),
                        content(spec, step.get("put").asText()));
            } else if (step.has("delete")) {
                sandbox.delete(step.get("delete").asText().replace("{today}", Found.today(sandbox.ledger())));
            } else if (step.has("folder")) {
                sandbox.put(step.get("folder").asText(), new byte[0]);
            } else {
                throw new IllegalArgumentException(
                        steps + ": found the step " + step + ", expected run, drop, put, delete or folder");
            }
        }
        pipeline.workOff();
    }

    /** The empty objects that stand for folders: they stay where they were put. */
    List<String> folders() throws IOException {
        Path steps = folder.resolve("spec.yaml");
        return Files.exists(steps)
                ? YAML.readTree(steps.toFile()).required("steps").findValuesAsText("folder")
                : List.of();
    }

    /** S3 keeps the second of a put: what is dropped again in the same one is the same object to whoever looks. */
    private static void awaitLaterThan(Instant before) {
        if (before != null) {
            await("another second").until(() -> Instant.now().getEpochSecond() > before.getEpochSecond());
        }
    }

    /** Bytes that can be had as often as they are needed, and are never all in memory. */
    private interface Content {
        InputStream open() throws IOException;

        long length() throws IOException;
    }

    private static void put(Sandbox sandbox, String key, Content content) throws IOException {
        try (InputStream in = content.open()) {
            sandbox.inLaterSecond(key, RequestBody.fromInputStream(in, content.length()));
        }
    }

    private Content content(JsonNode spec, String name) {
        JsonNode generated = spec.path("generated").path(name);
        return generated.isMissingNode() ? content(folder.resolve("files").resolve(name)) : generated(generated);
    }

    private static Content content(Path file) {
        return new Content() {
            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(file);
            }

            @Override
            public long length() throws IOException {
                return Files.size(file);
            }
        };
    }

    private static Content generated(JsonNode parts) {
        return new Content() {
            @Override
            public InputStream open() {
                List<InputStream> streams = new ArrayList<>();
                for (JsonNode part : parts) {
                    streams.add(new Repeated(bytes(part), times(part)));
                }
                return new SequenceInputStream(Collections.enumeration(streams));
            }

            @Override
            public long length() {
                long length = 0;
                for (JsonNode part : parts) {
                    length += bytes(part).length * times(part);
                }
                return length;
            }
        };
    }

    private static byte[] bytes(JsonNode part) {
        return part.required("text").asText().getBytes(StandardCharsets.UTF_8);
    }

    private static long times(JsonNode part) {
        return part.path("times").asLong(1);
    }

    /** The same bytes again and again. */
    private static final class Repeated extends InputStream {
        private final byte[] unit;
        private long left;
        private ByteArrayInputStream now = new ByteArrayInputStream(new byte[0]);

        Repeated(byte[] bytes, long times) {
            // Units of some thousand bytes, so that a hundred million repetitions do not take as many steps.
            int together = (int) Math.max(1, Math.min(times, 8192 / Math.max(1, bytes.length)));
            while (times % together != 0) {
                together--;
            }
            unit = new String(bytes, StandardCharsets.ISO_8859_1)
                    .repeat(together)
                    .getBytes(StandardCharsets.ISO_8859_1);
            left = times / together;
        }

        private boolean ended() {
            if (now.available() == 0 && left > 0) {
                left--;
                now = new ByteArrayInputStream(unit);
            }
            return now.available() == 0;
        }

        @Override
        public int read() {
            return ended() ? -1 : now.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return length > 0 && ended() ? -1 : now.read(target, offset, length);
        }
    }

    static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static String relative(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }
}
