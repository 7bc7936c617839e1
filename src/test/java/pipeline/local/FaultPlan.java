package pipeline.local;

/**
 * Decides which calls fail. Asked once for each call, by many threads at a time; a plan that takes its time to answer
 * delays the call.
 */
@FunctionalInterface
public interface FaultPlan {
    /** Returns what goes wrong with this call, {@link Fault#NONE} if nothing. */
    Fault next(Call call);

    /** Returns the plan by which nothing goes wrong. */
    static FaultPlan none() {
        return call -> Fault.NONE;
    }
}
