package pipeline.local;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.dataset.Shown;
import pipeline.observe.Journal;

/** Prints one line for each file that comes to an end, for a person who watches. */
final class Outcomes implements Journal.Listener {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final boolean UNICODE =
            System.getProperty("native.encoding", "").toUpperCase(Locale.ROOT).startsWith("UTF");
    private static final Map<String, String> ASCII =
            Map.of("✔", "ok  ", "◑", "part", "✘", "NO  ", "↺", "same", "…", "wait", "✉", "mail");

    private final Path bucket;
    private int ended;

    Outcomes(String bucket, Path data) {
        this.bucket = data.resolve("s3").resolve(bucket);
    }

    @Override
    public synchronized void on(Journal.Event event) {
        if (event instanceof Journal.Event.Concluded concluded) {
            concluded(concluded.entry());
        } else if (event instanceof Journal.Event.Duplicate duplicate) {
            duplicate(duplicate.entry());
        } else if (event instanceof Journal.Event.Retried retried) {
            line("…", retried.file(), "next attempt at " + retried.notBefore() + ": " + retried.reason());
            return;
        } else if (event instanceof Journal.Event.Superseded superseded) {
            line("↺", superseded.file(), "replaced before it was taken: the newer version is its own file");
        }
        ended++;
        notifyAll();
    }

    private void concluded(Entry entry) {
        if (entry.status() == Status.COMPLETED) {
            String dataset = entry.dataset().orElseThrow();
            String counts = entry.rowsRejected() == 0
                    ? "%,d stored".formatted(entry.rowsStored())
                    : "%,d stored, %,d rejected".formatted(entry.rowsStored(), entry.rowsRejected());
            String fix =
                    entry.rejects().map(key -> "   fix: " + bucket.resolve(key)).orElse("");
            line(entry.rowsRejected() == 0 ? "✔" : "◑", entry.file(), counts + " (" + dataset + ")" + fix);
        } else {
            String rejects =
                    entry.rejects().map(key -> "   why: " + bucket.resolve(key)).orElse("");
            line("✘", entry.file(), entry.status().text() + ": " + reason(entry) + rejects);
        }
    }

    private static String reason(Entry entry) {
        String reason = entry.reason().orElseThrow();
        String name = Shown.line(entry.file());
        return reason.startsWith(name + ": ") ? reason.substring(name.length() + 2) : reason;
    }

    private void duplicate(Entry entry) {
        long seconds = Duration.between(entry.concludedAt().orElseThrow(), Instant.now())
                .toSeconds();
        line(
                "↺",
                entry.file() + " (dropped again)",
                "nothing to do: this version was %s %d s ago"
                        .formatted(entry.status().text(), seconds));
    }

    private void line(String mark, String file, String what) {
        System.out.printf("%s %-28s %s%n", mark(mark), Shown.line(file), what);
    }

    /** A mark as this terminal can show it. */
    String mark(String mark) {
        return UNICODE ? mark : ASCII.get(mark);
    }

    /** Waits until so many files have come to an end. */
    synchronized void await(int files) throws InterruptedException, TimeoutException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (ended < files) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new TimeoutException(
                        "only %d of %d sample files came to an end in %s".formatted(ended, files, PATIENCE));
            }
            wait(left);
        }
    }
}
