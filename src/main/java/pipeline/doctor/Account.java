package pipeline.doctor;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import pipeline.aws.Clients;
import pipeline.settings.Settings;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The account that is looked at: clients, names as they are set, and ARNs made of them. */
final class Account {
    private static final Random RANDOM = new SecureRandom();

    private final Clients clients;
    private final Settings settings;
    private final Clock clock;

    Account(Clients clients, Settings settings, Clock clock) {
        this.clients = clients;
        this.settings = settings;
        this.clock = clock;
    }

    S3Client s3() {
        return clients.s3();
    }

    DynamoDbClient dynamoDb() {
        return clients.dynamoDb();
    }

    SqsClient sqs() {
        return clients.sqs();
    }

    SnsClient sns() {
        return clients.sns();
    }

    Settings settings() {
        return settings;
    }

    String bucket() {
        return settings.bucket();
    }

    Clock clock() {
        return clock;
    }

    Region region() {
        return clients.s3().serviceClientConfiguration().region();
    }

    String bucketArn() {
        return "arn:%s:s3:::%s".formatted(partition(), bucket());
    }

    /** The ARN of a resource by its name, in whichever account. */
    String arn(String service, String resource) {
        return "arn:%s:%s:%s:*:%s".formatted(partition(), service, region().id(), resource);
    }

    private String partition() {
        return PartitionMetadata.of(region()).id();
    }

    Grant bucketGrant() {
        return new Grant("bucket", List.of("s3:ListBucket"), bucketArn());
    }

    /** What only this verb asks of the bucket. */
    Grant bucketSettingsGrant() {
        return new Grant(
                "doctor-bucket",
                List.of(
                        "s3:GetBucketVersioning",
                        "s3:GetBucketObjectLockConfiguration",
                        "s3:GetEncryptionConfiguration",
                        "s3:GetLifecycleConfiguration",
                        "s3:GetBucketNotification"),
                bucketArn());
    }

    Grant tableGrant(String table, List<String> actions) {
        return new Grant(
                "table-" + table,
                actions,
                arn("dynamodb", "table/" + table),
                arn("dynamodb", "table/" + table + "/index/*"));
    }

    /** A name that nobody else has: nothing of a user's is called so. */
    static String probeName() {
        byte[] bits = new byte[12];
        RANDOM.nextBytes(bits);
        return "doctor-" + HexFormat.of().formatHex(bits);
    }
}
