package pipeline.conclude;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import pipeline.announce.Told;
import pipeline.aws.Services;
import pipeline.claim.Attempt;
import pipeline.claim.Conclusions;
import pipeline.claim.Entry;
import pipeline.claim.FileVersion;
import pipeline.claim.Status;
import pipeline.intake.ObjectVersion;
import pipeline.intake.StoredObject;
import pipeline.observe.Journal;
import pipeline.place.Archive;
import pipeline.place.Copies;
import pipeline.place.Places;
import pipeline.reject.Rejects;
import pipeline.repair.Repairs;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The steps that end a file, in the order in which the route {@code conclude-file} takes them. Whoever dies between two
 * of them leaves a state from which another goes on: before the ledger is written the file is simply worked on again,
 * after it only what is left of it is done.
 */
public final class Conclusion {
    /** A concluded version is under no lease, and whoever makes its copies makes the same ones. */
    private static final Runnable CONCLUDED = () -> {};

    /** What the next credentials or a clock that is put right mend, which all files share. */
    private static final Set<String> OF_THE_CALLER = Set.of(
            "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired", "RequestTimeTooSkewed");

    private final Copies copies;
    private final Archive archive;
    private final Rejects rejects;
    private final Repairs repairs;
    private final Conclusions ledger;
    private final Services services;
    private final Journal journal;
    private final Told told = new Told();

    public Conclusion(
            Copies copies,
            Archive archive,
            Rejects rejects,
            Repairs repairs,
            Conclusions ledger,
            Services services,
            Journal journal) {
        this.copies = copies;
        this.archive = archive;
        this.rejects = rejects;
        this.repairs = repairs;
        this.ledger = ledger;
        this.services = services;
        this.journal = journal;
    }

    /**
     * Step 1: rejected rows are where people find them.
     *
     * @return the key of the rejects file; empty where no row was rejected, and for a failed file, which has not been
     *     read to its end
     */
    public Optional<String> returnRejects(Attempt attempt, Outcome outcome) {
        if (outcome.status() == Status.FAILED) {
            rejects.takeAway(attempt);
            return Optional.empty();
        }
        return rejects.finish(attempt);
    }

    /**
     * Step 2: the archived copy is copied to where it belongs.
     *
     * @return the key of that copy; empty where there is nothing to conclude, as the version was replaced or deleted and
     *     none of it was ever kept
     */
    public Optional<String> file(Attempt attempt, Outcome outcome) throws Copies.SourceGoneException {
        attempt.lease().checkHeld();
        try {
            if (attempt.archived().isEmpty() && !archive.keep(attempt)) {
                return Optional.empty();
            }
            StoredObject archived = attempt.archived().orElseThrow();
            // A copy in many parts takes longer than a process that stops may take.
            Runnable mayWrite = copies.inParts(archived) ? attempt.lease()::check : attempt.lease()::checkHeld;
            return Optional.of(copies.ensure(
                            archived,
                            Places.names(folder(outcome.status()), attempt.file(), attempt.version()),
                            FileVersion.sourceVersion(attempt.file(), attempt.version()),
                            mayWrite)
                    .key());
        } catch (Copies.SourceGoneException e) {
            return Optional.of(inPlace(attempt, outcome, e));
        } catch (S3Exception e) {
            if (!isLasting(e, outcome) || services.outage(e, Optional.empty()).isPresent()) {
                throw e;
            }
            return Optional.of(inPlace(attempt, outcome, e));
        }
    }

    /**
     * Whether S3 refuses the same until a person mends something. S3 has more codes than a list of them could hold, and to a
     * HEAD request it answers none: so every answer is lasting but those that pass by themselves. What passes as a rule, an
     * error of S3's own or a conflict with another call, is lasting too where it has outlived all tries.
     */
    private static boolean isLasting(S3Exception refusal, Outcome outcome) {
        if (outcome.status() != Status.FAILED
                || Services.isThrottled(refusal)
                || Services.maybeThrottled(refusal)
                || refusal.isClockSkewException()) {
            return false;
        }
        String code = refusal.awsErrorDetails() == null
                ? ""
                : Objects.requireNonNullElse(refusal.awsErrorDetails().errorCode(), "");
        boolean passes = refusal.statusCode() >= 500 || refusal.statusCode() == 409 || code.equals("RequestTimeout");
        return !OF_THE_CALLER.contains(code) && (!passes || outcome.lastTry());
    }

    /** A failed file that S3 will not copy, such as one of a class that must be restored first, stays where it lies. */
    private static <E extends Exception> String inPlace(Attempt attempt, Outcome outcome, E failure) throws E {
        if (outcome.status() != Status.FAILED) {
            throw failure;
        }
        return attempt.archived().map(StoredObject::key).orElse(ObjectVersion.RAW_DATA + attempt.file());
    }

