/** The page and the HTTP interface under it: who may ask what, and answers made of the same code as the verbs. */
package pipeline.http;
