package pipeline.specs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import pipeline.local.Call;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;
import software.amazon.awssdk.core.sync.RequestBody;

/** One run of a scenario in which one call goes wrong. Watches at every call over what must hold at every instant. */
final class FaultyRun implements FaultPlan {
    private static final String REPLACEMENT = Orders.good(2).replace("A0", "C0");

    /**
     * What happens while calls go wrong. They are small, and each stands alone: the cost of the test grows with the
     * square of their calls.
     */
    enum Scenario {
        /** A file with a bad row, two calls of BatchWriteItem long, is replaced just when it is to be deleted. */
        REPLACED("orders", Orders.goodAndOneBad(26), "processed-data", 28),
        /** A file holds bad rows only. */
        REFUSED("rubbish", Orders.HEADER + "X1,,Lamp,1,5.00\nX2,Ann,Lamp,0,5.00\n", "failed-data", 0),
        /**
         * A bad row comes back corrected, and two events tell of it; another worker receives the second one while the
         * row is stored. Calls go wrong from then on: that the row was rejected goes well.
         */
        REPAIRED("orders", Orders.goodAndOneBad(2), "processed-data", 3);

        private final String name;
        private final String text;
        private final String place;
        private final int stored;

        Scenario(String name, String text, String place, int stored) {
            this.name = name;
            this.text = text;
            this.place = place;
            this.stored = stored;
        }

        /** How many rows are stored by it. */
        int stored() {
            return stored;
        }
    }

    /**
     * A call of the scenario.
     *
     * @param target without what differs from run to run
     * @param occurrence the nth of such calls, from 1
     */
    record Step(String operation, String target, int occurrence) {
        /** Whether it is made because of an event, and not because of what the event leads to. */
        boolean isOfEvents() {
            return List.of("sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage")
                            .contains(operation)
                    || operation.equals("s3:HeadObject") && target.contains("raw-data/");
        }

        @Override
        public String toString() {
            return operation + " " + target + " #" + occurrence;
        }
    }

    private final Sandbox sandbox;
    private final Scenario scenario;
    private final String folder;
    private final Optional<Step> at;
    private final Mishap mishap;
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Integer> seen = new HashMap<>();
    private final Set<String> archived = new HashSet<>();
    private final List<String> broken = new ArrayList<>();
    private Optional<String> stopped = Optional.empty();
    private BooleanSupplier attemptEnded = () -> false;
    private Runnable crossing = () -> {};
    private String watched = "";
    private String watchedText = "";
    private boolean replaced;
    private boolean corrected;
    private boolean crossed;
    private int faults;

    /** A run in which nothing goes wrong. */
    FaultyRun(Sandbox sandbox, Scenario scenario, String folder) {
        this(sandbox, scenario, folder, Optional.empty(), Mishap.FAILS);
    }

    /**
     * @param folder where the files are dropped, new for each run
     * @param at the call that goes wrong
     */
    FaultyRun(Sandbox sandbox, Scenario scenario, String folder, Step at, Mishap mishap) {
        this(sandbox, scenario, folder, Optional.of(at), mishap);
    }

    private FaultyRun(Sandbox sandbox, Scenario scenario, String folder, Optional<Step> at, Mishap mishap) {
        this.sandbox = sandbox;
        this.scenario = scenario;
        this.folder = folder;
        this.at = at;
        this.mishap = mishap;
    }

    void drop() {
        dropWatched(scenario.name, scenario.text);
    }

    /** Where a row comes back: it is dropped again, corrected, and announced twice. */
    synchronized void dropCorrected() {
        if (scenario == Scenario.REPAIRED && !corrected) {
            corrected = true;
            dropWatched("corrected", content(rejects()).replace(",none,", ",2,"));
            sandbox.announce(folder + "/corrected.csv");
            sandbox.announce(folder + "/corrected.csv");
        }
    }

    /** From now on it is this file whose deletion is watched. */
    private void dropWatched(String name, String text) {
        watched = name;
        watchedText = text;
        put(name + ".csv", text);
    }

    private void put(String name, String text) {
        sandbox.s3()
                .putObject(
                        request -> request.bucket(sandbox.bucket()).key("raw-data/" + folder + "/" + name),
                        RequestBody.fromString(text));
    }

    /** What goes wrong more than once does so until the attempt that it hits has ended. */
    void until(BooleanSupplier ended) {
        attemptEnded = ended;
    }

    /** What another does while a worker stores the corrected row. */
    void whileItIsStored(Runnable crossing) {
        this.crossing = crossing;
    }

    /** Whether this caller's process has stopped. */
    synchronized boolean hasStopped(String caller) {
        return stopped.filter(caller::equals).isPresent();
    }

