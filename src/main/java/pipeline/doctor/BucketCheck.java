package pipeline.doctor;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import pipeline.intake.ObjectVersion;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;

/** Whether the bucket is there, in this region, and lists {@code raw-data/}: every intake begins with that. */
final class BucketCheck implements Check {
    private final Account account;
    private boolean there;
    private boolean listed;
    private Optional<Duration> ahead = Optional.empty();

    BucketCheck(Account account) {
        this.account = account;
    }

    @Override
    public String about() {
        return "bucket " + account.bucket();
    }

    /** S3 answered, and not that there is no such bucket. */
    boolean there() {
        return there;
    }

    /** Only to those who may list a bucket does S3 tell a missing object from a forbidden one. */
    boolean listed() {
        return listed;
    }

    /** How far this machine's clock is ahead of S3's; to the second, as HTTP dates are. */
    Optional<Duration> clockAhead() {
        return ahead;
    }

    @Override
    public void run(Report report) {
        Instant before = account.clock().instant();
        Tried<ListObjectsResponse> list =
                Tried.to(() -> account.s3().listObjects(request -> request.bucket(account.bucket())
                        .prefix(ObjectVersion.RAW_DATA)
                        .maxKeys(1)));
        Instant middle =
                before.plus(Duration.between(before, account.clock().instant()).dividedBy(2));
        ahead = list.answer()
                .flatMap(answer -> answer.sdkHttpResponse().firstMatchingHeader("Date"))
                .or(() -> list.header("Date"))
                .flatMap(date -> since(date, middle));
        listed = list.ok();
        there = list.ok() || list.denied();
        if (list.ok()) {
            report.ok(about(), "answers and can be listed");
        } else if (list.code().equals("NoSuchBucket") || list.status() == 404) {
            report.wrong(
                    about(),
                    "found no such bucket, expected it to exist; create it, or set pipeline.bucket to another",
                    Mend.PROVISION);
        } else if (elsewhere(list)) {
            report.wrong(
                    about(),
                    "found it in another region than %s, expected it in the one that is set"
                            .formatted(account.region().id()),
                    list.header("x-amz-bucket-region")
                            .map(region -> "export AWS_REGION=" + region)
                            .orElse(Mend.aws("s3api", "get-bucket-location", "--bucket", account.bucket())));
        } else {
            report.failed(about(), list, Mend.allow(account.bucketGrant(), list.message()));
        }
    }

    private static boolean elsewhere(Tried<?> list) {
        return list.status() == 301
                || list.status() == 307
                || list.code().equals("AuthorizationHeaderMalformed")
                || list.code().equals("IllegalLocationConstraintException");
    }

    private static Optional<Duration> since(String date, Instant now) {
        try {
            return Optional.of(Duration.between(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)), now));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
