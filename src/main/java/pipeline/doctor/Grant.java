package pipeline.doctor;

import java.util.List;

/**
 * Everything that the pipeline, or this verb, does with some resources: the least that its role must be allowed.
 *
 * @param name tells the grant from others, and ends the name of the policy that makes it
 * @param actions IAM actions, such as {@code s3:GetObject}
 * @param resources their ARNs; an account that is not known is {@code *}
 */
record Grant(String name, List<String> actions, List<String> resources) {
    Grant(String name, List<String> actions, String... resources) {
        this(name, List.copyOf(actions), List.of(resources));
    }
}
