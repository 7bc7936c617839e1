package pipeline.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import pipeline.local.Call;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;

/**
 * I4 at every instant that counts: before a delete from {@code raw-data/} reaches the store, the very version that it
 * names must lie in full in the archive, and nothing may be written over or deleted there. Looks at the store's own files.
 */
final class ArchiveWatch implements FaultPlan {
    private static final String RAW_DATA = Account.BUCKET + "/raw-data/";
    private static final String ARCHIVE = Account.BUCKET + "/archive/";

    private final Path archive;
    private volatile FaultPlan faults;
    private final AtomicInteger deletes = new AtomicInteger();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    /** @param data the data folder of the local AWS */
    ArchiveWatch(Path data) {
        this.archive = data.resolve("s3").resolve(ARCHIVE);
        this.faults = FaultPlan.none();
    }

    /** What goes wrong beside that, from now on. */
    void faults(FaultPlan plan) {
        faults = plan;
    }

    @Override
    public Fault next(Call call) {
        if (!call.caller().equals(Account.OBSERVER)) {
            try {
                check(call);
            } catch (RuntimeException e) {
                violations.add(call + ": " + e);
                throw e;
            }
        }
        return faults.next(call);
    }

    private void check(Call call) {
        if (call.operation().equals("s3:DeleteObjects")) {
            violations.add(call.caller() + " deletes many objects at once");
        } else if (call.operation().equals("s3:DeleteObject") && call.target().startsWith(RAW_DATA)) {
            deletes.incrementAndGet();
            String file = call.target().substring(RAW_DATA.length());
            if (!isArchived(file, call.detail())) {
                violations.add("%s deletes raw-data/%s of version '%s', which is not in the archive"
                        .formatted(call.caller(), file, call.detail()));
            }
        } else if (call.target().startsWith(ARCHIVE)
                && List.of("s3:DeleteObject", "s3:PutObject").contains(call.operation())) {
            violations.add(call.caller() + ": " + call.operation() + " of " + call.target());
        }
    }

    private boolean isArchived(String file, String eTag) {
        if (!Files.exists(archive)) {
            return false;
        }
        try (Stream<Path> days =
                Files.find(archive, 3, (path, attributes) -> path.getNameCount() == archive.getNameCount() + 3)) {
            return days.flatMap(day -> Names.of("", file, eTag).stream().map(day::resolve))
                    .anyMatch(copy -> holds(copy, eTag));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean holds(Path copy, String eTag) {
        try {
            return Dropped.md5(Files.readAllBytes(copy)).equals(eTag);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many deletes from {@code raw-data/} were looked at. */
    int deletes() {
        return deletes.get();
    }

    List<String> violations() {
        return List.copyOf(violations);
    }
}
