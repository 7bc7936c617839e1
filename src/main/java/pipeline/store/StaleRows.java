package pipeline.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.check.Checked;
import pipeline.check.Origin;
import pipeline.check.RowChecker;
import pipeline.check.Timestamps;
import pipeline.claim.Attempt;
import pipeline.claim.Claims;
import pipeline.dataset.Dataset;
import pipeline.dataset.Dialect;
import pipeline.dataset.Reserved;
import pipeline.dataset.RowKeys;
import pipeline.dataset.Shown;
import pipeline.dataset.SpreadsheetGuard;
import pipeline.read.Inspection;
import pipeline.read.Records;
import pipeline.read.Source;
import pipeline.read.UnreadableException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * Deletes what earlier attempts at a file may have stored by another declaration of a dataset than today's, unless today's
 * stores it under the same key. When it returns, no row of the file is in any table that is not to be there; rows are then
 * stored from the first on. Where no earlier attempt knew other declarations, it does nothing and calls nobody.
 *
 * <p>Every row of the file is gone through, not only those that the ledger knows to be stored: a batch may have been
 * written just before a crash. An item is deleted only if it is this version's row of that line, so another file's row
 * under the same key stays, and to delete twice does no harm. Corrected rows of a rejects file have the key of their
 * source's row, which another sheet may have written since: they are left to the next correction, which overwrites them;
 * and nothing is deleted of a file of which rows came back corrected, lest one of those be lost.
 */
public final class StaleRows {
    private static final Logger LOG = LoggerFactory.getLogger(StaleRows.class);

    private static final String OURS = "#file = :file AND #line = :line AND #at = :at";
    private static final Map<String, String> NAMES =
            Map.of("#file", Reserved.SOURCE_FILE, "#line", Reserved.SOURCE_LINE, "#at", Reserved.PROCESSED_TIMESTAMP);

    private final DynamoDbClient dynamoDb;
    private final Claims claims;
    private final String today;
    private final BackOff backOff = new BackOff();

    /** @param today the declarations that this process works by */
    public StaleRows(DynamoDbClient dynamoDb, Claims claims, Set<RowKeys> today) {
        this.dynamoDb = dynamoDb;
        this.claims = claims;
        this.today = RowKeys.together(today);
    }

    /**
     * Clears the tables of such rows before the file is stored, or refused.
     *
     * @throws pipeline.claim.LeaseLostException before a delete that might be no longer ours to make
     * @throws IOException when the file cannot be read at the moment
     * @throws DynamoDbException when a table refuses
     * @throws TableBusyException when a table takes nothing however long we wait
     */
    public void clear(Attempt attempt, Source source, Inspection inspection) throws IOException {
        Map<Reading, List<RowKeys>> earlier = earlier(attempt, inspection);
        if (earlier.isEmpty()) {
            return;
        }
        boolean startedOver = false;
        for (Map.Entry<Reading, List<RowKeys>> each : earlier.entrySet()) {
            try (Records records =
                    Records.open(source, each.getKey().dialect(), each.getKey().maxRecord())) {
                List<String> header = records.hasNext() ? records.next().cells() : List.of();
                Map<RowKeys, List<Integer>> columns = columns(header, each.getValue());
                if (!columns.isEmpty()) {
                    if (!startedOver) {
                        claims.startOver(attempt);
                        startedOver = true;
                    }
                    if (attempt.entry().rowsRepaired() > 0) {
                        LOG.warn(
                                "{}: rows that an earlier declaration of its dataset has stored stay where they are, since others of it came back corrected and cannot be told from them",
                                Shown.line(attempt.file()));
                        continue;
                    }
                    columns.keySet().removeIf(keys -> !mayHoldItems(keys));
                    clear(
                            attempt,
                            records,
                            columns,
                            RowKeys.isRepair(header),
                            checker(attempt, inspection, each.getKey()));
                }
            } catch (UnreadableException e) {
                LOG.debug("{} was never stored in this way, for so it cannot be read to its end", attempt.file(), e);
            }
        }
        if (startedOver) {
            claims.forgetEarlierDeclarations(attempt);
        }
    }

    /** How a file was read. It is looked through before its first row is stored: what cannot be read so stored nothing. */
    private record Reading(Dialect dialect, int maxRecord) {}

    /** What the processes of earlier attempts may have stored by, but for what the file is stored by now. */
    private Map<Reading, List<RowKeys>> earlier(Attempt attempt, Inspection inspection) {
        Optional<Dataset> dataset =
                inspection instanceof Inspection.Readable readable ? Optional.of(readable.dataset()) : Optional.empty();
        return attempt.entry().storedAs().stream()
                .filter(together -> !together.equals(today))
                .flatMap(together -> RowKeys.of(together).stream())
                .distinct()
                .filter(keys -> dataset.filter(keys::isOf).isEmpty())
                .collect(Collectors.groupingBy(
                        keys -> new Reading(keys.dialect(), keys.maxRecord()),
                        LinkedHashMap::new,
                        Collectors.toList()));
    }