    /** How many calls went wrong. */
    synchronized int faults() {
        return faults;
    }

    /** The calls of the run, in their order. */
    synchronized List<Step> steps() {
        return List.copyOf(steps);
    }

    /** What did not hold at some instant. */
    synchronized List<String> broken() {
        return List.copyOf(broken);
    }

    /** Whoever was stopped goes on: what it had called takes effect only now. */
    void wake() {
        synchronized (this) {
            stopped = Optional.empty();
        }
        sandbox.aws().releaseHanging();
    }

    @Override
    public Fault next(Call call) {
        if (call.caller().equals(Sandbox.CALLER) || !hasBegun()) {
            return Fault.NONE;
        }
        if (isCrossing(call)) {
            crossing.run();
        }
        synchronized (this) {
            watch(call);
            if (scenario == Scenario.REPLACED && isDeletion(call) && !replaced) {
                replaced = true;
                put(scenario.name + ".csv", REPLACEMENT);
            }
            Step step = step(call);
            steps.add(step);
            if (hasStopped(call.caller())) {
                return Fault.LATE;
            }
            if (at.filter(wanted -> isMeant(step, wanted)).isEmpty()) {
                return Fault.NONE;
            }
            faults++;
            if (mishap == Mishap.STOPS) {
                stopped = Optional.of(call.caller());
            }
            return mishap.fault();
        }
    }

    private synchronized boolean hasBegun() {
        return corrected || scenario != Scenario.REPAIRED;
    }

    private synchronized boolean isCrossing(Call call) {
        boolean now = corrected && !crossed && call.operation().equals("dynamodb:BatchWriteItem");
        crossed |= now;
        return now;
    }

    private Step step(Call call) {
        String target = call.target().replace(folder, "run").replaceAll("archive/[\\d/]+", "archive/day/");
        return new Step(call.operation(), target, seen.merge(call.operation() + target, 1, Integer::sum));
    }

    private boolean isMeant(Step step, Step wanted) {
        return step.operation().equals(wanted.operation())
                && step.target().equals(wanted.target())
                && step.occurrence() >= wanted.occurrence()
                && step.occurrence() < wanted.occurrence() + mishap.times()
                && !attemptEnded.getAsBoolean();
    }

    private boolean isDeletion(Call call) {
        return call.operation().equals("s3:DeleteObject")
                && call.target().endsWith("raw-data/" + folder + "/" + watched + ".csv");
    }

    private Path rejects() {
        return sandbox.path("failed-data/" + folder + "/" + scenario.name + ".rejects.csv");
    }

    /**
     * At every instant: what was archived is there, whoever sees a filed copy finds its rejects, and what is taken out of
     * raw-data/ is archived, concluded and announced.
     */
    private void watch(Call call) {
        Set<String> now = archive();
        now.retainAll(List.of(scenario.text, REPLACEMENT, watchedText));
        if (!now.containsAll(archived)) {
            broken.add("an archived version was gone or changed at " + call);
        }
        archived.addAll(now);
        if (isDeletion(call)) {
            requireSettled(now, call);
        }
        String filed = scenario.place + "/" + folder + "/" + scenario.name + ".csv";
        if (Files.exists(sandbox.path(filed)) && !Files.exists(rejects())) {
            broken.add(filed + " was there without its rejects at " + call);
        }
    }

    private void requireSettled(Set<String> archive, Call deletion) {
        if (!archive.contains(watchedText)) {
            broken.add("what was deleted was not archived at " + deletion);
        }
        sandbox.ledger().stream()
                .filter(entry -> entry.bytes() == watchedText.length())
                .filter(entry -> entry.announcePending()
                        || entry.tidyPending()
                        || entry.location().isEmpty())
                .forEach(entry -> broken.add("something was left to do for " + entry + " at " + deletion));
    }

    private Set<String> archive() {
        Path root = sandbox.path("archive");
        if (!Files.exists(root)) {
            return new HashSet<>();
        }
        Set<String> contents = new HashSet<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile).map(FaultyRun::content).forEach(contents::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return contents;
    }

    private static String content(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything there is, in words that are the same for every run: how many attempts it took is left out. */
    Outcome outcome(Found found) {
        SortedMap<String, List<String>> parts = new TreeMap<>();
        found.outcome(true)
                .parts()
                .forEach((name, lines) -> parts.put(
                        name.replace(folder, "run"),
                        lines.stream()
                                .map(line -> line.replace(folder, "run"))
                                .filter(line -> !line.contains("attempts"))
                                .map(line -> name.equals("alerts.yaml") ? line.replaceFirst("^\\d+ ", "") : line)
                                .distinct()
                                .toList()));
        return new Outcome(parts);
    }
}
