package pipeline.store;

/** A table took nothing for as long as the writer waited. That is not the file's fault: it waits, its attempts unspent. */
public final class TableBusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TableBusyException(String table, int tries) {
        super("table " + table + " is throttled: it took none of a batch's items in " + tries + " tries");
    }
}
