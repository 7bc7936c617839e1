package pipeline.doctor;

import java.time.Duration;

/**
 * This machine's clock against S3's. "In most cases, a request must reach AWS within five minutes of the time stamp in
 * the request" (IAM User Guide, "AWS Signature Version 4 for API requests"); S3 itself bears 15. Leases do not ask a wall
 * clock, so a smaller difference only shows in timestamps, the archive's day, and when a waiting file is due.
 */
final class ClockCheck implements Check {
    private static final Duration REFUSED = Duration.ofMinutes(5);
    private static final Duration SHOWS = Duration.ofMinutes(1);

    private final BucketCheck bucket;

    ClockCheck(BucketCheck bucket) {
        this.bucket = bucket;
    }

    @Override
    public String about() {
        return "clock";
    }

    @Override
    public void run(Report report) {
        if (bucket.clockAhead().isEmpty()) {
            report.notChecked(about(), "S3 did not say what time it is");
            return;
        }
        Duration ahead = bucket.clockAhead().get();
        String found =
                "found it %s %s that of S3".formatted(shown(ahead.abs()), ahead.isNegative() ? "behind" : "ahead of");
        if (ahead.abs().compareTo(REFUSED) >= 0) {
            report.wrong(
                    about(),
                    found + ", expected less than 5 min: AWS refuses what is signed at another time",
                    Mend.SET_CLOCK);
        } else if (ahead.abs().compareTo(SHOWS) >= 0) {
            report.note(
                    about(),
                    found
                            + ": no harm to files, but timestamps and archive days are off, and from 5 min on AWS refuses",
                    Mend.SET_CLOCK);
        } else {
            report.ok(about(), "within a minute of that of S3");
        }
    }

    private static String shown(Duration ahead) {
        return ahead.toSeconds() < 120 ? ahead.toSeconds() + " s" : ahead.toMinutes() + " min";
    }
}
