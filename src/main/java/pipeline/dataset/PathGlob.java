package pipeline.dataset;

import java.util.regex.Pattern;

/**
 * A pattern on a file's key: {@code *} is any text without a slash, {@code **} any text, {@code ?} one character but a
 * slash, and {@code **}{@code /} any folders or none.
 */
final class PathGlob {
    private PathGlob() {}

    static Pattern pattern(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (glob.startsWith("**/", i)) {
                regex.append("(?:.*/)?");
                i += 2;
            } else if (glob.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else {
                regex.append(c == '*' ? "[^/]*" : c == '?' ? "[^/]" : Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
