package pipeline.soak;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import pipeline.local.Call;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;

/** Random faults whose rate changes every few seconds, from nearly none to a service that is down. */
final class Storm implements FaultPlan {
    /** Calls that a process makes when it starts, to learn whether it may run at all: a refusal rightly ends it. */
    private static final List<String> AT_START = List.of(
            "s3:HeadBucket",
            "dynamodb:DescribeTable",
            "sqs:GetQueueUrl",
            "sqs:GetQueueAttributes",
            "sns:ListTopics",
            "sns:GetTopicAttributes");

    private static final List<String> SERVICES = List.of("s3", "dynamodb", "dynamodb", "sqs", "sns");

    /** As often as they stand here. NONE is a call that takes long. */
    private static final List<Fault> KINDS = List.of(
            Fault.FAIL_BEFORE,
            Fault.FAIL_BEFORE,
            Fault.FAIL_AFTER,
            Fault.FAIL_AFTER,
            Fault.CUT_AFTER,
            Fault.CUT_AFTER,
            Fault.CUT_AFTER,
            Fault.TRUNCATED,
            Fault.TRUNCATED,
            Fault.THROTTLE,
            Fault.THROTTLE,
            Fault.UNPROCESSED,
            Fault.UNPROCESSED,
            Fault.DOWN,
            Fault.DOWN,
            Fault.HANG,
            Fault.DENIED,
            Fault.EXPIRED,
            Fault.NONE,
            Fault.NONE,
            Fault.NONE);

    /** For a few seconds so many of 1,000 calls fail, of one service or of all (empty), by one fault or by any. */
    private record Weather(String service, int in1000, List<Fault> kinds, long until) {
        boolean strikes(Call call, Random random) {
            return (service.isEmpty() || service.equals(call.service())) && random.nextInt(1000) < in1000;
        }
    }

    private final Random random;
    private final Map<Fault, Integer> injected = new EnumMap<>(Fault.class);
    private Weather weather = new Weather("", 0, KINDS, 0);
    private int outages;
    private boolean over;

    Storm(long seed) {
        random = new Random(seed);
    }

    @Override
    public Fault next(Call call) {
        if (call.caller().equals(Account.OBSERVER)) {
            return Fault.NONE;
        }
        Fault fault = draw(call);
        if (fault == null) {
            return Fault.NONE;
        }
        if (fault == Fault.NONE) {
            LockSupport.parkNanos(1_000_000L * (50 + Math.floorMod(call.hashCode(), 16) * 50));
        }
        return fault;
    }

    /** @return null = nothing happens, {@link Fault#NONE} = it takes long */
    private synchronized Fault draw(Call call) {
        if (over) {
            return null;
        }
        if (System.nanoTime() - weather.until() > 0) {
            weather = change();
        }
        if (!weather.strikes(call, random)) {
            return null;
        }
        Fault fault = weather.kinds().get(random.nextInt(weather.kinds().size()));
        boolean refusal = fault == Fault.DENIED || fault == Fault.EXPIRED;
        if (refusal && AT_START.contains(call.operation())
                || fault == Fault.UNPROCESSED && !call.operation().equals("dynamodb:BatchWriteItem")) {
            return null;
        }
        injected.merge(fault, 1, Integer::sum);
        return fault;
    }

    private Weather change() {
        long until = System.nanoTime() + 1_000_000L * random.nextInt(2_000, 7_000);
        String service = SERVICES.get(random.nextInt(SERVICES.size()));
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> new Weather("", 4, KINDS, until);
            case 4, 5, 6 -> new Weather("", 30, KINDS, until);
            case 7 -> new Weather(service, 250, KINDS, until);
            case 8 -> new Weather("dynamodb", 500, List.of(Fault.THROTTLE, Fault.UNPROCESSED), until);
            default -> {
                outages++;
                yield new Weather(service, 1000, List.of(Fault.DOWN), until);
            }
        };
    }

    /** From now on nothing goes wrong. */
    synchronized void end() {
        over = true;
    }

    /** How many calls went wrong; one that was only slow did not. */
    synchronized int wentWrong() {
        return injected.entrySet().stream()
                .filter(times -> times.getKey() != Fault.NONE)
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** How often each fault was injected, and how often a whole service was down. */
    synchronized Map<String, Integer> injected() {
        Map<String, Integer> named = new TreeMap<>();
        injected.forEach((fault, times) -> named.put(fault == Fault.NONE ? "LATENCY" : fault.name(), times));
        named.put("a service down for seconds", outages);
        return named;
    }
}