    private static Map<RowKeys, List<Integer>> columns(List<String> header, List<RowKeys> declarations) {
        Map<RowKeys, List<Integer>> columns = new LinkedHashMap<>();
        declarations.forEach(keys -> keys.columns(header).ifPresent(found -> columns.put(keys, found)));
        return columns;
    }

    private void clear(
            Attempt attempt,
            Records records,
            Map<RowKeys, List<Integer>> columns,
            boolean guarded,
            Optional<RowChecker> checker)
            throws IOException {
        Map<String, Integer> deleted = new HashMap<>();
        while (!columns.isEmpty() && records.hasNext()) {
            Records.Numbered row = records.next();
            Optional<Stored> stored = checker.flatMap(check -> stored(check, row));
            List<String> cells = guarded ? unguarded(row.cells()) : row.cells();
            String timestamp = Timestamps.of(attempt.firstClaim(), row.line());
            columns.forEach((keys, found) -> keys.of(cells, found, timestamp)
                    .filter(key -> stored.isEmpty() || !stored.get().equals(new Stored(keys.table(), key)))
                    .filter(key -> delete(attempt, keys.table(), key, row.line(), timestamp))
                    .ifPresent(key -> deleted.merge(keys.table(), 1, Integer::sum)));
        }
        deleted.forEach((table, rows) -> LOG.info(
                "{}: {} rows that an earlier declaration of its dataset had stored were taken out of table {}",
                Shown.line(attempt.file()),
                rows,
                table));
    }

    /** Where today's declaration stores a row: that item is overwritten, and need not vanish before. */
    private record Stored(String table, Map<String, AttributeValue> key) {}

    private static Optional<RowChecker> checker(Attempt attempt, Inspection inspection, Reading reading) {
        return inspection instanceof Inspection.Readable readable
                        && readable.dataset().dialect().equals(reading.dialect())
                ? Optional.of(new RowChecker(
                        readable.dataset(),
                        readable.columns(),
                        row -> new Origin.Known(
                                attempt.file(), row.line(), Timestamps.of(attempt.firstClaim(), row.line()))))
                : Optional.empty();
    }

    private static Optional<Stored> stored(RowChecker checker, Records.Numbered row) {
        return checker.row(row.line(), row.cells()).checked() instanceof Checked.Accepted accepted
                ? Optional.of(
                        new Stored(checker.dataset().table(), checker.dataset().tableKeyOf(accepted.item())))
                : Optional.empty();
    }

    private static List<String> unguarded(List<String> cells) {
        List<String> plain = new ArrayList<>(cells.size());
        cells.forEach(cell -> plain.add(SpreadsheetGuard.unguard(cell)));
        return plain;
    }

    /** A table that is gone, or was made anew with another key, holds none of these rows. */
    private boolean mayHoldItems(RowKeys keys) {
        try {
            TableDescription table = dynamoDb.describeTable(request -> request.tableName(keys.table()))
                    .table();
            Map<String, ScalarAttributeType> types = new HashMap<>();
            table.attributeDefinitions()
                    .forEach(attribute -> types.put(attribute.attributeName(), attribute.attributeType()));
            types.keySet()
                    .retainAll(table.keySchema().stream()
                            .map(KeySchemaElement::attributeName)
                            .toList());
            return types.equals(keys.tableKey());
        } catch (ResourceNotFoundException e) {
            return false;
        }
    }

    /** @return whether there was such an item, and it was this version's row of that line */
    private boolean delete(
            Attempt attempt, String table, Map<String, AttributeValue> key, long line, String timestamp) {
        Map<String, AttributeValue> values = Map.of(
                ":file", AttributeValue.fromS(attempt.file()),
                ":line", AttributeValue.fromN(Long.toString(line)),
                ":at", AttributeValue.fromS(timestamp));
        for (int tries = 0; tries <= BackOff.TRIES_WITHOUT_PROGRESS; tries++) {
            attempt.lease().check();
            try {
                attempt.consumed(dynamoDb.deleteItem(request -> request.tableName(table)
                                .key(key)
                                .conditionExpression(OURS)
                                .expressionAttributeNames(NAMES)
                                .expressionAttributeValues(values)
                                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
                        .consumedCapacity()
                        .capacityUnits());
                return true;
            } catch (ConditionalCheckFailedException e) {
                return false;
            } catch (DynamoDbException e) {
                if (!e.isThrottlingException()) {
                    throw e;
                }
                backOff.pause(attempt.lease()::check, BackOff.after(tries));
            }
        }
        throw new TableBusyException(table, BackOff.TRIES_WITHOUT_PROGRESS);
    }
}
