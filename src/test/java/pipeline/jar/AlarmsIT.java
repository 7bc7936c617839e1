package pipeline.jar;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pipeline.local.Fault;
import pipeline.local.LocalAws;

/**
 * The alarms for Prometheus at a real Prometheus, which scrapes two replicas of the jar: each fires at a real fault, and
 * clears when that is mended as its own text says. Only the alarms' time runs faster ({@link Prometheus#MINUTE}).
 */
final class AlarmsIT {
    private static final Pattern PORT = Pattern.compile("page at http://127\\.0\\.0\\.1:(\\d+)/");

    @TempDir
    Path data;

    @TempDir
    Path folder;

    @TempDir
    Path prometheusFolder;

    private final Set<String> shown = new TreeSet<>();
    private LocalAws aws;
    private PackagedJar jar;
    private Cloud cloud;
    private Prometheus prometheus;

    @BeforeEach
    void start() throws IOException {
        AlarmRules.assume("prometheus");
        aws = LocalAws.start(data);
        Cloud.provision(aws.endpoint());
        cloud = new Cloud(aws.endpoint(), UserStory.BUCKET);
        jar = new PackagedJar(folder, aws.endpoint())
                .set("PIPELINE_HTTP_ENABLED", "true")
                .set("PIPELINE_HTTP_PORT", "0")
                .set("PIPELINE_POLL_EVERY_SECONDS", "1")
                .set("PIPELINE_RETRY_BACKOFF_SECONDS", "1");
        prometheus = new Prometheus(prometheusFolder);
    }

    @AfterEach
    void stop() {
        if (aws == null) {
            return;
        }
        prometheus.close();
        jar.close();
        cloud.close();
        aws.close();
    }

    @Test
    void eachFiresAtARealFaultAndClearsWhenItIsMended() throws IOException {
        PackagedJar.Run first = jar.start("run");
        PackagedJar.Run second = jar.start("run");
        prometheus.awaitReady();
        List<Integer> ports = List.of(port(first), port(second));
        prometheus.watch(ports);
        await("both replicas scraped")
                .atMost(PackagedJar.PATIENCE)
                .until(() -> prometheus
                                .query("pipeline_queue_messages{queue=\"dead-letter\"} == 0")
                                .size()
                        == 2);
        awaitQuiet();

        badFilesUntilTheyAreDiscarded();
        aTableThatTakesNothingHoldsFilesBack();
        everyPanelShowsSomething();
        aServiceThatStops();
        aPermissionToCountThatIsMissing();
        awaitQuiet();

        second.kill();
        awaitFiring("PipelineReplicaDown", "The replica at 127.0.0.1:" + ports.get(1) + " does not answer");
        assertFalse(prometheus.firing().containsKey("PipelineAbsent"), "one of two still runs");
        first.kill();
        awaitFiring("PipelineAbsent", "No pipeline is running");

        // So many requests as cost so much are not made here: each costs as much as a million.
        jar.edit("config/prices.yaml", "price: 0.005", "price: 5000");
        PackagedJar.Run third = jar.set("PIPELINE_CLOUDWATCH", "emf").start("run");
        prometheus.watch(List.of(port(third)));
        awaitFiring("PipelineCostHigh", "");
        PackagedJar.Ended ended = third.terminate(Duration.ofSeconds(20));
        assertTrue(ended.out().lines().anyMatch(line -> line.startsWith("{\"_aws\":{")), ended::said);

        jar.edit("config/prices.yaml", "price: 5000", "price: 0.005");
        aReplicaThatDiesAgainAndAgain();
        awaitQuiet();

        Set<String> all = AlarmRules.all().stream().map(AlarmRules.Rule::alert).collect(Collectors.toSet());
        assertEquals(new TreeSet<>(all), shown, "the alarms that were seen firing and clearing");
    }

    private void aReplicaThatDiesAgainAndAgain() throws IOException {
        PackagedJar.Run run = jar.start("run");
        int port = port(run);
        prometheus.watch(List.of(port));
        jar.set("PIPELINE_HTTP_PORT", Integer.toString(port));
        for (int death = 0; death < 3 || death < 9 && !prometheus.firing().containsKey("PipelineRestarting"); death++) {
            // Listings cost something: the next process begins below that.
            await("a scrape of what it cost")
                    .atMost(PackagedJar.PATIENCE)
                    .until(() -> prometheus
                                    .query(
                                            "pipeline_cost_dollars_total{kind=\"s3\"} > 0.00001 and on (instance) up == 1")
                                    .size()
                            == 1);
            run.kill();
            run = jar.start("run");
            port(run);
        }
        awaitFiring("PipelineRestarting", "");
    }

