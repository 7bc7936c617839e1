package pipeline.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Commands that a person can run as they are printed. */
final class Mend {
    static final String PROVISION = "provision";
    static final String AGAIN = "doctor";
    static final String WHO_AM_I = "aws sts get-caller-identity";
    static final String SET_CLOCK = "sudo timedatectl set-ntp true";

    /** What AWS says of the caller in its refusals. */
    private static final Pattern ROLE = Pattern.compile(":assumed-role/([^/ ]+)/");

    private static final Pattern USER = Pattern.compile(":user/(?:[^ ]*/)?([^/ ]+) is not authorized");

    private static final Pattern PLAIN = Pattern.compile("[\\p{Alnum}_./:@%+=,-]+");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Mend() {}

    /** A command of the AWS command line, each argument quoted where a shell needs it. */
    static String aws(String... arguments) {
        return Stream.concat(Stream.of("aws"), Stream.of(arguments).map(Mend::quoted))
                .collect(Collectors.joining(" "));
    }

    private static String quoted(String argument) {
        return PLAIN.matcher(argument).matches() ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A map in the order in which it is written. */
    static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    /**
     * Allows all that the pipeline does with a resource, in a policy of its own, so that nothing allowed before is
     * taken away. {@code ROLE} stands for the role that runs the pipeline, where AWS's refusal does not name the caller.
     *
     * @param said AWS's refusal
     */
    static String allow(Grant grant, String said) {
        String document = json(map(
                "Version",
                "2012-10-17",
                "Statement",
                List.of(map("Effect", "Allow", "Action", grant.actions(), "Resource", grant.resources()))));
        String policy = "camel-data-pipeline-" + grant.name();
        Matcher user = USER.matcher(said);
        if (user.find()) {
            return aws(
                    "iam",
                    "put-user-policy",
                    "--user-name",
                    user.group(1),
                    "--policy-name",
                    policy,
                    "--policy-document",
                    document);
        }
        Matcher role = ROLE.matcher(said);
        return aws(
                "iam",
                "put-role-policy",
                "--role-name",
                role.find() ? role.group(1) : "ROLE",
                "--policy-name",
                policy,
                "--policy-document",
                document);
    }
}
