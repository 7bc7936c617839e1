package pipeline.doctor;

import software.amazon.awssdk.services.s3.model.DefaultRetention;
import software.amazon.awssdk.services.s3.model.GetObjectLockConfigurationResponse;

/**
 * Whether new objects are locked. A lock protects versions: a delete that names none, as the pipeline's, still succeeds
 * and hides the object behind a delete marker ("Object Lock considerations", Amazon S3 User Guide). So files move on as
 * ever, and every copy and every file that was dropped is kept, and paid for, until its retention ends.
 */
final class ObjectLockCheck implements Check {
    private final Account account;
    private final BucketCheck bucket;

    ObjectLockCheck(Account account, BucketCheck bucket) {
        this.account = account;
        this.bucket = bucket;
    }

    @Override
    public String about() {
        return bucket.about() + ", Object Lock";
    }

    @Override
    public void run(Report report) {
        if (!bucket.there()) {
            report.notChecked(about(), "the bucket did not answer");
            return;
        }
        Tried<GetObjectLockConfigurationResponse> lock =
                Tried.to(() -> account.s3().getObjectLockConfiguration(request -> request.bucket(account.bucket())));
        if (lock.code().equals("ObjectLockConfigurationNotFoundError")) {
            report.ok(about(), "off");
            return;
        }
        if (!lock.ok()) {
            report.untold(about(), lock, Mend.allow(account.bucketSettingsGrant(), lock.message()));
            return;
        }
        var configuration = lock.answer().orElseThrow().objectLockConfiguration();
        if (configuration == null
                || configuration.rule() == null
                || configuration.rule().defaultRetention() == null) {
            report.ok(about(), "no retention by default: the pipeline's copies are not locked");
            return;
        }
        report.note(
                about(),
                "each new object is locked for %s: the pipeline works, since a lock does not stop a delete that names no version; but every file is kept as dropped, in archive/ and in its place until then, and AWS_REQUEST_CHECKSUM_CALCULATION must not be when_required; the command ends the retention of new objects"
                        .formatted(shown(configuration.rule().defaultRetention())),
                Mend.aws(
                        "s3api",
                        "put-object-lock-configuration",
                        "--bucket",
                        account.bucket(),
                        "--object-lock-configuration",
                        Mend.json(Mend.map("ObjectLockEnabled", "Enabled"))));
    }

    private static String shown(DefaultRetention retention) {
        return (retention.days() == null ? retention.years() + " years" : retention.days() + " days") + " ("
                + retention.modeAsString() + ")";
    }
}
