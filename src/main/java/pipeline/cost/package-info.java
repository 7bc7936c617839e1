/** What AWS charges, counted where it is asked for: by file, by process, and before anything is written. */
package pipeline.cost;
