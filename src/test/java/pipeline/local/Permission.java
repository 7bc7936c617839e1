package pipeline.local;

/**
 * What a caller must be allowed, for a call to be answered.
 *
 * @param action the IAM action, such as {@code s3:GetObject}
 * @param resource the ARN of what it is done to
 */
public record Permission(String action, String resource) implements Comparable<Permission> {
    @Override
    public int compareTo(Permission other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return action + " on " + resource;
    }
}
