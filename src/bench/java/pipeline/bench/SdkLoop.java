package pipeline.bench;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The loop that a good engineer would write with the AWS SDK: read each object, check and map each row, write 25 at a time
 * by several threads, send again what is left over. As {@code requests} it makes, file by file and by as many threads, the
 * very requests that the pipeline makes for a file without rejects.
 */
public final class SdkLoop {
    private static final String TABLE = "ProcessedOrders";
    private static final String BUCKET = "bench";

    private final S3Client s3;
    private final DynamoDbClient dynamoDb;
    private final ExecutorService threads;
    private final Semaphore room;
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

    private SdkLoop(int atOnce) {
        var http = ApacheHttpClient.builder().maxConnections(2 * atOnce + 8).build();
        s3 = S3Client.builder().httpClient(http).forcePathStyle(true).build();
        dynamoDb = DynamoDbClient.builder().httpClient(http).build();
        threads = Executors.newFixedThreadPool(atOnce);
        room = new Semaphore(2 * atOnce);
    }

    /** @param args {@code sdk} or {@code requests}, and the number of threads */
    public static void main(String[] args) throws Exception {
        SdkLoop loop = new SdkLoop(Integer.parseInt(args[1]));
        for (S3Object object : loop.s3
                .listObjectsV2Paginator(request -> request.bucket(BUCKET).prefix("raw-data/"))
                .contents()) {
            if (args[0].equals("requests")) {
                loop.submit(() -> loop.file(object));
            } else {
                loop.rows(object.key(), loop::submit);
            }
        }
        loop.threads.shutdown();
        loop.threads.awaitTermination(1, TimeUnit.HOURS);
        if (loop.failure.get() != null) {
            throw loop.failure.get();
        }
    }

    private void submit(Runnable task) {
        room.acquireUninterruptibly();
        threads.execute(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                failure.set(e);
            } finally {
                room.release();
            }
        });
    }

    private void file(S3Object object) {
        String name = object.key().substring("raw-data/".length());
        update(name, "processing");
        s3.headObject(request -> request.bucket(BUCKET).key(object.key()));
        copy(object.key(), "archive/2026/01/01/" + name);
        rows("archive/2026/01/01/" + name, Runnable::run);
        copy("archive/2026/01/01/" + name, "processed-data/" + name);
        update(name, "completed");
        s3.deleteObject(request -> request.bucket(BUCKET).key(object.key()).ifMatch(object.eTag()));
    }

    private void update(String file, String status) {
        dynamoDb.updateItem(request -> request.tableName("ProcessedFiles")
                .key(Map.of("file", AttributeValue.fromS(file), "version", AttributeValue.fromS("1")))
                .updateExpression("SET #n0 = :v0")
                .expressionAttributeNames(Map.of("#n0", "status"))
                .expressionAttributeValues(Map.of(":v0", AttributeValue.fromS(status)))
                .returnValues(ReturnValue.ALL_NEW));
    }

    private void copy(String from, String to) {
        s3.copyObject(request -> request.sourceBucket(BUCKET)
                .sourceKey(from)
                .destinationBucket(BUCKET)
                .destinationKey(to)
                .metadataDirective(MetadataDirective.REPLACE)
                .metadata(Map.of("source-version", from)));
    }

    /** Where a batch is to be written. */
    private interface Writes {
        void submit(Runnable write);
    }

    private void rows(String key, Writes writes) {
        try (var in = s3.getObject(request -> request.bucket(BUCKET).key(key));
                CSVParser records = CSVParser.parse(
                        new InputStreamReader(in, StandardCharsets.UTF_8),
                        CSVFormat.RFC4180
                                .builder()
                                .setHeader()
                                .setSkipHeaderRecord(true)
                                .get())) {
            List<WriteRequest> batch = new ArrayList<>(25);
            for (CSVRecord row : records) {
                Map<String, AttributeValue> item = item(key, records.getHeaderNames(), row);
                if (item != null) {
                    batch.add(WriteRequest.builder()
                            .putRequest(put -> put.item(item))
                            .build());
                }
                if (batch.size() == 25) {
                    List<WriteRequest> full = batch;
                    writes.submit(() -> write(full));
                    batch = new ArrayList<>(25);
                }
            }
            if (!batch.isEmpty()) {
                List<WriteRequest> last = batch;
                writes.submit(() -> write(last));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The item that the pipeline stores for this row; null for a row that it rejects. */
    private static Map<String, AttributeValue> item(String key, List<String> columns, CSVRecord row) {
        Map<String, AttributeValue> item = new LinkedHashMap<>();
        try {
            BigDecimal quantity = new BigDecimal(row.get("quantity"));
            BigDecimal price = new BigDecimal(row.get("unit_price"));
            LocalDate.parse(row.get("order_date"));
            if (quantity.scale() > 0 || quantity.signum() <= 0 || price.signum() < 0 || price.scale() > 4) {
                return null;
            }
            for (String column : columns) {
                String cell = row.get(column);
                if (column.equals("quantity") || column.equals("unit_price")) {
                    item.put(column, AttributeValue.fromN(cell));
                } else if (!cell.isBlank()) {
                    item.put(column, AttributeValue.fromS(cell));
                }
            }
            item.put(
                    "total_amount",
                    AttributeValue.fromN(quantity.multiply(price).toPlainString()));
        } catch (RuntimeException wrong) {
            return null;
        }
        if (!item.containsKey("order_id") || !row.get("email").contains("@")) {
            return null;
        }
        item.put("processing_status", AttributeValue.fromS("completed"));
        item.put(
                "processed_timestamp",
                AttributeValue.fromS("2026-01-01T00:00:00.%09dZ".formatted(row.getRecordNumber())));
        item.put("source_file", AttributeValue.fromS(key));
        item.put("source_line", AttributeValue.fromN(Long.toString(row.getRecordNumber() + 1)));
        return item;
    }

    private void write(List<WriteRequest> batch) {
        List<WriteRequest> left = batch;
        for (int tries = 0; !left.isEmpty(); tries++) {
            List<WriteRequest> sent = left;
            BatchWriteItemResponse response =
                    dynamoDb.batchWriteItem(request -> request.requestItems(Map.of(TABLE, sent)));
            left = response.unprocessedItems().getOrDefault(TABLE, List.of());
            if (!left.isEmpty()) {
                try {
                    TimeUnit.MILLISECONDS.sleep(50L << Math.min(tries, 6));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
