package pipeline.place;

import pipeline.claim.Attempt;
import pipeline.claim.FileVersion;
import pipeline.intake.ObjectVersion;
import pipeline.intake.StoredObject;

/** Keeps every file version before anything is done with it: from then on rows, filing and replay read that copy alone. */
public final class Archive {
    private final Copies copies;

    public Archive(Copies copies) {
        this.copies = copies;
    }

    /**
     * Makes sure that the attempt's version lies in the archive, copying it from {@code raw-data/} if it does not.
     *
     * @return false when the version was replaced or deleted before it could be archived
     */
    public boolean keep(Attempt attempt) {
        attempt.lease().check();
        try {
            attempt.archived(copies.ensure(
                    new StoredObject(
                            ObjectVersion.RAW_DATA + attempt.file(),
                            attempt.version(),
                            attempt.entry().bytes()),
                    Places.names(Places.archive(attempt.firstClaim()), attempt.file(), attempt.version()),
                    FileVersion.sourceVersion(attempt.file(), attempt.version()),
                    attempt.lease()::check));
            return true;
        } catch (Copies.SourceGoneException e) {
            return false;
        }
    }
}
