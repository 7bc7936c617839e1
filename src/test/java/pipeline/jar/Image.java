package pipeline.jar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A container image, unpacked and started as a container engine does: its layers one upon the other as the root file
 * system, read-only but for {@code /tmp} where that is to be written to, in namespaces of processes and mounts of its own; entrypoint, environment, user
 * and working directory as its configuration says. The network is this machine's.
 */
final class Image {
    /** What an engine does before it gives the process its root. */
    private static final String START = """
            mount --bind "$ROOT" "$ROOT"
            mount -o remount,bind,ro "$ROOT"
            mount -t proc proc "$ROOT/proc"
            mount --rbind /dev "$ROOT/dev"
            mount -t tmpfs -o mode="$TMP_MODE" tmpfs "$ROOT/tmp"
            exec env -i "$@"
            """;

    private final Path root;
    private final JsonNode configuration;

    /** @param folder an empty folder */
    Image(Path tar, Path folder) throws IOException, InterruptedException {
        ObjectMapper json = new ObjectMapper();
        Path unpacked = Files.createDirectory(folder.resolve("image"));
        run("tar", "--warning=no-unknown-keyword", "-xf", tar.toString(), "-C", unpacked.toString());
        JsonNode manifest =
                json.readTree(unpacked.resolve("manifest.json").toFile()).path(0);
        configuration = json.readTree(
                        unpacked.resolve(manifest.path("Config").asText()).toFile())
                .path("config");
        root = Files.createDirectory(folder.resolve("root"));
        for (JsonNode layer : manifest.path("Layers")) {
            run(
                    "tar",
                    "--warning=no-unknown-keyword",
                    "-xzf",
                    unpacked.resolve(layer.asText()).toString(),
                    "-C",
                    root.toString());
        }
        // Engines make the places of their mounts, and say who is where.
        for (String place : List.of("proc", "dev", "tmp", "etc")) {
            Files.createDirectories(root.resolve(place));
        }
        Files.copy(Path.of("/etc/hosts"), root.resolve("etc/hosts"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(Path.of("/etc/resolv.conf"), root.resolve("etc/resolv.conf"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), () -> String.join(" ", command));
    }

    Path root() {
        return root;
    }

    JsonNode configuration() {
        return configuration;
    }

    /** The command that the image starts by itself. */
    List<String> entrypoint() {
        List<String> entrypoint = new ArrayList<>();
        configuration.path("Entrypoint").forEach(word -> entrypoint.add(word.asText()));
        configuration.path("Cmd").forEach(word -> entrypoint.add(word.asText()));
        return entrypoint;
    }

    /**
     * Starts a command in it, with a {@code /tmp} that may be written to.
     *
     * @param environment beside the image's own
     */
    Process start(Map<String, String> environment, File said, List<String> command) throws IOException {
        return start(environment, said, command, "1777");
    }

    /** The same where nothing may be written to at all. */
    Process startReadOnly(Map<String, String> environment, File said, List<String> command) throws IOException {
        return start(environment, said, command, "555");
    }

    private Process start(Map<String, String> environment, File said, List<String> command, String tmpMode)
            throws IOException {
        String[] user = configuration.path("User").asText().split(":");
        List<String> words = new ArrayList<>(List.of("unshare", "--mount", "--pid", "--fork", "--kill-child"));
        words.addAll(List.of("sh", "-ec", START, "sh"));
        configuration.path("Env").forEach(variable -> words.add(variable.asText()));
        environment.forEach((name, value) -> words.add(name + "=" + value));
        words.addAll(List.of("/usr/bin/unshare", "--root", root.toString()));
        words.addAll(List.of("--wd", configuration.path("WorkingDir").asText()));
        words.addAll(List.of("--setuid", user[0], "--setgid", user[1], "--"));
        words.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(said);
        builder.environment().put("TMP_MODE", tmpMode);
        builder.environment().put("ROOT", root.toString());
        return builder.start();
    }
}
