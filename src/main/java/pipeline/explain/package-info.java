/** What became of files and rows, or would become of them, for whoever asks. */
package pipeline.explain;
