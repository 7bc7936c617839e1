package pipeline.doctor;

import java.util.Optional;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionByDefault;

/** How the bucket encrypts what is written to it. Whether the key can be used shows where something is written. */
final class EncryptionCheck implements Check {
    private final Account account;
    private final BucketCheck bucket;
    private Optional<String> key = Optional.empty();

    EncryptionCheck(Account account, BucketCheck bucket) {
        this.account = account;
        this.bucket = bucket;
    }

    @Override
    public String about() {
        return bucket.about() + ", encryption";
    }

    /** The key of KMS that new objects get, if it is known. */
    Optional<String> key() {
        return key;
    }

    @Override
    public void run(Report report) {
        if (!bucket.there()) {
            report.notChecked(about(), "the bucket did not answer");
            return;
        }
        Tried<GetBucketEncryptionResponse> encryption =
                Tried.to(() -> account.s3().getBucketEncryption(request -> request.bucket(account.bucket())));
        if (encryption.code().equals("ServerSideEncryptionConfigurationNotFoundError")) {
            report.ok(about(), "none by default");
            return;
        }
        if (!encryption.ok()) {
            report.untold(about(), encryption, Mend.allow(account.bucketSettingsGrant(), encryption.message()));
            return;
        }
        Optional<ServerSideEncryptionByDefault> byDefault =
                encryption.answer().orElseThrow().serverSideEncryptionConfiguration().rules().stream()
                        .map(rule -> rule.applyServerSideEncryptionByDefault())
                        .filter(rule -> rule != null)
                        .findFirst();
        key = byDefault.map(ServerSideEncryptionByDefault::kmsMasterKeyID);
        report.ok(
                about(),
                byDefault
                                .map(ServerSideEncryptionByDefault::sseAlgorithmAsString)
                                .orElse("none by default")
                        + key.map(id -> " with key " + id).orElse(""));
    }
}
