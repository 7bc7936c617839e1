/**
 * One row at a time: read its cells as the dataset declares, work out what is derived, and say accepted or rejected.
 *
 * <p>The route {@code check-rows} validates a {@link pipeline.check.Batch} with Jakarta Validation; {@link
 * pipeline.check.ConformsToDataset} asks each {@link pipeline.check.Row}, which asks {@link pipeline.check.RowChecker}.
 */
package pipeline.check;
