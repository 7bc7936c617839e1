package pipeline.cost;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A service of AWS, and what it charges for a request. */
public enum Service {
    S3 {
        @Override
        List<Charge> charges(String operation) {
            if (begins(operation, "Delete", "Abort")) {
                return List.of();
            }
            return List.of(
                    begins(operation, "Put", "Copy", "List", "Create", "Upload", "Complete")
                            ? Charge.S3_PUTS
                            : Charge.S3_GETS);
        }
    },
    /** Charges for capacity alone, which its answers tell. */
    DYNAMODB {
        @Override
        List<Charge> charges(String operation) {
            return List.of();
        }
    },
    SQS {
        @Override
        List<Charge> charges(String operation) {
            return List.of(Charge.SQS_REQUESTS);
        }
    },
    /** One subscriber by e-mail is assumed. */
    SNS {
        @Override
        List<Charge> charges(String operation) {
            return operation.equals("Publish")
                    ? List.of(Charge.SNS_REQUESTS, Charge.SNS_EMAILS)
                    : List.of(Charge.SNS_REQUESTS);
        }
    };

    /**
     * What one request costs a unit each of.
     *
     * @param operation its name in the service's API reference
     */
    abstract List<Charge> charges(String operation);

    private static boolean begins(String operation, String... verbs) {
        return Stream.of(verbs).anyMatch(operation::startsWith);
    }

    /** As metrics have it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
