package pipeline.cost;

/** What AWS counts to charge for it, as far as the pipeline causes it. */
public enum Charge {
    ROW_WRITE_UNITS(Kind.ROWS, "dynamodb-write-unit"),
    LEDGER_WRITE_UNITS(Kind.LEDGER, "dynamodb-write-unit"),
    LEDGER_INDEX_WRITE_UNITS(Kind.LEDGER, "dynamodb-write-unit"),
    LEDGER_READ_UNITS(Kind.LEDGER, "dynamodb-read-unit"),
    S3_PUTS(Kind.S3, "s3-put"),
    S3_GETS(Kind.S3, "s3-get"),
    SQS_REQUESTS(Kind.SQS, "sqs-request"),
    SNS_REQUESTS(Kind.SNS, "sns-request"),
    SNS_EMAILS(Kind.SNS, "sns-email");

    private final Kind kind;
    private final String price;

    Charge(Kind kind, String price) {
        this.kind = kind;
        this.price = price;
    }

    public Kind kind() {
        return kind;
    }

    /** The key of its price in {@link Prices#FILE}. */
    String price() {
        return price;
    }
}
