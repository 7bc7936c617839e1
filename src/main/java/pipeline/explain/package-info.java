/** What became of a row, for whoever asks. */
package pipeline.explain;
