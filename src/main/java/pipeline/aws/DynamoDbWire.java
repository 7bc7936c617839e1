package pipeline.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32;
import pipeline.cost.Metering;
import pipeline.cost.Service;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.Crc32MismatchException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.regions.Region;

/**
 * DynamoDB's JSON protocol with nothing in between, for calls so frequent that the SDK's way to and from its model costs
 * more than all else. Credentials, signer and HTTP client are the SDK's; the endpoint is the one that the SDK itself has
 * found for its last call, so it is known once the SDK has made one. A call is made once and never longer than a call may
 * take.
 */
public final class DynamoDbWire implements ExecutionInterceptor, AutoCloseable {
    private static final String SIGNING_NAME = "dynamodb";

    private final SdkHttpClient http;
    private final AwsCredentialsProvider credentials;
    private final Duration call;
    private final Metering metering;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final ScheduledThreadPoolExecutor timeouts;
    private volatile Optional<URI> endpoint = Optional.empty();
    private volatile Optional<Region> region = Optional.empty();

    /** @param call the longest that a call may take */
    DynamoDbWire(SdkHttpClient http, AwsCredentialsProvider credentials, Duration call, Metering metering) {
        this.http = http;
        this.credentials = credentials;
        this.call = call;
        this.metering = metering;
        timeouts = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "dynamodb-timeout");
            thread.setDaemon(true);
            return thread;
        });
        timeouts.setRemoveOnCancelPolicy(true);
    }

    /** The region to sign for. */
    void region(Region found) {
        region = Optional.of(found);
    }

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        SdkHttpRequest sent = context.httpRequest();
        URI found = URI.create("%s://%s:%d".formatted(sent.protocol(), sent.host(), sent.port()));
        if (endpoint.filter(found::equals).isEmpty()) {
            endpoint = Optional.of(found);
        }
    }

    /** Whether an endpoint is known. */
    public boolean isReady() {
        return endpoint.isPresent() && region.isPresent();
    }

    /** What DynamoDB answered: a status of HTTP and JSON. */
    public record Answer(int status, byte[] body) {}

    /**
     * Calls an operation.
     *
     * @param body JSON, as the API reference has it
     * @throws SdkClientException when there is no whole answer
     */
    public Answer post(String operation, byte[] body) {
        ContentStreamProvider content = () -> new ByteArrayInputStream(body);
        SignedRequest signed = signer.sign(request -> request.identity(identity())
                .request(request(operation, body.length))
                .payload(content)
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SIGNING_NAME)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region.orElseThrow().id()));
        ExecutableHttpRequest exchange = http.prepareRequest(HttpExecuteRequest.builder()
                .request(signed.request())
                .contentStreamProvider(signed.payload().orElse(content))
                .build());
        AtomicBoolean late = new AtomicBoolean();
        ScheduledFuture<?> timeout = timeouts.schedule(
                () -> {
                    late.set(true);
                    exchange.abort();
                },
                call.toMillis(),
                TimeUnit.MILLISECONDS);
        metering.sent(Service.DYNAMODB, operation);
        try {
            return answer(exchange.call());
        } catch (IOException | UncheckedIOException e) {
            if (late.get()) {
                throw ApiCallTimeoutException.builder()
                        .message("%s did not end within %d ms".formatted(operation, call.toMillis()))
                        .cause(e)
                        .build();
            }
            throw SdkClientException.create("Unable to execute HTTP request: " + e.getMessage(), e);
        } finally {
            timeout.cancel(false);
        }
    }

    private AwsCredentialsIdentity identity() {
        return credentials
                .resolveIdentity(ResolveIdentityRequest.builder().build())
                .join();
    }

    private SdkHttpRequest request(String operation, int length) {
        return SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(endpoint.orElseThrow())
                .encodedPath("/")
                .putHeader("Content-Type", "application/x-amz-json-1.0")
                .putHeader("Content-Length", Integer.toString(length))
                .putHeader("X-Amz-Target", "DynamoDB_20120810." + operation)
                .build();
    }

    private static Answer answer(HttpExecuteResponse response) throws IOException {
        byte[] body;
        try (AbortableInputStream in = response.responseBody().orElseGet(AbortableInputStream::createEmpty)) {
            body = in.readAllBytes();
        }
        Optional<String> expected = response.httpResponse().firstMatchingHeader("x-amz-crc32");
        if (expected.isPresent()) {
            CRC32 found = new CRC32();
            found.update(body);
            if (Long.parseLong(expected.get()) != found.getValue()) {
                throw Crc32MismatchException.builder()
                        .message("DynamoDB's answer has another checksum than it says")
                        .build();
            }
        }
        return new Answer(response.httpResponse().statusCode(), body);
    }

    @Override
    public void close() {
        timeouts.shutdownNow();
    }
}
