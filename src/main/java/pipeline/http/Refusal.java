package pipeline.http;

/** An answer that is no success: a status of HTTP, and one sentence for whoever asked. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    Refusal(int status, String sentence) {
        super(sentence, null, false, false);
        this.status = status;
    }

    static Refusal misused(String sentence) {
        return new Refusal(400, sentence);
    }

    int status() {
        return status;
    }
}
