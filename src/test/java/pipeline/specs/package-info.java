/**
 * Behaviour of the whole pipeline, the real {@code routes/} and {@code config/} on local stand-ins for AWS.
 *
 * <pre>
 * SpecsTest --> Spec (a folder of src/test/resources/specs: what is done, what is expected)
 *     |           |
 *     v           v
 *  Sandbox --> Found (the whole outcome, in the words of a spec folder, and what always holds)
 * </pre>
 *
 * <p>Tests of other kinds begin at {@link pipeline.specs.Sandbox} too.
 */
package pipeline.specs;
