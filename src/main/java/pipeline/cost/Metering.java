package pipeline.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * Counts what this process asks of AWS, at the SDK, as it is sent: each request that was sent, whether it
 * succeeded or not, and the capacity that the ledger has charged, which it is asked for. What rows' tables charge is told by
 * those who write to them.
 */
public final class Metering {
    private final String ledgerTable;
    private final Usage total = new Usage();
    private final Map<Request, LongAdder> requests = new ConcurrentHashMap<>();
    private final List<BiConsumer<Request, LongAdder>> watchers = new ArrayList<>();

    public Metering(String ledgerTable) {
        this.ledgerTable = ledgerTable;
    }

    /**
     * A kind of request.
     *
     * @param operation its name in the service's API reference
     */
    public record Request(Service service, String operation) {}

    /** What the whole process has used since it began. */
    public Usage total() {
        return total;
    }

    /** Shows each kind of request and how many there are so far: those made already and, as they first come, new ones. */
    public synchronized void watch(BiConsumer<Request, LongAdder> watcher) {
        watchers.add(watcher);
        requests.forEach(watcher);
    }

    /** A request is being sent, by whatever way. */
    public void sent(Service service, String operation) {
        Request request = new Request(service, operation);
        LongAdder known = requests.get(request);
        (known == null ? first(request) : known).increment();
        for (Charge charge : service.charges(operation)) {
            add(charge, 1);
        }
    }

    private synchronized LongAdder first(Request request) {
        return requests.computeIfAbsent(request, added -> {
            LongAdder count = new LongAdder();
            watchers.forEach(watcher -> watcher.accept(added, count));
            return count;
        });
    }

    private void add(Charge charge, double units) {
        Usage.onThisThread().orElse(total).add(charge, units);
    }

    /** Counts what a client sends. */
    public ExecutionInterceptor of(Service service) {
        return service == Service.DYNAMODB ? new Capacity() : new Requests(service);
    }

    private class Requests implements ExecutionInterceptor {
        private final Service service;

        Requests(Service service) {
            this.service = service;
        }

        @Override
        public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
            sent(service, attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME));
        }
    }

    private final class Capacity extends Requests {
        Capacity() {
            super(Service.DYNAMODB);
        }

        @Override
        public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
            SdkRequest request = context.request();
            if (request instanceof UpdateItemRequest update && isLedger(update.tableName())) {
                return update.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
                        .build();
            }
            if (request instanceof GetItemRequest get && isLedger(get.tableName())) {
                return get.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build();
            }
            if (request instanceof QueryRequest query && isLedger(query.tableName())) {
                return query.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build();
            }
            return request;
        }

        private boolean isLedger(String table) {
            return ledgerTable.equals(table);
        }

        @Override
        public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
            SdkResponse response = context.response();
            if (response instanceof UpdateItemResponse update) {
                written(update.consumedCapacity());
            } else if (response instanceof GetItemResponse get) {
                read(get.consumedCapacity());
            } else if (response instanceof QueryResponse query) {
                read(query.consumedCapacity());
            }
        }

        /** An endpoint that is not AWS's may not tell. */
        private void read(ConsumedCapacity consumed) {
            if (consumed != null && isLedger(consumed.tableName())) {
                add(Charge.LEDGER_READ_UNITS, orNone(consumed.capacityUnits()));
            }
        }

        private static double orNone(Double units) {
            return units == null ? 0 : units;
        }

        private void written(ConsumedCapacity consumed) {
            if (consumed != null && isLedger(consumed.tableName())) {
                double inIndexes = consumed.globalSecondaryIndexes().values().stream()
                        .mapToDouble(index -> orNone(index.capacityUnits()))
                        .sum();
                add(Charge.LEDGER_INDEX_WRITE_UNITS, inIndexes);
                add(Charge.LEDGER_WRITE_UNITS, Math.max(0, orNone(consumed.capacityUnits()) - inIndexes));
            }
        }

        /**
         * A change whose condition does not hold is charged like one that is made, but for the indexes, and does not say so
         * (Amazon DynamoDB Developer Guide, "DynamoDB read and write operations").
         */
        @Override
        public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
            if (context.exception() instanceof ConditionalCheckFailedException failed
                    && context.request() instanceof UpdateItemRequest update
                    && isLedger(update.tableName())) {
                add(Charge.LEDGER_WRITE_UNITS, failed.hasItem() ? ItemSize.writeUnits(failed.item()) : 1);
            }
        }
    }
}