    /** Step 3: the ledger says how it ended. From here on nothing changes that. */
    public Entry writeLedger(Attempt attempt, Outcome outcome, Optional<String> rejectsKey, String location) {
        attempt.lease().checkHeld();
        for (Map.Entry<String, Long> source : repairs.repaired(attempt).entrySet()) {
            ledger.find(source.getKey()).ifPresent(entry -> ledger.repaired(entry, attempt, source.getValue()));
        }
        Entry entry =
                ledger.conclude(attempt, new Conclusions.End(outcome.status(), outcome.reason(), rejectsKey, location));
        journal.concluded(attempt, entry);
        return entry;
    }

    /** Whether the dead-letter message is still to be sent. */
    public boolean messageDue(Entry entry) {
        return entry.messagePending() && !told.contains(message(entry));
    }

    /** Step 4, first half: the dead-letter message is sent, and is not to be sent again if the alert fails. */
    public Entry messageSent(Entry entry) {
        told.add(message(entry));
        return ledger.messageSent(entry);
    }

    /** Whether the alert is still to be sent. */
    public boolean alertDue(Entry entry) {
        return entry.announcePending() && !told.contains(alert(entry));
    }

    /** Step 4, second half: the alert is sent. */
    public void alertSent(Entry entry) {
        told.add(alert(entry));
    }

    private static String message(Entry entry) {
        return "message of failure " + entry.failures() + " of " + entry;
    }

    private static String alert(Entry entry) {
        return "alert of failure " + entry.failures() + " of " + entry;
    }

    /**
     * Step 4: the ledger knows that message and alert are sent, and copies in places of an earlier outcome are gone. Where
     * a person has had the file worked on again since, as an alert may be long on its way, what lies there is of its next
     * outcome, and stays.
     */
    public void settle(Entry entry) {
        if (entry.tidyPending()) {
            String location = entry.location().orElseThrow();
            String sourceVersion = FileVersion.sourceVersion(entry.file(), entry.version());
            for (String folder : new String[] {Places.PROCESSED, Places.FAILED}) {
                if (!location.startsWith(folder)) {
                    copies.find(Places.names(folder, entry.file(), entry.version()), sourceVersion)
                            .filter(stray -> ledger.tidyDue(entry))
                            .ifPresent(stray -> copies.delete(stray.key(), stray.eTag()));
                }
            }
        }
        if (entry.announcePending() || entry.tidyPending()) {
            ledger.settled(entry);
        }
        told.remove(message(entry));
        told.remove(alert(entry));
    }

    /** Step 5: the object leaves {@code raw-data/}, provided that it still is this version. */
    public void clearRawData(Entry entry) {
        if (entry.location()
                .filter(key -> key.startsWith(ObjectVersion.RAW_DATA))
                .isPresent()) {
            return;
        }
        copies.delete(ObjectVersion.RAW_DATA + entry.file(), entry.version());
    }

    /**
     * The object of a version that was concluded earlier lies in {@code raw-data/}. If it is the very object that was
     * worked on, its deletion is made up for; if it came later, it is a duplicate.
     */
    public void clearAgain(Entry entry, ObjectVersion seen) throws Copies.SourceGoneException {
        if (seen.object().isEmpty()) {
            // Known from the ledger alone: if there is an object, a listing will show it.
            return;
        }
        Instant stored = seen.object().get().lastModified();
        boolean inPlace = entry.location()
                .filter(key -> key.startsWith(ObjectVersion.RAW_DATA))
                .isPresent();
        if (!inPlace
                && entry.objectLastModified()
                        .filter(claimed -> sameSecond(claimed, stored))
                        .isEmpty()) {
            ensureFiled(entry);
            journal.duplicate(entry);
        }
        clearRawData(entry);
    }

    /** HeadObject answers in whole seconds, some stores' listings more precisely. */
    private static boolean sameSecond(Instant one, Instant other) {
        return one.getEpochSecond() == other.getEpochSecond();
    }

    /** Somebody may have deleted the copies of the first one: then the duplicate takes their place. */
    private void ensureFiled(Entry entry) throws Copies.SourceGoneException {
        String sourceVersion = FileVersion.sourceVersion(entry.file(), entry.version());
        String location = entry.location().orElse("");
        if (entry.location().isPresent()
                && copies.find(List.of(location), sourceVersion).isPresent()) {
            return;
        }
        StoredObject archived = copies.ensure(
                new StoredObject(ObjectVersion.RAW_DATA + entry.file(), entry.version(), entry.bytes()),
                Places.names(Places.archive(entry.firstClaim()), entry.file(), entry.version()),
                sourceVersion,
                CONCLUDED);
        String key = copies.ensure(
                        archived,
                        Places.names(folder(entry.status()), entry.file(), entry.version()),
                        sourceVersion,
                        CONCLUDED)
                .key();
        if (!key.equals(location)) {
            ledger.refiled(entry, key);
        }
    }

    private static String folder(Status status) {
        return status == Status.COMPLETED ? Places.PROCESSED : Places.FAILED;
    }

    /** The version was gone or replaced before it could be archived. */
    public void supersede(Attempt attempt) {
        if (ledger.supersede(attempt)) {
            journal.superseded(attempt);
        }
    }
}
