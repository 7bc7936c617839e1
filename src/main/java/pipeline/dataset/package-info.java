/**
 * Declared kinds of files: {@link pipeline.dataset.Datasets} reads {@code config/datasets}, recognises a file by its header
 * and hands out the {@link pipeline.dataset.Dataset} by which {@code pipeline.check} checks its rows.
 *
 * <p>The vocabulary is that of Frictionless Table Schema, Tabular Data Resource and CSV Dialect (version 1, with field
 * level {@code missingValues} of version 2). {@code docs/datasets.md} is the reference.
 */
package pipeline.dataset;
