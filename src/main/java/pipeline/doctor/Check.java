package pipeline.doctor;

/**
 * One thing to look at. A check reports what it finds and throws nothing that AWS does; what it learns, those after it
 * may ask it for.
 */
interface Check {
    /** What is looked at, as people call it. */
    String about();

    void run(Report report);
}
