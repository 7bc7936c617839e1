package pipeline.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void aFolderForTheFile() {
        file = folder.resolve("application.properties");
    }

    private Settings load(String text, Map<String, String> environment) throws IOException {
        Files.writeString(file, text);
        return Settings.load(file, environment);
    }

    private String mistake(String text) {
        return assertThrows(ConfigurationException.class, () -> load(text, Map.of()))
                .getMessage();
    }

    @Test
    void aBucketIsEnough() throws IOException {
        Settings settings = load("pipeline.bucket=my-data", Map.of());
        assertEquals("my-data", settings.bucket());
        assertEquals("ProcessedFiles", settings.ledgerTable());
        assertEquals(Duration.ofSeconds(5), settings.listEvery());
        assertEquals(Duration.ofSeconds(10), settings.callTimeout());
        assertTrue(settings.eventIntake());
        assertEquals(Path.of("routes"), settings.routes());
        assertEquals(List.of(), settings.warnings());
    }

    @Test
    void theEnvironmentWinsOverTheFileAndNeedsNone() throws IOException {
        Settings settings = load("pipeline.bucket=from-file", Map.of("PIPELINE_BUCKET", "from-environment"));
        assertEquals("from-environment", settings.bucket());
        assertEquals(
                "alone",
                Settings.load(folder.resolve("none"), Map.of("PIPELINE_BUCKET", "alone"))
                        .bucket());
    }

    @Test
    void anUnknownKeyInTheFileStopsTheStart() {
        assertEquals(
                file
                        + ": found the setting pipeline.lease-second, expected a known one; did you mean pipeline.lease-seconds?",
                mistake("pipeline.bucket=b\npipeline.lease-second=9"));
    }

    @Test
    void anUnknownVariableOnlyWarns() throws IOException {
        assertEquals(
                List.of("environment variable PIPELINE_SERVICE_HOST is not a setting and is ignored"),
                load("pipeline.bucket=b", Map.of("PIPELINE_SERVICE_HOST", "10.0.0.1"))
                        .warnings());
    }

    @Test
    void withEventsAsIntakeListingIsTheRareSweep() throws IOException {
        Settings settings = load("pipeline.bucket=b\npipeline.intake=events", Map.of());
        assertEquals(Duration.ofMinutes(15), settings.listEvery());
        assertEquals(Duration.ofSeconds(5), settings.pollEvery());
        assertFalse(load("pipeline.bucket=b\npipeline.intake=poll", Map.of()).eventIntake());
    }

    @ParameterizedTest
    @CsvSource({"15m, 900", "15 min, 900", "90s, 90", "2h, 7200", "PT1H, 3600"})
    void aSweepIsWrittenAsPeopleWriteIt(String text, long seconds) throws IOException {
        assertEquals(
                seconds,
                load("pipeline.bucket=b\npipeline.intake=events\npipeline.sweep-every=" + text, Map.of())
                        .listEvery()
                        .toSeconds());
    }

    @Test
    void alertsAreToldInFullUnlessADigestIsWanted() throws IOException {
        assertEquals(Optional.empty(), load("pipeline.bucket=b", Map.of()).alertDigest());
        assertEquals(
                Optional.of(Duration.ofMinutes(10)),
                load("pipeline.bucket=b", Map.of("PIPELINE_ALERT_DIGEST", "10m"))
                        .alertDigest());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pipeline.lease-seconds=2   | pipeline.lease-seconds: found '2', expected a whole number from 3 to 3,600",
                "pipeline.max-attempts=many | pipeline.max-attempts: found 'many', expected a whole number from 1 to 100",
                "pipeline.intake=push       | pipeline.intake: found 'push', expected poll or events or both",
                "pipeline.http-port=99999   | pipeline.http-port: found '99999', expected a whole number from 0 to 65,535",
                "pipeline.reload-routes=yes | pipeline.reload-routes: found 'yes', expected true or false",
                "pipeline.traces=zipkin     | pipeline.traces: found 'zipkin', expected off or otlp",
                "pipeline.alert-digest=on   | pipeline.alert-digest: found 'on', expected off or a duration of at least a second such as 10m",
                "pipeline.cloudwatch=on     | pipeline.cloudwatch: found 'on', expected off or emf",
                "pipeline.sweep-every=soon  | pipeline.sweep-every: found 'soon', expected a duration of at least a second such as 15m",
            })
    void aValueThatCannotBeMeantStopsTheStart(String line, String sentence) {
        assertEquals(sentence, mistake("pipeline.bucket=b\n" + line));
    }

    @Test
    void withoutABucketThereIsNothingToDo() {
        assertEquals(
                "pipeline.bucket: found nothing, expected the name of the bucket; set it in config/application.properties or as PIPELINE_BUCKET",
                mistake(""));
    }
}
