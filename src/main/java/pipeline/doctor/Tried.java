package pipeline.doctor;

import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import pipeline.aws.Reasons;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What came of one call: an answer, or a failure that says what kind of trouble it is. */
record Tried<T>(Optional<T> answer, Optional<SdkException> failure) {
    /** S3 and SQS, DynamoDB, SNS; an answer to HEAD has no code but its status. */
    private static final Set<String> DENIED =
            Set.of("AccessDenied", "AccessDeniedException", "AuthorizationError", "AllAccessDisabled", "403");

    /** "Common errors" of the four API references. */
    private static final Set<String> CREDENTIALS = Set.of(
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidAccessKeyId",
            "InvalidClientTokenId",
            "InvalidToken",
            "InvalidSecurity",
            "InvalidSignatureException",
            "IncompleteSignature",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException");

    private static final Set<String> CLOCK = Set.of("RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture");

    private static final Set<String> UNSUPPORTED = Set.of(
            "NotImplemented", "InvalidAction", "UnknownOperationException", "UnsupportedOperation", "501", "405");

    static <T> Tried<T> to(Supplier<T> call) {
        try {
            return new Tried<>(Optional.of(call.get()), Optional.empty());
        } catch (SdkException e) {
            return new Tried<>(Optional.empty(), Optional.of(e));
        }
    }

    boolean ok() {
        return answer.isPresent();
    }

    private Optional<AwsServiceException> refusal() {
        return failure.filter(AwsServiceException.class::isInstance).map(AwsServiceException.class::cast);
    }

    private Optional<AwsErrorDetails> details() {
        return refusal().map(AwsServiceException::awsErrorDetails);
    }

    /** The service's word for the failure; its HTTP status where it has none; empty when there was no answer. */
    String code() {
        return details()
                .map(AwsErrorDetails::errorCode)
                .orElse(refusal()
                        .map(answered -> Integer.toString(answered.statusCode()))
                        .orElse(""));
    }

    /** What the service says for people; may be empty. */
    String message() {
        return details().map(AwsErrorDetails::errorMessage).orElse("");
    }

    int status() {
        return refusal().map(AwsServiceException::statusCode).orElse(0);
    }

    /** A header of the answer to a failed call. */
    Optional<String> header(String name) {
        return details()
                .flatMap(details -> Optional.ofNullable(details.sdkHttpResponse()))
                .flatMap(response -> response.firstMatchingHeader(name));
    }

    boolean denied() {
        return DENIED.contains(code());
    }

    boolean credentialsRefused() {
        return CREDENTIALS.contains(code());
    }

    /** SigV4 binds a request to its time. Most services say so as a wrong signature, in words of their own. */
    boolean clockRefused() {
        return CLOCK.contains(code())
                || message().startsWith("Signature expired")
                || message().startsWith("Signature not yet current");
    }

    boolean unsupported() {
        return UNSUPPORTED.contains(code());
    }

    /** Nobody knows whether the call took effect. */
    boolean unclear() {
        return failure.isPresent() && (status() == 0 || status() >= 500 && !unsupported());
    }

    /** A key of KMS that S3 needs cannot be used ("KMS.DisabledException" and the like), or not by us. */
    boolean ofKms() {
        return code().startsWith("KMS.") || message().contains("kms:");
    }

    String reason() {
        return failure.map(Reasons::of).orElse("");
    }
}
