package pipeline.intake;

/**
 * An object of ours in the bucket, as it was when it was seen or written.
 *
 * @param key its full key
 * @param eTag its own ETag, without quotes; a copy made in parts has another than its source
 * @param bytes its size
 */
public record StoredObject(String key, String eTag, long bytes) {}
