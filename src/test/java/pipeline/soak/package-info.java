/**
 * The packaged jar as several real processes, killed, paused and lied to by AWS: {@code mvn verify -Psoak}.
 *
 * <pre>
 * Dropper --drops, events--> LocalAws &lt;--calls-- Replica (a process of the jar, with credentials of its own)
 *    |                          |
 *    v                          +-- Storm or another plan: what goes wrong with a call
 * Dropped (the model: every     +-- ArchiveWatch: I4 at the instant of every delete
 *  version, every row's truth)
 *    |
 *    v
 * Invariants (Account: what is there, against the model) --> Report
 * </pre>
 *
 * <p>The model is made before anything is dropped and knows nothing of the product's own checker.
 */
package pipeline.soak;
