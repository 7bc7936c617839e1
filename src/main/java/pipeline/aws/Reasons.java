package pipeline.aws;

import java.net.UnknownHostException;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Puts an exception into a sentence for a person. */
public final class Reasons {
    private static final int LONGEST = 500;

    /** The SDK never tries twice here. */
    private static final String ATTEMPTS = " (SDK Attempt Count: 1)";

    private Reasons() {}

    /** An answer to a HEAD request has no body, so neither code nor message. */
    private static String answer(AwsErrorDetails details, int status) {
        String code = details.errorCode() == null ? Integer.toString(status) : details.errorCode();
        String message = details.errorMessage() == null ? "" : details.errorMessage();
        return details.serviceName() + " answered " + code + (message.isEmpty() ? "" : ": " + message);
    }

    /** The SDK's own words do not say which host it is. */
    private static Optional<String> unknownHost(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return Optional.of(
                        "no host is known by the name " + cause.getMessage().replaceFirst(":.*", ""));
            }
        }
        return Optional.empty();
    }

    /** What AWS or its SDK said, or what it all began with. */
    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && !(cause instanceof AwsServiceException)
                && !(cause instanceof SdkClientException)) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** What kind of failure it is: AWS's error code, or the exception's class. No word of its sentence, so no cell either. */
    public static String kind(Throwable failure) {
        Throwable cause = cause(failure);
        return cause instanceof AwsServiceException answered
                        && answered.awsErrorDetails() != null
                        && answered.awsErrorDetails().errorCode() != null
                ? answered.awsErrorDetails().errorCode()
                : cause.getClass().getSimpleName();
    }

    /** Which service said what, or what went wrong here; at most 500 characters, one line. */
    public static String of(Throwable failure) {
        Throwable cause = cause(failure);
        String text;
        if (cause instanceof AwsServiceException answered && answered.awsErrorDetails() != null) {
            text = answer(answered.awsErrorDetails(), answered.statusCode());
        } else if (cause instanceof SdkClientException) {
            text = "AWS could not be reached: "
                    + unknownHost(cause)
                            .orElse(String.valueOf(cause.getMessage()))
                            .replace(ATTEMPTS, "");
        } else {
            text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        }
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
