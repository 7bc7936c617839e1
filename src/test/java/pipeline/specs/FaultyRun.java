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

/**
 * One run of a small scenario in which one call goes wrong: a file with a bad row, which is replaced just when it is to
 * be deleted, a file of bad rows only, and then the bad row corrected, which is announced by two events; another worker
 * receives the second one while the row is stored. Watches at every call over what must hold at every instant.
 */
final class FaultyRun implements FaultPlan {
    /** Two calls of BatchWriteItem. */
    private static final String ORDERS = Orders.goodAndOneBad(26);

    private static final String REPLACEMENT = Orders.good(2).replace("A0", "C0");
    private static final String BAD = Orders.HEADER + "X1,,Lamp,1,5.00\nX2,Ann,Lamp,0,5.00\n";

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
    private boolean replaced;
    private boolean corrected;
    private boolean crossed;
    private int faults;

    /** A run in which nothing goes wrong. */
    FaultyRun(Sandbox sandbox, String folder) {
        this(sandbox, folder, Optional.empty(), Mishap.FAILS);
    }

    /**
     * @param folder where the files are dropped, new for each run
     * @param at the call that goes wrong
     */
    FaultyRun(Sandbox sandbox, String folder, Step at, Mishap mishap) {
        this(sandbox, folder, Optional.of(at), mishap);
    }

    private FaultyRun(Sandbox sandbox, String folder, Optional<Step> at, Mishap mishap) {
        this.sandbox = sandbox;
        this.folder = folder;
        this.at = at;
        this.mishap = mishap;
    }

    void drop() {
        put("orders.csv", ORDERS);
        put("rubbish.csv", BAD);
    }

    /** What the first half of the scenario has rejected. */
    String rejects() {
        return content(sandbox.path("failed-data/" + folder + "/orders.rejects.csv"));
    }

    /** The second half of the scenario: the rejected row is dropped again, corrected, and announced twice. */
    synchronized void dropCorrected(String rejects) {
        if (!corrected) {
            corrected = true;
            put("z-corrected.csv", rejects.replaceAll("run-\\d+", folder).replace(",none,", ",2,"));
            sandbox.announce(folder + "/z-corrected.csv");
            sandbox.announce(folder + "/z-corrected.csv");
        }
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
        if (call.caller().equals(Sandbox.CALLER)) {
            return Fault.NONE;
        }
        if (isCrossing(call)) {
            crossing.run();
        }
        synchronized (this) {
            watch(call);
            if (isDeletion(call, "orders.csv") && !replaced) {
                replaced = true;
                put("orders.csv", REPLACEMENT);
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

    private boolean isDeletion(Call call, String name) {
        return call.operation().equals("s3:DeleteObject") && call.target().endsWith("raw-data/" + folder + "/" + name);
    }

    /**
     * At every instant: what was archived is there, whoever sees a filed copy finds its rejects, and what is taken out of
     * raw-data/ is archived, concluded and announced.
     */
    private void watch(Call call) {
        Set<String> now = archive();
        now.retainAll(Set.of(ORDERS, REPLACEMENT, BAD));
        if (!now.containsAll(archived)) {
            broken.add("an archived version was gone or changed at " + call);
        }
        archived.addAll(now);
        requireSettled("orders.csv", ORDERS, now, call);
        requireSettled("rubbish.csv", BAD, now, call);
        requireRejects("processed-data/" + folder + "/orders.csv", "orders", call);
        requireRejects("failed-data/" + folder + "/rubbish.csv", "rubbish", call);
    }

    private void requireSettled(String name, String text, Set<String> archive, Call call) {
        if (isDeletion(call, name)) {
            if (!archive.contains(text)) {
                broken.add("what was deleted was not archived at " + call);
            }
            sandbox.ledger().stream()
                    .filter(entry -> entry.file().equals(folder + "/" + name))
                    .filter(entry -> entry.bytes() == text.length())
                    .filter(entry -> entry.announcePending()
                            || entry.tidyPending()
                            || entry.location().isEmpty())
                    .forEach(entry -> broken.add("something was left to do for " + entry + " at " + call));
        }
    }

    private void requireRejects(String filed, String name, Call call) {
        if (Files.exists(sandbox.path(filed))
                && !Files.exists(sandbox.path("failed-data/" + folder + "/" + name + ".rejects.csv"))) {
            broken.add(filed + " was there without its rejects at " + call);
        }
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
