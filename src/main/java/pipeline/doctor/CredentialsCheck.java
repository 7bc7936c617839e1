package pipeline.doctor;

import java.util.concurrent.CompletionException;
import pipeline.aws.Clients;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Whether anybody says who we are. Whether AWS takes their word shows with the first call. */
final class CredentialsCheck implements Check {
    private final Account account;
    private boolean found;

    CredentialsCheck(Account account) {
        this.account = account;
    }

    @Override
    public String about() {
        return "credentials";
    }

    /** Without credentials no call can be made. */
    boolean found() {
        return found;
    }

    @Override
    public void run(Report report) {
        try {
            AwsCredentialsIdentity identity = account.s3()
                    .serviceClientConfiguration()
                    .credentialsProvider()
                    .resolveIdentity()
                    .join();
            found = true;
            report.ok(
                    about(),
                    "access key %s, region %s%s"
                            .formatted(
                                    end(identity.accessKeyId()),
                                    account.region().id(),
                                    Clients.endpoint("S3")
                                            .map(url -> ", S3 at " + url)
                                            .orElse("")));
        } catch (SdkException | CompletionException e) {
            report.wrong(
                    about(),
                    "found none, expected some; give the process a role, an AWS profile or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
                    "aws configure");
        }
    }

    /** Enough of it to tell two keys apart. */
    private static String end(String accessKeyId) {
        return accessKeyId.length() <= 8 ? accessKeyId : "…" + accessKeyId.substring(accessKeyId.length() - 4);
    }
}
