/** What {@code deploy/} says, held against what the program does. */
package pipeline.deploy;
