package pipeline.announce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import pipeline.claim.Entry;
import pipeline.claim.FileVersion;
import pipeline.claim.Status;
import pipeline.dataset.Shown;
import pipeline.intake.S3Events;

/**
 * What is said of a file that a person must look at: a message for the dead-letter queue and an alert for the topic. Both
 * carry the same id, so that whoever gets one of them twice can tell.
 */
public final class Announcement {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A message of SQS holds 256 KiB in older accounts; raw text beyond this is cut, as JSON may take six bytes a character. */
    private static final int MOST_TEXT = 30_000;

    private final Digest digest;

    /** @param digest which failures are told to people in full; to programs each one is */
    public Announcement(Digest digest) {
        this.digest = digest;
    }

    /** The JSON of the dead-letter message, as a map in its order. */
    public Map<String, Object> message(Entry entry) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("id", FileVersion.failureId(entry.file(), entry.version(), entry.failures()));
        message.put("kind", "file");
        message.put("file", entry.file());
        message.put("version", entry.version());
        message.put("status", entry.status().text());
        message.put("reason", reason(entry));
        message.put("attempts", entry.attempts());
        message.put("rows_read", entry.rowsRead());
        message.put("rows_stored", entry.rowsStored());
        message.put("rows_rejected", entry.rowsRejected());
        message.put("failed_at", entry.concludedAt().orElseThrow().toString());
        message.put("location", entry.location().orElseThrow());
        return message;
    }

    /**
     * The alert for SNS with {@code MessageStructure=json} ("Publish" in the SNS API reference): the dead-letter message's
     * JSON for every protocol, and a text for people for e-mail.
     */
    public Map<String, Object> alert(Entry entry) throws JsonProcessingException {
        return Map.of("default", JSON.writeValueAsString(message(entry)), "email", email(entry));
    }

    /** The e-mail's subject: SNS takes less than 100 characters of printable ASCII. */
    public String subject(Entry entry) {
        String what = " " + ended(entry)
                + repeated(entry)
                        .map(place -> " (%,d for one reason since %s)".formatted(place.number(), place.since()))
                        .orElse("");
        String file = entry.file().replaceAll("[^\\x20-\\x7E]", "?");
        int room = 99 - "[pipeline] ".length() - what.length();
        return "[pipeline] " + (file.length() <= room ? file : file.substring(0, room - 3) + "...") + what;
    }

    /**
     * Whether a person can do without this alert: its reason was told in full before, and it is none of those that say how
     * far it has got.
     */
    public boolean isRepeat(Entry entry) {
        return repeated(entry).filter(place -> !place.milestone()).isPresent();
    }

    private Optional<Digest.Place> repeated(Entry entry) {
        return digest.place(entry).filter(place -> !place.first());
    }

    private static String ended(Entry entry) {
        return entry.status() == Status.FAILED ? "failed after " + entry.attempts() + " attempts" : "refused";
    }

    private String email(Entry entry) {
        return repeated(entry)
                .map(place -> "%s %s: %s; %,d for one reason, nothing is lost; all of them: failures list --since %s\n"
                        .formatted(
                                Shown.line(entry.file()),
                                ended(entry),
                                entry.reasonAlone().orElse(reason(entry)),
                                place.number(),
                                place.since()))
                .orElseGet(() -> inFull(entry)
                        + digest.place(entry)
                                .map(place ->
                                        "More: until %s others that end so are told in a line each; all of them: failures list --since %s\n"
                                                .formatted(place.until(), place.since()))
                                .orElse(""));
    }

    private static String inFull(Entry entry) {
        String location = Shown.line(entry.location().orElseThrow());
        String kept = entry.rowsStored() == 0
                ? "no row is stored; the file is in %s. Nothing is lost.".formatted(location)
                : "%,d of the %,d rows read so far are stored; the file is in %s. Nothing is lost."
                        .formatted(entry.rowsStored(), entry.rowsRead(), location);
        String rejects = entry.rejects()
                .map(key -> "\nWhy:  every rejected row and its reasons are in " + Shown.line(key) + ".")
                .orElse("");
        String doThis = entry.rejects().isPresent()
                ? "correct the rows there and drop that file into raw-data/."
                : entry.status() == Status.FAILED
                        ? "mend the cause, then run: failures replay " + Shown.argument(entry.file())
                        : "mend the file and drop it again; if the file is right, mend the dataset, then run: failures replay "
                                + Shown.argument(entry.file());
        return "What: %s\nKept: %s%s\nDo:   %s\n".formatted(reason(entry), kept, rejects, doThis);
    }

    private static String reason(Entry entry) {
        return entry.reason().orElse("no reason is known");
    }

    /** The alert that AWS does not answer or refuses what several files in a row need, or no longer, with a text for people beside it. */
    public Map<String, Object> outage(Map<String, Object> alert) throws JsonProcessingException {
        String text = began(alert)
                ? "What: %s since %s (%s).%nKept: every file is where it was, and none spends an attempt.%nDo:   %s.%n"
                        .formatted(
                                outageInWords(alert),
                                alert.get("at"),
                                alert.get("reason"),
                                refused(alert)
                                        ? "mend what the reason names (a permission, a key), if AWS does not; files go on by themselves then"
                                        : "nothing, if AWS mends it; otherwise look at credentials, permissions and network")
                : "What: %s since %s.%nKept: every file that waited is worked on now.%nDo:   nothing.%n"
                        .formatted(outageInWords(alert), alert.get("at"));
        return Map.of("default", JSON.writeValueAsString(alert), "email", text);
    }

    /** The subject of that alert. */
    public String outageSubject(Map<String, Object> alert) {
        return "[pipeline] " + outageInWords(alert);
    }

    private static String outageInWords(Map<String, Object> alert) {
        if (refused(alert)) {
            return began(alert) ? "AWS refuses what several files in a row need" : "AWS lets files through again";
        }
        return began(alert) ? "AWS does not answer" : "AWS answers again";
    }

    private static boolean began(Map<String, Object> alert) {
        return "outage-began".equals(alert.get("kind"));
    }

    private static boolean refused(Map<String, Object> alert) {
        return "refused".equals(alert.get("cause"));
    }

    /** The dead-letter message for a message on the intake queue that is no event; the same as before for one that came back. */
    public Map<String, Object> foreign(S3Events.Foreign message) {
        Map<String, Object> dead = new LinkedHashMap<>();
        dead.put("reason", message.reason());
        dead.put("received_at", message.receivedAt().orElseGet(() -> Instant.now()
                .toString()));
        dead.put(
                "text",
                message.text().length() <= MOST_TEXT
                        ? message.text()
                        : message.text().substring(0, MOST_TEXT));
        return dead;
    }
}
