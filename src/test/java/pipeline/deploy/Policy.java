package pipeline.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import pipeline.local.Permission;

/**
 * What a policy allows: each pair of an action and a resource that it names. Denials and conditions are not known here, and
 * refused ("Policy evaluation logic", IAM User Guide).
 */
public record Policy(List<Grant> grants) {
    /**
     * One action on one resource, both perhaps with wildcards.
     *
     * @param action such as {@code s3:GetObject}
     * @param resource such as {@code arn:aws:s3:::bucket/raw-data/*}
     */
    public record Grant(String action, String resource) implements Comparable<Grant> {
        /** Whether it allows what a call needs. */
        public boolean allows(Permission needed) {
            return matches(action, needed.action(), Pattern.CASE_INSENSITIVE)
                    && matches(resource, needed.resource(), Pattern.DOTALL);
        }

        // * is any text, ? any character ("IAM JSON policy elements: Resource").
        private static boolean matches(String pattern, String text, int flags) {
            String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
            return Pattern.compile(regex, flags).matcher(text).matches();
        }

        @Override
        public int compareTo(Grant other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return action + " on " + resource;
        }
    }

    static Policy of(List<JsonNode> statements) {
        List<Grant> grants = new ArrayList<>();
        for (JsonNode statement : statements) {
            if (!statement.path("Effect").asText().equals("Allow")
                    || !new TreeSet<>(List.of("Action", "Effect", "Resource"))
                            .containsAll(statement.properties().stream()
                                    .map(property -> property.getKey())
                                    .toList())) {
                throw new IllegalArgumentException("expected what is allowed and nothing else: " + statement);
            }
            for (String action : all(statement.path("Action"))) {
                all(statement.path("Resource")).forEach(resource -> grants.add(new Grant(action, resource)));
            }
        }
        return new Policy(List.copyOf(grants));
    }

    private static List<String> all(JsonNode oneOrMany) {
        List<String> all = new ArrayList<>();
        if (oneOrMany.isArray()) {
            oneOrMany.forEach(one -> all.add(one.asText()));
        } else {
            all.add(oneOrMany.asText());
        }
        return all;
    }

    /** Whether it allows what a call needs. */
    public boolean allows(Permission needed) {
        return grants.stream().anyMatch(grant -> grant.allows(needed));
    }
}
