package pipeline.dataset;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Type string: the cell's text as it stands, blanks included. Lengths count characters (code points). */
record TextType(
        Format format, OptionalInt minLength, OptionalInt maxLength, Optional<Pattern> pattern, List<String> choices)
        implements FieldType {

    enum Format {
        DEFAULT("a value"),
        EMAIL("an e-mail address such as ana@example.com"),
        URI("a URI such as https://example.com/a"),
        UUID("a UUID such as 123e4567-e89b-12d3-a456-426614174000");

        private final String phrase;

        Format(String phrase) {
            this.phrase = phrase;
        }
    }

    TextType {
        choices = List.copyOf(choices);
    }

    @Override
    public Cell read(String cell) {
        return fits(cell)
                ? new Cell.Value(cell, AttributeValue.builder().s(cell).build())
                : new Cell.Unfit(expectation());
    }

    private boolean fits(String text) {
        if (minLength.isPresent() || maxLength.isPresent()) {
            int length = text.codePointCount(0, text.length());
            if (length < minLength.orElse(0) || length > maxLength.orElse(Integer.MAX_VALUE)) {
                return false;
            }
        }
        boolean formed =
                switch (format) {
                    case DEFAULT -> true;
                    case EMAIL -> isEmail(text);
                    case URI -> isUri(text);
                    case UUID -> isUuid(text);
                };
        return formed
                && (choices.isEmpty() || choices.contains(text))
                && (pattern.isEmpty() || BoundedMatch.matches(pattern.get(), text));
    }

    @Override
    public String expectation() {
        if (!choices.isEmpty()) {
            return choices.size() == 1
                    ? Shown.quoted(choices.get(0))
                    : "one of "
                            + Shown.choice(
                                    choices.stream().map(c -> "'" + c + "'").toList());
        }
        boolean bare = format == Format.DEFAULT;
        String length = "";
        if (minLength.isPresent() && maxLength.isPresent()) {
            int min = minLength.getAsInt();
            int max = maxLength.getAsInt();
            length = (min == max ? " of " + max : " of " + min + " to " + max) + characters(max);
        } else if (minLength.isPresent()) {
            length = " of at least " + minLength.getAsInt() + characters(minLength.getAsInt());
        } else if (maxLength.isPresent()) {
            length = " of at most " + maxLength.getAsInt() + characters(maxLength.getAsInt());
        }
        String like = pattern.map(p -> " matching " + Shown.plain(p.pattern())).orElse("");
        String kind = bare && !(length + like).isEmpty() ? "text" : format.phrase;
        return bare || (length + like).isEmpty() ? kind + length + like : kind + "," + length + like;
    }

    private static String characters(int count) {
        return count == 1 ? " character" : " characters";
    }

    @Override
    public ScalarAttributeType keyType() {
        return ScalarAttributeType.S;
    }

    @Override
    public Object sample() {
        return "a";
    }

    // What mail systems deliver to, without RFC 5321's quoted local parts and address literals. Letters of any script.
    private static boolean isEmail(String text) {
        int at = text.indexOf('@');
        String host = text.substring(at + 1);
        return at > 0
                && at <= 64
                && text.length() <= 254
                && host.indexOf('.') > 0
                && dotted(text.substring(0, at), "!#$%&'*+/=?^_`{|}~-", false)
                && dotted(host, "-", true);
    }

    private static boolean dotted(String text, String others, boolean labels) {
        char before = '.';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean edge = c == '.' || before == '.';
            if (c == '.' ? before == '.' || labels && before == '-' : labels && edge && c == '-') {
                return false;
            }
            if (c != '.' && !Character.isLetterOrDigit(c) && !Character.isSurrogate(c) && others.indexOf(c) < 0) {
                return false;
            }
            before = c;
        }
        return before != '.' && !(labels && before == '-');
    }

    private static boolean isUri(String text) {
        try {
            return new URI(text).isAbsolute();
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isUuid(String text) {
        if (text.length() != 36) {
            return false;
        }
        for (int i = 0; i < 36; i++) {
            char c = text.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : c > 'f' || Character.digit(c, 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
