package pipeline.dataset;

import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** One attribute of a table's primary key: its name, S or N, and whether it is the partition (HASH) or sort (RANGE) key. */
public record KeyAttribute(String name, ScalarAttributeType type, KeyType role) {}
