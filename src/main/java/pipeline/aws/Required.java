package pipeline.aws;

import java.util.Set;
import java.util.function.Supplier;
import pipeline.settings.ConfigurationException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** Calls that must go well before any work begins: what the operator can mend is told from AWS not answering. */
final class Required {
    /** S3, DynamoDB and SQS, SNS each have a word of their own for a request that cannot be meant. */
    private static final Set<String> INVALID = Set.of(
            "ValidationException", "InvalidParameter", "InvalidParameterValue", "InvalidBucketName", "InvalidAddress");

    private Required() {}

    /**
     * Makes a call.
     *
     * @param setting the setting that names the resource
     * @param what the resource, for a sentence
     * @throws ConfigurationException when the resource is not there or may not be used, or nobody says who we are
     * @throws software.amazon.awssdk.core.exception.SdkException when AWS does not answer at the moment
     */
    static <T> T answer(String setting, String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (NoSuchBucketException | ResourceNotFoundException | QueueDoesNotExistException e) {
            throw missing(setting, what);
        } catch (AwsServiceException e) {
            throw explained(setting, what, e);
        } catch (SdkClientException e) {
            if (e.getMessage() != null && e.getMessage().contains("Unable to load credentials")) {
                throw new ConfigurationException(
                        "AWS: found no credentials, expected some; give the process a role, an AWS profile or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
            }
            throw e;
        }
    }

    private static RuntimeException explained(String setting, String what, AwsServiceException e) {
        if (e.statusCode() == 404) {
            return missing(setting, what);
        }
        if (e.statusCode() == 301) {
            return new ConfigurationException(
                    "%s: found %s in another region, expected it in the one that is set; set AWS_REGION to the bucket's"
                            .formatted(setting, what));
        }
        if (e.awsErrorDetails() != null
                && INVALID.contains(String.valueOf(e.awsErrorDetails().errorCode()))) {
            return new ConfigurationException(
                    "%s: found %s, expected a name that AWS takes (%s)".formatted(setting, what, Reasons.of(e)));
        }
        if ((e.statusCode() == 403 || e.statusCode() == 400) && !e.isThrottlingException()) {
            return new ConfigurationException(
                    "%s: found that %s may not be used (%s), expected permission; grant it to the role or user that runs this"
                            .formatted(setting, what, Reasons.of(e)));
        }
        return e;
    }

    static ConfigurationException missing(String setting, String what) {
        return new ConfigurationException(
                "%s: found no %s, expected it to exist; create it, or in a test account run the verb provision"
                        .formatted(setting, what));
    }
}
