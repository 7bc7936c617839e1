package pipeline.doctor;

import java.util.List;

/**
 * What one look at the account has shown.
 *
 * @param about the thing that was looked at, such as {@code bucket my-data}
 * @param text what was found, and what was expected if that is something else; one sentence
 * @param mends the commands that mend it, in their order; a verb of this program or of the AWS command line
 */
public record Finding(State state, String about, String text, List<String> mends) {
    /** What a finding means for whoever is about to start the pipeline. */
    public enum State {
        /** As it should be. */
        OK("ok"),
        /** The pipeline would fail, or wait for ever. */
        WRONG("WRONG"),
        /** The pipeline works; something about it is worth knowing. */
        NOTE("note"),
        /** Nobody can tell from here. */
        NOT_CHECKED("?");

        private final String label;

        State(String label) {
            this.label = label;
        }

        /** The word before a line. */
        public String label() {
            return label;
        }
    }

    public Finding {
        mends = List.copyOf(mends);
    }
}
