package pipeline.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The body that we write says what the SDK's says, and what DynamoDB leaves over is read as the SDK reads it. */
class PutRequestsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Wire wire = new Wire();
    private final BatchWriteItem sdk = new SdkBatchWriteItem(DynamoDbClient.builder()
            .httpClient(wire)
            .region(Region.US_EAST_1)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .build());

    @Property(tries = 300)
    void haveTheMeaningOfTheSdks(@ForAll("items") List<Map<String, AttributeValue>> items) throws IOException {
        wire.answer = JSON.createObjectNode();
        sdk.put("Table", items);

        assertEquals(JSON.readTree(wire.sent), JSON.readTree(PutRequests.encode("Table", items)));
    }

    @Property(tries = 300)
    void areReadAsTheSdkReadsThemWhenTheyComeBack(@ForAll("items") List<Map<String, AttributeValue>> items)
            throws IOException {
        JsonNode requests = JSON.readTree(PutRequests.encode("Table", items)).path("RequestItems");
        wire.answer = JSON.createObjectNode();
        wire.answer.set("UnprocessedItems", requests);
        wire.answer
                .putArray("ConsumedCapacity")
                .addObject()
                .put("TableName", "Table")
                .put("CapacityUnits", 2.5);

        assertEquals(new BatchWriteItem.Answer(2.5, items), sdk.put("Table", items));
        assertEquals(new BatchWriteItem.Answer(2.5, items), WireBatchWriteItem.answer("Table", wire.answer));
    }

    @Provide
    static Arbitrary<List<Map<String, AttributeValue>>> items() {
        return Arbitraries.maps(text(), value(2))
                .ofMaxSize(5)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    /** Any text but half a pair of surrogates, which UTF-8 cannot say. */
    private static Arbitrary<String> text() {
        return Arbitraries.strings().ofMinLength(1).ofMaxLength(8).filter(text -> StandardCharsets.UTF_8
                .newEncoder()
                .canEncode(text));
    }

    private static Arbitrary<AttributeValue> value(int depth) {
        Arbitrary<String> number = Arbitraries.bigDecimals().map(Object::toString);
        Arbitrary<SdkBytes> binary = Arbitraries.bytes()
                .array(byte[].class)
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(SdkBytes::fromByteArray);
        Arbitrary<AttributeValue> plain = Arbitraries.oneOf(
                text().map(AttributeValue::fromS),
                number.map(AttributeValue::fromN),
                binary.map(AttributeValue::fromB),
                Arbitraries.of(true, false).map(AttributeValue::fromBool),
                Arbitraries.just(AttributeValue.fromNul(true)),
                text().list().ofMinSize(1).ofMaxSize(3).map(AttributeValue::fromSs),
                number.list().ofMinSize(1).ofMaxSize(3).map(AttributeValue::fromNs),
                binary.list().ofMinSize(1).ofMaxSize(3).map(AttributeValue::fromBs));
        if (depth == 0) {
            return plain;
        }
        return Arbitraries.oneOf(
                plain,
                value(depth - 1).list().ofMaxSize(3).map(AttributeValue::fromL),
                Arbitraries.maps(text(), value(depth - 1)).ofMaxSize(3).map(AttributeValue::fromM));
    }

    /** Keeps what the SDK sends. */
    private static final class Wire implements SdkHttpClient {
        private byte[] sent;
        private ObjectNode answer;

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() {
                    try (var in = request.contentStreamProvider().orElseThrow().newStream()) {
                        sent = in.readAllBytes();
                        return HttpExecuteResponse.builder()
                                .response(SdkHttpResponse.builder()
                                        .statusCode(200)
                                        .build())
                                .responseBody(AbortableInputStream.create(
                                        new ByteArrayInputStream(JSON.writeValueAsBytes(answer))))
                                .build();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }

                @Override
                public void abort() {
                    // It answers at once.
                }
            };
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
