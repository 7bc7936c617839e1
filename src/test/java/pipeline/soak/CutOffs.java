package pipeline.soak;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import pipeline.local.Call;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;

/**
 * Whether an attempt that the ledger calls cut off was: what had become of the process that made it when another claim
 * was about to take its file over.
 */
final class CutOffs implements FaultPlan {
    /** Why the ledger knows no end of an attempt. */
    enum Cause {
        KILLED,
        PAUSED,
        /** A call about this attempt to the ledger went wrong. */
        CALL_FAILED,
        /** Its process was told to stop, and ended before it could hand the file back. */
        STOPPED,
        /** The attempt was taken from an owner to which nothing had happened. */
        NONE
    }

    /** A claim's token, and whose it is. */
    private static final class Owner {
        private final Replica.Life life;
        private final long since = System.nanoTime();
        private long lastCall = since;
        private boolean callFailed;

        Owner(Replica.Life life) {
            this.life = life;
        }

        Cause cause() {
            if (life.end() == Replica.Life.End.KILLED) {
                return Cause.KILLED;
            }
            if (life.pausedSince(since)) {
                return Cause.PAUSED;
            }
            if (callFailed) {
                return Cause.CALL_FAILED;
            }
            return life.end() == Replica.Life.End.STOPPED ? Cause.STOPPED : Cause.NONE;
        }
    }

    private final Map<String, Replica> replicas;
    private final FaultPlan faults;
    private final Map<String, Owner> owners = new HashMap<>();
    private final Map<String, Map<String, Cause>> causesByVersion = new TreeMap<>();
    private final List<String> withoutCause = new ArrayList<>();

    /** @param faults what goes wrong */
    CutOffs(List<Replica> replicas, FaultPlan faults) {
        this.replicas = replicas.stream().collect(Collectors.toMap(Replica::name, replica -> replica));
        this.faults = faults;
    }

    @Override
    public Fault next(Call call) {
        Replica replica = replicas.get(Replica.caller(call));
        if (replica == null || !call.operation().equals("dynamodb:UpdateItem")) {
            return faults.next(call);
        }
        Set<String> ownersNamed = Account.leaseOwners(call);
        JsonNode body = Account.json(call.detail());
        note(body, ownersNamed, replica.life(call));
        Fault fault = faults.next(call);
        if (fault != Fault.NONE) {
            if (ownersNamed.size() > 1) {
                // That a takeover fails is no trouble of whom it is to be taken from.
                ownersNamed.remove(expectedOwner(body));
            }
            noteFailed(ownersNamed);
        }
        return fault;
    }

    private synchronized void note(JsonNode body, Set<String> ownersNamed, Replica.Life caller) {
        ownersNamed.stream()
                .map(token -> owners.computeIfAbsent(token, made -> new Owner(caller)))
                .filter(owner -> owner.life == caller)
                .forEach(owner -> owner.lastCall = System.nanoTime());
        if (addsCutOff(body)) {
            String version = body.at("/Key/file/S").asText() + "@"
                    + body.at("/Key/version/S").asText();
            String token = expectedOwner(body);
            Owner owner = owners.get(token);
            causesByVersion
                    .computeIfAbsent(version, none -> new LinkedHashMap<>())
                    .put(token, owner.cause());
            if (owner.cause() == Cause.NONE) {
                withoutCause.add("%s, %d ms after the claim and %d ms after the last call for it"
                        .formatted(version, millisSince(owner.since), millisSince(owner.lastCall)));
            }
        }
    }

    private static long millisSince(long nanoTime) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
    }

    /** The token that the entry must bear still for the call to take effect. */
    private static String expectedOwner(JsonNode body) {
        for (Map.Entry<String, JsonNode> name :
                body.path("ExpressionAttributeNames").properties()) {
            if (name.getValue().asText().equals("lease_owner")) {
                Matcher condition = Pattern.compile(name.getKey() + " = (:v\\d+)")
                        .matcher(body.path("ConditionExpression").asText());
                if (condition.find()) {
                    return body.path("ExpressionAttributeValues")
                            .path(condition.group(1))
                            .path("S")
                            .asText();
                }
            }
        }
        throw new AssertionError("found no owner in the condition of " + body);
    }

    private static boolean addsCutOff(JsonNode body) {
        for (JsonNode value : body.path("ExpressionAttributeValues")) {
            JsonNode lines = value.path("L");
            if (lines.path(lines.size() - 1).at("/M/outcome/S").asText().equals("cut off")) {
                return true;
            }
        }
        return false;
    }

    private synchronized void noteFailed(Set<String> ownersNamed) {
        ownersNamed.stream().map(owners::get).forEach(owner -> owner.callFailed = true);
    }

    /** How often an attempt was cut off, by cause. */
    synchronized Map<Cause, Integer> byCause() {
        Map<Cause, Integer> times = new TreeMap<>();
        causesByVersion.values().forEach(causes -> causes.values()
                .forEach(cause -> times.merge(cause, 1, Integer::sum)));
        return times;
    }

    /** Why the attempts of a file version were cut off, oldest first. */
    synchronized List<Cause> causes(String version) {
        return List.copyOf(causesByVersion.getOrDefault(version, Map.of()).values());
    }

    /** File versions that were taken from an owner to which nothing had happened. */
    synchronized List<String> withoutCause() {
        return List.copyOf(withoutCause);
    }
}
