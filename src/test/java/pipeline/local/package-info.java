/**
 * Local stand-ins for the four AWS services the pipeline talks to, behind one URL.
 *
 * <pre>
 * SDK client --> Front --+--> S3Conditions --> Upstream --> S3Proxy (files on disk)
 *                        +--> Upstream --> ElasticMQ
 *                        +--> Upstream --> DynamoDBLocal (in memory)
 *                        +--> SnsStandIn --> outbox/*.txt
 * </pre>
 *
 * <p>Tests begin at {@link pipeline.local.LocalAws}. {@link pipeline.local.FaultPlan} decides which calls fail, and how.
 */
package pipeline.local;
