package pipeline.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import pipeline.doctor.Finding.State;

/** Takes findings as they are made, and words those that all checks have in common. */
final class Report {
    private final Consumer<Finding> reader;

    Report(Consumer<Finding> reader) {
        this.reader = reader;
    }

    void ok(String about, String text) {
        reader.accept(new Finding(State.OK, about, text, List.of()));
    }

    void note(String about, String text, String... mends) {
        reader.accept(new Finding(State.NOTE, about, text, List.of(mends)));
    }

    void wrong(String about, String text, String... mends) {
        reader.accept(new Finding(State.WRONG, about, text, List.of(mends)));
    }

    void notChecked(String about, String why, String... mends) {
        reader.accept(new Finding(State.NOT_CHECKED, about, "not checked: " + why, List.of(mends)));
    }

    /**
     * A call that the pipeline needs has failed.
     *
     * @param allow the command that allows it
     */
    void failed(String about, Tried<?> tried, String allow) {
        if (tried.clockRefused()) {
            wrong(about, "found the request refused for its time (" + tried.reason() + ")", Mend.SET_CLOCK);
        } else if (tried.credentialsRefused()) {
            wrong(
                    about,
                    "found the credentials refused (" + tried.reason() + "), expected valid ones; renew them",
                    Mend.WHO_AM_I);
        } else if (tried.denied()) {
            wrong(about, "found it forbidden (" + tried.reason() + "), expected permission", allow);
        } else if (tried.unsupported()) {
            notChecked(about, "this endpoint does not tell (" + tried.reason() + ")");
        } else {
            wrong(about, "found no good answer (" + tried.reason() + "); look at network and service", Mend.AGAIN);
        }
    }

    /** A call that only this verb makes has failed: nothing is known to be wrong. */
    void untold(String about, Tried<?> tried, String allow) {
        if (tried.denied()) {
            notChecked(about, "this verb may not ask (" + tried.reason() + ")", allow);
        } else if (tried.unsupported()) {
            notChecked(about, "this endpoint does not tell (" + tried.reason() + ")");
        } else {
            failed(about, tried, allow);
        }
    }

    /**
     * What came of calls that were made for the sake of their permissions: one finding, whatever is forbidden.
     *
     * @param tries by the action that they need
     * @param failed what a call that is not forbidden must not come to
     * @param well what is said when all is as it should be
     */
    void permissions(String about, Map<String, Tried<?>> tries, Predicate<Tried<?>> failed, Grant grant, String well) {
        TreeSet<String> denied = new TreeSet<>();
        Optional<Tried<?>> refusal = Optional.empty();
        for (Map.Entry<String, Tried<?>> entry : tries.entrySet()) {
            Tried<?> tried = entry.getValue();
            if (tried.denied()) {
                denied.add(entry.getKey());
                refusal = refusal.or(() -> Optional.of(tried));
            } else if (failed.test(tried)) {
                failed(about, tried, Mend.allow(grant, tried.message()));
                return;
            }
        }
        if (refusal.isPresent()) {
            wrong(
                    about,
                    "found %s forbidden (%s), expected permission"
                            .formatted(String.join(", ", denied), refusal.get().reason()),
                    Mend.allow(grant, refusal.get().message()));
        } else {
            ok(about, well);
        }
    }
}
