package pipeline.doctor;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What makes a key of KMS usable again, by the error that S3 hands on ("Key states of AWS KMS keys", KMS Developer Guide). */
final class KmsMend {
    private static final Pattern KEY = Pattern.compile("arn:[\\w-]+:kms:[\\w-]+:\\d+:key/[\\w-]+");

    private KmsMend() {}

    static String[] commands(Account account, EncryptionCheck encryption, Tried<?> tried) {
        Matcher said = KEY.matcher(tried.message());
        String key = said.find() ? said.group() : encryption.key().orElse("KEY");
        String enable = Mend.aws("kms", "enable-key", "--key-id", key);
        switch (tried.code()) {
            case "KMS.DisabledException" -> {
                return new String[] {enable};
            }
            case "KMS.KMSInvalidStateException", "KMS.InvalidStateException" -> {
                return new String[] {Mend.aws("kms", "cancel-key-deletion", "--key-id", key), enable};
            }
            case "KMS.NotFoundException" -> {
                return new String[] {
                    Mend.aws(
                            "s3api",
                            "put-bucket-encryption",
                            "--bucket",
                            account.bucket(),
                            "--server-side-encryption-configuration",
                            Mend.json(Mend.map(
                                    "Rules",
                                    List.of(Mend.map(
                                            "ApplyServerSideEncryptionByDefault",
                                            Mend.map("SSEAlgorithm", "AES256"))))))
                };
            }
            default -> {
                return new String[] {
                    Mend.allow(
                            new Grant(
                                    "kms",
                                    List.of("kms:GenerateDataKey", "kms:Decrypt"),
                                    key.startsWith("arn:") ? key : account.arn("kms", "key/" + key)),
                            tried.message())
                };
            }
        }
    }
}
