package pipeline.soak;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import pipeline.claim.Entry;
import pipeline.claim.Status;
import pipeline.local.Call;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;

/**
 * Kills the process whose call it is, while that call is on its way and the process holds the lease of the file that the
 * call is about. That it does is not assumed but looked up in the ledger.
 */
final class Kills implements FaultPlan {
    /** Where in the course of a file the process dies. */
    enum Step {
        ARCHIVE("s3:CopyObject", "/archive/", true),
        ROWS("dynamodb:BatchWriteItem", "Processed", true),
        REJECTS("s3:PutObject", "/failed-data/", true),
        FILE_COPY("s3:CopyObject", "(processed|failed)-data/", true),
        LEDGER("dynamodb:UpdateItem", Account.LEDGER, true),
        /** After the ledger was written, which lets go of the lease. */
        DELETE("s3:DeleteObject", "/raw-data/", false);

        private final String operation;
        private final Pattern target;
        final boolean underLease;

        Step(String operation, String target, boolean underLease) {
            this.operation = operation;
            this.target = Pattern.compile(target);
            this.underLease = underLease;
        }

        private boolean is(Call call) {
            return call.operation().equals(operation)
                    && target.matcher(call.target()).find()
                    && (this != LEDGER || CONCLUDES.matcher(call.detail()).find());
        }

        /** Between the copy to its place and the delete from {@code raw-data/}. */
        boolean betweenCopyAndDelete() {
            return this == FILE_COPY || this == LEDGER || this == DELETE;
        }
    }

    /**
     * One kill.
     *
     * @param skip so many calls of that kind pass first
     * @param served whether the call takes effect
     */
    record Order(Step step, int skip, boolean served) {}

    /** A kill that was made. */
    record Made(Order order, String replica, String file) {
        @Override
        public String toString() {
            return "%s at %s of %s, the call %s"
                    .formatted(replica, order.step(), file, order.served() ? "served" : "not served");
        }
    }

    private static final Pattern CONCLUDES = Pattern.compile("\"S\":\"(completed|refused|failed)\"");

    private final Account account;
    private final Map<String, Replica> replicas;
    private final Map<String, Set<String>> owners = new ConcurrentHashMap<>();
    private Order order;
    private int seen;
    private CompletableFuture<Made> made = new CompletableFuture<>();

    Kills(Account account, List<Replica> replicas) {
        this.account = account;
        this.replicas = replicas.stream().collect(Collectors.toMap(Replica::name, replica -> replica));
    }

    /** The next kill; it is due from now on. */
    synchronized CompletableFuture<Made> arm(Order next) {
        order = next;
        seen = 0;
        made = new CompletableFuture<>();
        return made;
    }

    @Override
    public Fault next(Call call) {
        Replica replica = replicas.get(Replica.caller(call));
        if (replica == null) {
            return Fault.NONE;
        }
        if (call.operation().equals("dynamodb:UpdateItem")) {
            owners.computeIfAbsent(call.caller(), name -> ConcurrentHashMap.newKeySet())
                    .addAll(Account.leaseOwners(call));
        }
        return strike(call, replica);
    }

    private synchronized Fault strike(Call call, Replica replica) {
        if (order == null || !order.step().is(call) || !replica.alive(call)) {
            return Fault.NONE;
        }
        Optional<String> file = file(call);
        if (file.isEmpty() || order.step().underLease && !holds(call.caller(), file.get()) || seen++ < order.skip()) {
            return Fault.NONE;
        }
        replica.kill();
        Order done = order;
        order = null;
        made.complete(new Made(done, replica.name(), file.get()));
        return done.served() ? Fault.CUT_AFTER : Fault.DOWN;
    }

    /** The file that a call is about, as far as the call tells; copies and rejects may have another name. */
    private static Optional<String> file(Call call) {
        if (call.operation().startsWith("s3:")) {
            return Optional.of(call.target()
                    .substring(Account.BUCKET.length() + 1)
                    .replaceFirst("^archive/\\d{4}/\\d\\d/\\d\\d/|^[a-z]+-data/", "")
                    .replaceFirst("\\.rejects\\.csv$", ".csv"));
        }
        JsonNode body = Account.json(call.detail());
        JsonNode file = call.operation().equals("dynamodb:UpdateItem")
                ? body.path("Key").path("file").path("S")
                : body.findPath("source_file").path("S");
        return file.isTextual() ? Optional.of(file.asText()) : Optional.empty();
    }

    /** The ledger says that somebody works on the file under a token that this caller has used. */
    private boolean holds(String caller, String file) {
        Set<String> tokens = owners.getOrDefault(caller, new HashSet<>());
        List<Entry> entries = account.entries(file);
        return entries.stream()
                .anyMatch(entry -> entry.status() == Status.PROCESSING && tokens.contains(entry.leaseOwner()));
    }
}
