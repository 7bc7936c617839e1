package pipeline.specs;

import java.util.concurrent.atomic.AtomicInteger;
import pipeline.local.Call;
import pipeline.local.Fault;
import pipeline.local.FaultPlan;

/** Fault plans by operation, such as {@code s3:CopyObject}, and by what the target holds, empty = any. */
final class Faults {
    private Faults() {}

    /** All calls of a service. */
    static FaultPlan service(String service, Fault fault) {
        return call -> call.service().equals(service) ? fault : Fault.NONE;
    }

    /** All such calls. */
    static FaultPlan all(String operation, String target, Fault fault) {
        return call -> matches(call, operation, target) ? fault : Fault.NONE;
    }

    /** The first so many of such calls. */
    static FaultPlan first(int times, String operation, String target, Fault fault) {
        AtomicInteger count = new AtomicInteger();
        return call -> matches(call, operation, target) && count.incrementAndGet() <= times ? fault : Fault.NONE;
    }

    /** The nth of such calls, from 1, and no other. */
    static FaultPlan nth(int which, String operation, String target, Fault fault) {
        return at(which, operation, target, () -> fault);
    }

    /** Something happens while the nth of such calls is on its way, and decides what becomes of it. */
    static FaultPlan at(int which, String operation, String target, Happening happening) {
        AtomicInteger count = new AtomicInteger();
        return call ->
                matches(call, operation, target) && count.incrementAndGet() == which ? happening.happen() : Fault.NONE;
    }

    private static boolean matches(Call call, String operation, String target) {
        return call.operation().equals(operation) && call.target().contains(target);
    }

    /** What happens just then. */
    @FunctionalInterface
    interface Happening {
        Fault happen();
    }
}
