package pipeline.settings;

/**
 * Something the operator has set up wrongly. The message is one sentence for that person: where, what was found, what
 * was expected, what to do. It is printed as it is, without a stack trace, and the process ends with exit status 2.
 */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String sentence) {
        super(sentence);
    }
}
