package pipeline.specs;

import pipeline.local.Fault;

/** What goes wrong with a call. A step makes it once and tries it three times more: four times is an attempt's end. */
enum Mishap {
    FAILS(4, Fault.FAIL_BEFORE),
    LOSES_ITS_ANSWER(4, Fault.CUT_AFTER),
    /**
     * The process stops dead with its call on its way; another takes over and brings everything to its end. Then it
     * goes on as if nothing had been, its clock having stood still, and its call arrives.
     */
    STOPS(1, Fault.LATE);

    private final int times;
    private final Fault fault;

    Mishap(int times, Fault fault) {
        this.times = times;
        this.fault = fault;
    }

    int times() {
        return times;
    }

    Fault fault() {
        return fault;
    }

    /** Nobody dies and every answer arrives: each failure must be told exactly once. */
    boolean isToldOnce() {
        return fault == Fault.FAIL_BEFORE;
    }
}
