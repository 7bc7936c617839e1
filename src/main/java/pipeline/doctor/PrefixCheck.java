package pipeline.doctor;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What may be done under one prefix of the bucket, tried for real. Reads and conditional deletes are tried on a key that
 * is not there: S3 answers that it is missing only to those who might have had it. Where the pipeline writes, a
 * {@link Probe} is written and taken back; only after taking back is known to be allowed.
 */
final class PrefixCheck implements Check {
    /** Shaped as one, and nothing's. */
    private static final String NO_ETAG = '"' + "0".repeat(32) + '"';

    private static final String GET = "s3:GetObject";
    private static final String DELETE = "s3:DeleteObject";
    private static final String PUT = "s3:PutObject";
    private static final String ABORT = "s3:AbortMultipartUpload";

    private final Bucket in;
    private final String prefix;
    private final List<String> needed;

    /** The bucket, and what is known of it when its prefixes are looked at. */
    record Bucket(Account account, BucketCheck check, VersioningCheck versioning, EncryptionCheck encryption) {}

    private PrefixCheck(Bucket in, String prefix, List<String> needed) {
        this.in = in;
        this.prefix = prefix;
        this.needed = needed;
    }

    /** Where files come from: nothing is ever written there, so that no pipeline takes a probe for a file. */
    static PrefixCheck source(Bucket in, String prefix) {
        return new PrefixCheck(in, prefix, List.of(GET, DELETE));
    }

    /** Where copies stay: nothing is ever deleted there. */
    static PrefixCheck archive(Bucket in, String prefix) {
        return new PrefixCheck(in, prefix, List.of(GET, PUT, ABORT));
    }

    /** Where copies and rejects are put, and taken away when a file comes to another end. */
    static PrefixCheck place(Bucket in, String prefix) {
        return new PrefixCheck(in, prefix, List.of(GET, PUT, DELETE, ABORT));
    }

    @Override
    public String about() {
        return in.check().about() + ", " + prefix;
    }

    @Override
    public void run(Report report) {
        if (!in.check().listed()) {
            report.notChecked(
                    about(),
                    in.check().there()
                            ? "without s3:ListBucket S3 does not tell a missing object from a forbidden one"
                            : "the bucket did not answer");
            return;
        }
        new Run(report).run();
    }

    private S3Client s3() {
        return in.account().s3();
    }

    /** One run, and what it has found so far. */
    private final class Run {
        private final Report report;
        private final String key = prefix + Account.probeName();
        private final Set<String> denied = new LinkedHashSet<>();
        private Optional<Tried<?>> refusal = Optional.empty();
        private Optional<Tried<?>> failure = Optional.empty();
        private String how = "";

        Run(Report report) {
            this.report = report;
        }

        void run() {
            look(GET, Tried.to(() -> s3().getObjectAsBytes(
                            request -> request.bucket(in.account().bucket()).key(key))));
            boolean deletes = look(DELETE, Tried.to(() -> s3().deleteObject(request ->
                    request.bucket(in.account().bucket()).key(key).ifMatch(NO_ETAG))));
            if (needed.contains(PUT)) {
                boolean aborts = look(ABORT, Tried.to(() -> s3().abortMultipartUpload(request ->
                        request.bucket(in.account().bucket()).key(key).uploadId("doctor"))));
                write(deletes, aborts);
            }
            denied.retainAll(needed);
            conclude();
        }

        /** @return whether it is known to be allowed; the key or upload that it is about is not there */
        private boolean look(String action, Tried<?> tried) {
            if (tried.denied()) {
                refused(action, tried);
                return false;
            }
            if (tried.ok() || tried.status() == 404 || tried.status() == 412) {
                return true;
            }
            failed(tried);
            return false;
        }

        private void write(boolean deletes, boolean aborts) {
            Probe probe = new Probe(in.account(), key);
            if (deletes && in.versioning().keepsNothing()) {
                how = "; tried with an object, which is gone again";
                tried(probe.object());
            } else if (aborts) {
                how = "; tried with an upload, which was given up";
                tried(probe.upload());
            } else {
                how = "; writing was not tried, as it could not be taken back";
            }
        }

        private void tried(Probe.Outcome outcome) {
            outcome.failed().forEach((action, tried) -> {
                if (tried.denied() && !tried.ofKms()) {
                    refused(action, tried);
                } else {
                    failed(tried);
                }
            });
            outcome.leftBehind()
                    .ifPresent(command -> report.wrong(
                            about(), "found that the probe %s cannot be taken back".formatted(key), command));
        }

        private void refused(String action, Tried<?> tried) {
            denied.add(action);
            if (needed.contains(action)) {
                refusal = refusal.or(() -> Optional.of(tried));
            }
        }

        private void failed(Tried<?> tried) {
            failure = failure.or(() -> Optional.of(tried));
        }

        private void conclude() {
            if (!denied.isEmpty()) {
                Tried<?> said = refusal.orElseThrow();
                report.wrong(
                        about(),
                        "found %s forbidden (%s), expected permission%s"
                                .formatted(String.join(", ", denied), said.reason(), how),
                        Mend.allow(grant(), said.message()));
            }
            if (failure.isPresent() && failure.get().ofKms()) {
                report.wrong(
                        about(),
                        "found that nothing can be written: S3 may not use the bucket's key of KMS (%s)"
                                .formatted(failure.get().reason()),
                        KmsMend.commands(in.account(), in.encryption(), failure.get()));
            } else if (failure.isPresent()) {
                report.failed(
                        about(),
                        failure.get(),
                        Mend.allow(grant(), failure.get().message()));
            }
            if (denied.isEmpty() && failure.isEmpty()) {
                report.ok(about(), allowed() + how);
            }
        }

        private String allowed() {
            List<String> words = new ArrayList<>(List.of("can be read"));
            if (needed.contains(PUT)) {
                words.add("written");
            }
            if (needed.contains(DELETE)) {
                words.add("cleared");
            }
            int last = words.size() - 1;
            return String.join(", ", words.subList(0, last)) + " and " + words.get(last);
        }

        private Grant grant() {
            return new Grant(prefix.replace("/", ""), needed, in.account().bucketArn() + "/" + prefix + "*");
        }
    }
}