    private void badFilesUntilTheyAreDiscarded() {
        List<String> bad =
                IntStream.rangeClosed(1, 6).mapToObj(i -> "bad-" + i + ".csv").toList();
        bad.forEach(file -> cloud.drop(file, "no,such,header\n" + file + ",2,3\n"));
        awaitFiring("PipelineDeadLetters", "6 messages in the dead-letter queue: files need a person");
        awaitFiring("PipelineSuccessRateLow", "Only 0% of the files of the last hour were completed");

        List<String> discard = new ArrayList<>(List.of("failures", "discard"));
        discard.addAll(bad);
        PackagedJar.Ended discarded = jar.run(discard.toArray(String[]::new));
        assertEquals(0, discarded.status(), discarded::said);
        awaitCleared("PipelineDeadLetters", "PipelineSuccessRateLow");
    }

    private void aTableThatTakesNothingHoldsFilesBack() {
        aws.faults(call -> call.operation().equals("dynamodb:BatchWriteItem") ? Fault.THROTTLE : Fault.NONE);
        List<String> held = IntStream.rangeClosed(1, 5)
                .mapToObj(i -> "held-back-" + i + ".csv")
                .toList();
        held.forEach(file -> cloud.drop(file, UserStory.large(3) + file + ",Nora Vance,Lamp,1,9.99\n"));
        awaitFiring("PipelineThrottled", "");
        awaitFiring("PipelineStandsStill", "There are files to do, and none has been concluded for 15 minutes");
        awaitFiring("PipelineFileUnfinished", "");

        aws.faults(call -> Fault.NONE);
        await(held.toString())
                .atMost(PackagedJar.PATIENCE)
                .until(() -> cloud.keys("processed-data/").size() == held.size());
        awaitCleared("PipelineThrottled", "PipelineStandsStill", "PipelineFileUnfinished");
    }

    private void aServiceThatStops() {
        aws.faults(call -> call.service().equals("sqs") || call.service().equals("s3") ? Fault.DOWN : Fault.NONE);
        awaitFiring("PipelineOutage", "AWS does not let files through");
        aws.faults(call -> Fault.NONE);
        awaitCleared("PipelineOutage");
    }

    private void aPermissionToCountThatIsMissing() {
        aws.faults(call -> call.operation().equals("sqs:GetQueueAttributes")
                        && call.detail().contains("ApproximateNumberOfMessages")
                ? Fault.DENIED
                : Fault.NONE);
        awaitFiring("PipelineFiguresMissing", "Waiting files or dead letters cannot be counted");
        aws.faults(call -> Fault.NONE);
        awaitCleared("PipelineFiguresMissing");
    }

    private void everyPanelShowsSomething() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(Path.of("deploy/dashboards/grafana.json")));
        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                String expression = target.path("expr")
                        .asText()
                        .replace("$job", ".*")
                        .replace("$__range", "5m")
                        .replace("$__rate_interval", "1m");
                JsonNode samples = prometheus.query(expression);
                assertTrue(samples.size() > 0, () -> panel.path("title").asText() + ": " + expression);
            }
        }
    }

    private static int port(PackagedJar.Run run) {
        PackagedJar.awaitSaid(run, "page at ");
        Matcher greeting = PORT.matcher(run.said());
        assertTrue(greeting.find(), run::said);
        return Integer.parseInt(greeting.group(1));
    }

    /** @param summary what it says; empty where that holds a figure of this run */
    private void awaitFiring(String alarm, String summary) {
        Map<String, String> firing = await(alarm + " to fire")
                .atMost(PackagedJar.PATIENCE)
                .until(prometheus::firing, now -> now.containsKey(alarm));
        assertTrue(summary.isEmpty() || firing.get(alarm).equals(summary), () -> firing.get(alarm));
        shown.add(alarm);
    }

    private void awaitCleared(String... alarms) {
        await(String.join(", ", alarms) + " to clear")
                .atMost(PackagedJar.PATIENCE)
                .until(() -> List.of(alarms).stream().noneMatch(prometheus.firing()::containsKey));
    }

    private void awaitQuiet() {
        await("no alarm")
                .atMost(PackagedJar.PATIENCE)
                .until(() -> prometheus.firing().isEmpty());
    }
}
