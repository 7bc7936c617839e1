package pipeline.soak;

/**
 * One version of one file.
 *
 * @param file the key without {@code raw-data/}
 * @param eTag the MD5 of its bytes, in hex
 */
record Version(String file, String eTag, Content content) {
    /** As the ledger names it. */
    @Override
    public String toString() {
        return file + "@" + eTag;
    }
}
