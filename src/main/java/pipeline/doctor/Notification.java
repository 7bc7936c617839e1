package pipeline.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import pipeline.intake.ObjectVersion;
import software.amazon.awssdk.services.s3.model.FilterRule;
import software.amazon.awssdk.services.s3.model.LambdaFunctionConfiguration;
import software.amazon.awssdk.services.s3.model.NotificationConfigurationFilter;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.s3.model.TopicConfiguration;

/**
 * What a bucket tells one destination: which events, of keys that begin and end how (an empty text is no limit).
 */
record Notification(Optional<String> id, List<String> events, String prefix, String suffix) {
    static final String CREATED = "s3:ObjectCreated:*";

    /** Together they are as good as {@link #CREATED}. */
    private static final List<String> EACH = List.of(
            "s3:ObjectCreated:Put",
            "s3:ObjectCreated:Post",
            "s3:ObjectCreated:Copy",
            "s3:ObjectCreated:CompleteMultipartUpload");

    static Notification of(QueueConfiguration one) {
        return of(one.id(), one.eventsAsStrings(), one.filter());
    }

    static Notification of(TopicConfiguration one) {
        return of(one.id(), one.eventsAsStrings(), one.filter());
    }

    static Notification of(LambdaFunctionConfiguration one) {
        return of(one.id(), one.eventsAsStrings(), one.filter());
    }

    private static Notification of(String id, List<String> events, NotificationConfigurationFilter filter) {
        String prefix = "";
        String suffix = "";
        if (filter != null && filter.key() != null) {
            for (FilterRule rule : filter.key().filterRules()) {
                if (rule.nameAsString().toLowerCase(Locale.ROOT).equals("prefix")) {
                    prefix = rule.value();
                } else {
                    suffix = rule.value();
                }
            }
        }
        return new Notification(Optional.ofNullable(id), events, prefix, suffix);
    }

    /** Whether some of it is about new objects in {@code raw-data/}. */
    boolean aboutRawData() {
        return events.stream().anyMatch(event -> event.startsWith("s3:ObjectCreated:"))
                && (prefix.startsWith(ObjectVersion.RAW_DATA) || ObjectVersion.RAW_DATA.startsWith(prefix));
    }

    /** What part of those it is limited to; empty when it is about all of them. */
    Optional<String> gap() {
        List<String> limits = new ArrayList<>();
        if (!events.contains(CREATED) && !events.containsAll(EACH)) {
            limits.add(String.join(", ", events));
        }
        if (!ObjectVersion.RAW_DATA.startsWith(prefix)) {
            limits.add("keys that begin with " + prefix);
        }
        if (!suffix.isEmpty()) {
            limits.add("keys that end in " + suffix);
        }
        return limits.isEmpty() ? Optional.empty() : Optional.of(String.join(" and ", limits));
    }

    /** As the AWS command line takes it. */
    Map<String, Object> toMap(String destination, String arn) {
        Map<String, Object> map = Mend.map();
        id.ifPresent(name -> map.put("Id", name));
        map.put(destination, arn);
        map.put("Events", events);
        List<Map<String, Object>> rules = new ArrayList<>();
        if (!prefix.isEmpty()) {
            rules.add(Mend.map("Name", "prefix", "Value", prefix));
        }
        if (!suffix.isEmpty()) {
            rules.add(Mend.map("Name", "suffix", "Value", suffix));
        }
        if (!rules.isEmpty()) {
            map.put("Filter", Mend.map("Key", Mend.map("FilterRules", rules)));
        }
        return map;
    }
}
