package pipeline.soak;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Drops files as people and machines do, notes each in the model first, and announces most of them. Used by one thread. */
final class Dropper {
    private static final List<String> FOLDERS = List.of("", "", "north/", "south/2026 q1/", "a+b/c/");

    /** So far back goes what is replaced, dropped again or corrected. */
    private static final int RECENT = 60;

    /** So often at most comes a large file: the tables are in memory, and a fast machine would fill them. */
    private static final Duration LARGE_FILES_APART = Duration.ofMinutes(2);

    private final Account account;
    private final Dropped dropped;
    private final SplittableRandom random;
    private final Set<Version> corrected = new HashSet<>();
    private final List<String> foreign = new ArrayList<>();
    private Instant largeDue = Instant.now();
    private int files;
    private int events;

    Dropper(Account account, Dropped dropped, long seed) {
        this.account = account;
        this.dropped = dropped;
        random = new SplittableRandom(seed);
    }

    /** Drops something of any kind. */
    void drop() {
        int kind = random.nextInt(100);
        if (kind < 62) {
            dropNew(rows(random.nextInt(81)));
        } else if (kind < 67) {
            dropNew(rows(random.nextInt(200, 3_000)));
        } else if (kind < 68) {
            dropNew(rows(isLargeDue() ? random.nextInt(10_000, 20_000) : random.nextInt(200, 3_000)));
        } else if (kind < 75) {
            dropNew(Content.Rubbish.of(random));
        } else if (kind < 86) {
            recent().ifPresent(version -> drop(version.file(), rows(random.nextInt(81))));
        } else if (kind < 94) {
            recent().ifPresent(version -> drop(version.file(), version.content()));
        } else if (kind < 98) {
            correct();
        } else if (kind < 99) {
            announce("gone-%d.csv".formatted(random.nextInt(1_000_000)));
        } else {
            String text = "please process no. " + random.nextInt(1_000_000);
            foreign.add(text);
            account.send(text, 0);
        }
    }

    private boolean isLargeDue() {
        boolean due = !Instant.now().isBefore(largeDue);
        if (due) {
            largeDue = Instant.now().plus(LARGE_FILES_APART);
        }
        return due;
    }

    /** Drops a file of its own with a few rows, or none of which is readable. */
    void dropSmall() {
        dropNew(random.nextInt(20) == 0 ? Content.Rubbish.of(random) : rows(random.nextInt(1, 120)));
    }

    private Content.Rows rows(int rows) {
        int share = random.nextInt(10);
        int badIn100 = share < 4 ? 0 : share < 9 ? 12 : 100;
        return new Content.Rows(
                Sheet.values()[random.nextInt(Sheet.values().length)], random.nextLong(), rows, badIn100);
    }

    private void dropNew(Content content) {
        files++;
        drop(FOLDERS.get(random.nextInt(FOLDERS.size())) + "file-%05d.csv".formatted(files), content);
    }

    private void drop(String file, Content content) {
        byte[] bytes = content.bytes();
        dropped.note(file, content, bytes);
        account.put(file, bytes);
        if (random.nextInt(100) < 70) {
            announce(file);
        }
    }

    private Optional<Version> recent() {
        List<Version> all = dropped.all();
        List<Version> recent = all.subList(Math.max(0, all.size() - RECENT), all.size()).stream()
                .filter(version -> !(version.content() instanceof Content.Repair))
                .toList();
        return recent.isEmpty() ? Optional.empty() : Optional.of(recent.get(random.nextInt(recent.size())));
    }

    /** The rejects of a file that has ended come back corrected, all of them or some. */
    private void correct() {
        Optional<Version> source = recent().filter(version -> version.content() instanceof Content.Rows rows
                && rows.stored() < rows.rows()
                && !corrected.contains(version)
                && account.entry(version.file(), version.eTag())
                        .filter(entry ->
                                entry.status().text().equals(version.content().status())
                                        && entry.rejects().isPresent())
                        .isPresent());
        if (source.isPresent()) {
            corrected.add(source.get());
            List<Integer> bad = ((Content.Rows) source.get().content()).bad();
            List<Integer> some = random.nextBoolean() ? bad : bad.subList(0, 1 + bad.size() / 2);
            files++;
            drop("corrected-%05d.csv".formatted(files), new Content.Repair(source.get(), some));
        }
    }

    private void announce(String file) {
        String message = event("raw-data/" + file);
        int times = random.nextInt(10) == 0 ? 2 : 1;
        for (int i = 0; i < times; i++) {
            account.send(message, random.nextInt(6) == 0 ? random.nextInt(1, 15) : 0);
            events++;
        }
    }

    /** Straight from S3, through SNS, or through EventBridge. */
    private String event(String key) {
        String bucket = Account.BUCKET;
        String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
        String fromS3 = """
                {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put",
                 "s3":{"bucket":{"name":"%s"},"object":{"key":"%s","size":1,"eTag":"0"}}}]}
                """.formatted(bucket, encoded);
        return switch (random.nextInt(4)) {
            case 0 -> """
                {"version":"0","source":"aws.s3","detail-type":"Object Created",
                 "detail":{"bucket":{"name":"%s"},"object":{"key":"%s","size":1}}}
                """.formatted(bucket, key);
            case 1 ->
                "{\"Type\":\"Notification\",\"MessageId\":\"1\",\"Message\":"
                        + JsonNodeFactory.instance.textNode(fromS3) + "}";
            default -> fromS3;
        };
    }

    /** Messages that were put on the intake queue and are no events. */
    List<String> foreign() {
        return List.copyOf(foreign);
    }

    int events() {
        return events;
    }
}
