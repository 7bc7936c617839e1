package pipeline.aws;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import pipeline.cost.Metering;
import pipeline.cost.Service;
import pipeline.settings.ConfigurationException;
import pipeline.settings.Settings;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * One client per AWS service, for Camel's components and for our own calls alike. Credentials, region and endpoints
 * come from AWS's own conventions (default credential chain, {@code AWS_REGION}, {@code AWS_ENDPOINT_URL},
 * {@code AWS_ENDPOINT_URL_<SERVICE>}); time-outs follow from the lease, so that its holder can tell in time whether a
 * call was made. The SDK does not retry: the routes' error policy does, and two layers would multiply.
 */
public final class Clients implements AutoCloseable {
    /** SQS lets a ReceiveMessage wait up to 20 s. */
    private static final int LONGEST_POLL_SECONDS = 20;

    private final SdkHttpClient http;
    private final S3Client s3;
    private final DynamoDbClient dynamoDb;
    private final DynamoDbWire dynamoDbWire;
    private final SqsClient sqs;
    private final SnsClient sns;
    private final Metering metering;

    /** As whoever the SDK's default chain finds. */
    public Clients(Settings settings) {
        this(settings, DefaultCredentialsProvider.builder().build());
    }

    /** As somebody in particular. */
    public Clients(Settings settings, AwsCredentialsProvider credentials) {
        // A URL that is none would come to light only with the first call, and look like an outage.
        List.of("S3", "DYNAMODB", "SQS", "SNS").forEach(Clients::endpoint);
        Duration call = settings.callTimeout();
        http = ApacheHttpClient.builder()
                .maxConnections(64 + 8 * settings.filesAtOnce() + settings.writesAtOnce())
                .connectionTimeout(shorter(call, Duration.ofSeconds(3)))
                .socketTimeout(Duration.ofSeconds(30))
                .build();
        metering = new Metering(settings.ledgerTable());
        dynamoDbWire = new DynamoDbWire(http, credentials, call, metering);
        try {
            s3 = configured(S3Client.builder(), credentials, call, metering.of(Service.S3))
                    .forcePathStyle(endpoint("S3").isPresent())
                    .build();
            dynamoDb = configured(
                            DynamoDbClient.builder(), credentials, call, metering.of(Service.DYNAMODB), dynamoDbWire)
                    .build();
            dynamoDbWire.region(dynamoDb.serviceClientConfiguration().region());
            // A long poll answers when it has waited, whatever the lease.
            sqs = configured(
                            SqsClient.builder(),
                            credentials,
                            call.plusSeconds(LONGEST_POLL_SECONDS),
                            metering.of(Service.SQS))
                    .build();
            sns = configured(SnsClient.builder(), credentials, call, metering.of(Service.SNS))
                    .build();
        } catch (SdkClientException e) {
            http.close();
            throw explained(e);
        }
    }

    private <
                    B extends
                            AwsClientBuilder<B, C>
                                    & software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder<B, C>,
                    C>
            B configured(
                    B builder, AwsCredentialsProvider credentials, Duration call, ExecutionInterceptor... observers) {
        return builder.httpClient(http)
                .credentialsProvider(credentials)
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .apiCallTimeout(call)
                        .retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .executionInterceptors(List.of(observers))
                        .build());
    }

    /** The endpoint that takes AWS's place for a service, as the SDK itself finds it; empty = AWS. */
    public static Optional<URI> endpoint(String service) {
        return first("aws.endpointUrl" + service.charAt(0)
                        + service.substring(1).toLowerCase(java.util.Locale.ROOT))
                .or(() -> first("AWS_ENDPOINT_URL_" + service))
                .or(() -> first("aws.endpointUrl"))
                .or(() -> first("AWS_ENDPOINT_URL"))
                .map(text -> url(service, text));
    }

    private static URI url(String service, String text) {
        try {
            URI url = new URI(text);
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // answered below, like a URL of another kind
        }
        throw new ConfigurationException(
                "AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_%s: found '%s', expected a URL such as http://127.0.0.1:4566"
                        .formatted(service, text));
    }

    private static Optional<String> first(String name) {
        return Optional.ofNullable(System.getProperty(name))
                .or(() -> Optional.ofNullable(System.getenv(name)))
                .filter(value -> !value.isBlank());
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static ConfigurationException explained(SdkClientException e) {
        try {
            new DefaultAwsRegionProviderChain().getRegion();
        } catch (SdkClientException noRegion) {
            return new ConfigurationException(
                    "AWS: found no region, expected one; set AWS_REGION or a region in the AWS profile");
        }
        return new ConfigurationException("AWS: found a configuration that the SDK refuses (" + e.getMessage() + ")");
    }

    public S3Client s3() {
        return s3;
    }

    public DynamoDbClient dynamoDb() {
        return dynamoDb;
    }

    /** DynamoDB without the SDK's model in between. */
    public DynamoDbWire dynamoDbWire() {
        return dynamoDbWire;
    }

    /** What these clients have sent, and what AWS charges for. */
    public Metering metering() {
        return metering;
    }

    public SqsClient sqs() {
        return sqs;
    }

    public SnsClient sns() {
        return sns;
    }

    @Override
    public void close() {
        s3.close();
        dynamoDb.close();
        dynamoDbWire.close();
        sqs.close();
        sns.close();
        http.close();
    }
}
