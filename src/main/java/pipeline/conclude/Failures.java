package pipeline.conclude;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import pipeline.claim.Conclusions;
import pipeline.claim.Entry;
import pipeline.claim.Ledger;
import pipeline.claim.Status;
import pipeline.intake.ObjectVersion;

/** The refused and failed files: what a person must look at, and what that person can decide. The ledger is the list. */
public final class Failures {
    /** So many are read at once where somebody waits for the answer. */
    public static final int MOST = 1_000;

    private final Ledger ledger;
    private final Conclusions conclusions;

    public Failures(Ledger ledger, Conclusions conclusions) {
        this.ledger = ledger;
        this.conclusions = conclusions;
    }

    /** All open failures, the latest first; those too whose alert is not sent yet. */
    public List<Entry> list() {
        return latestFirst(Stream.concat(ledger.open(Ledger.WORK), ledger.open(Ledger.FAILURE)), Long.MAX_VALUE);
    }

    /** Open failures, up to {@link #MOST} of those the ledger names first, the latest first: for whoever cannot wait for all. */
    public List<Entry> some() {
        return some(ledger.open(Ledger.WORK).limit(MOST).toList());
    }

    /** @param work what was read of {@link Ledger#WORK}, where failures stand whose alert is not sent yet */
    public List<Entry> some(List<Entry> work) {
        return latestFirst(Stream.concat(work.stream(), ledger.open(Ledger.FAILURE)), MOST);
    }

    /** @param workFirst an entry that moves from there to the failures meanwhile is met twice, and never missed */
    private static List<Entry> latestFirst(Stream<Entry> workFirst, long most) {
        Map<String, Entry> failures = new LinkedHashMap<>();
        workFirst.filter(Failures::isFailure).limit(most).forEach(entry -> failures.put(entry.toString(), entry));
        return failures.values().stream()
                .sorted(Comparator.comparing(
                                (Entry entry) -> entry.concludedAt().orElse(Instant.EPOCH))
                        .reversed())
                .toList();
    }

    /**
     * The ledger entries that a person means: FILE, {@code raw-data/}FILE or FILE@VERSION. Without a version all versions
     * of the file, the latest first.
     */
    public List<Entry> find(String name) {
        String file = name.startsWith(ObjectVersion.RAW_DATA) ? name.substring(ObjectVersion.RAW_DATA.length()) : name;
        List<Entry> versions = ledger.versionsOf(file);
        int at = file.lastIndexOf('@');
        if (versions.isEmpty() && at > 0) {
            versions = ledger.find(file.substring(0, at), file.substring(at + 1)).stream()
                    .toList();
        }
        return versions.stream()
                .sorted(Comparator.comparing(Entry::firstClaim).reversed())
                .toList();
    }

    /**
     * The completed versions that answer failures: the latest of the same file, where it was first claimed after the
     * failed one. Whether it holds the same rows mended, or other ones, only a person can tell.
     *
     * @return by the failed entry's {@code file@version}; what is no failure, or unanswered, is not in it
     */
    public Map<String, Entry> answers(Collection<Entry> entries) {
        Map<String, List<Entry>> versions = new HashMap<>();
        Map<String, Entry> answers = new HashMap<>();
        for (Entry entry : entries) {
            if (isFailure(entry)) {
                versions.computeIfAbsent(entry.file(), ledger::versionsOf).stream()
                        .filter(other -> other.status() == Status.COMPLETED
                                && other.firstClaim().isAfter(entry.firstClaim()))
                        .max(Comparator.comparing(Entry::firstClaim))
                        .ifPresent(other -> answers.put(entry.toString(), other));
            }
        }
        return Map.copyOf(answers);
    }

    /** The ledger entry as it is now. */
    public Optional<Entry> now(Entry entry) {
        return ledger.find(entry.file(), entry.version());
    }

    /** True for an entry that can be replayed or discarded. */
    public static boolean isFailure(Entry entry) {
        return entry.status() == Status.REFUSED || entry.status() == Status.FAILED;
    }

    /** Re-opens a file: it waits, to be worked on from its archived copy. False when it is no failure (any more). */
    public boolean replay(Entry entry) {
        return isFailure(entry) && conclusions.replay(entry);
    }

    /** Takes a file off the list. False when it is no failure (any more). */
    public boolean discard(Entry entry) {
        return isFailure(entry) && conclusions.discard(entry);
    }
}
