package pipeline.doctor;

import java.util.List;
import pipeline.intake.ObjectVersion;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.LifecycleRule;

/**
 * Whether the bucket keeps what is deleted. The pipeline works on such a bucket, and its conditional deletes with it; but
 * each file that leaves {@code raw-data/} leaves a version and a delete marker behind ("Working with delete markers",
 * Amazon S3 User Guide), until a lifecycle rule takes them.
 */
final class VersioningCheck implements Check {
    private final Account account;
    private final BucketCheck bucket;
    private boolean keepsNothing;

    VersioningCheck(Account account, BucketCheck bucket) {
        this.account = account;
        this.bucket = bucket;
    }

    @Override
    public String about() {
        return bucket.about() + ", versioning";
    }

    /** True where it is certain that an object which is deleted is gone. */
    boolean keepsNothing() {
        return keepsNothing;
    }

    @Override
    public void run(Report report) {
        if (!bucket.there()) {
            report.notChecked(about(), "the bucket did not answer");
            return;
        }
        Tried<GetBucketVersioningResponse> versioning =
                Tried.to(() -> account.s3().getBucketVersioning(request -> request.bucket(account.bucket())));
        if (!versioning.ok()) {
            // A store that does not know the question keeps no versions.
            keepsNothing = versioning.unsupported();
            report.untold(about(), versioning, Mend.allow(account.bucketSettingsGrant(), versioning.message()));
            return;
        }
        BucketVersioningStatus status = versioning.answer().orElseThrow().status();
        if (status == null) {
            keepsNothing = true;
            report.ok(about(), "off: what is deleted is gone");
        } else {
            kept(report, status);
        }
    }

    private void kept(Report report, BucketVersioningStatus status) {
        Tried<GetBucketLifecycleConfigurationResponse> lifecycle = Tried.to(
                () -> account.s3().getBucketLifecycleConfiguration(request -> request.bucket(account.bucket())));
        if (lifecycle.answer().stream().flatMap(rules -> rules.rules().stream()).anyMatch(VersioningCheck::takesOld)) {
            report.ok(about(), status + ": a lifecycle rule removes what files leave behind in raw-data/");
            return;
        }
        boolean others =
                lifecycle.answer().filter(rules -> !rules.rules().isEmpty()).isPresent()
                        || !lifecycle.ok() && !lifecycle.code().equals("NoSuchLifecycleConfiguration");
        report.note(
                about(),
                status
                        + ": the pipeline works, nothing is lost; but each file leaves a version and a delete marker in raw-data/, which cost storage until a lifecycle rule removes them"
                        + (others ? " (the command replaces the bucket's other rules: add them to it)" : ""),
                Mend.aws(
                        "s3api",
                        "put-bucket-lifecycle-configuration",
                        "--bucket",
                        account.bucket(),
                        "--lifecycle-configuration",
                        Mend.json(Mend.map("Rules", List.of(rule())))));
    }

    private static Object rule() {
        return Mend.map(
                "ID",
                "raw-data-left-behind",
                "Status",
                "Enabled",
                "Filter",
                Mend.map("Prefix", ObjectVersion.RAW_DATA),
                "NoncurrentVersionExpiration",
                Mend.map("NoncurrentDays", 7),
                "Expiration",
                Mend.map("ExpiredObjectDeleteMarker", true));
    }

    private static boolean takesOld(LifecycleRule rule) {
        return rule.status() == ExpirationStatus.ENABLED
                && rule.noncurrentVersionExpiration() != null
                && (rule.filter() == null
                        || rule.filter().prefix() == null
                                && rule.filter().tag() == null
                                && rule.filter().and() == null
                        || rule.filter().prefix() != null
                                && ObjectVersion.RAW_DATA.startsWith(
                                        rule.filter().prefix()));
    }
}
