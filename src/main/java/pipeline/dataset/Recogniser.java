package pipeline.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import pipeline.dataset.HeaderMatch.Fits;
import pipeline.dataset.HeaderMatch.Lacks;
import pipeline.dataset.HeaderMatch.Refused;
import pipeline.dataset.Recognition.Recognised;
import pipeline.dataset.Recognition.Unrecognised;

/** Chooses among the datasets that a file's header was matched with. */
final class Recogniser {
    private final String file;
    private final Map<Dataset, HeaderMatch> matches;
    private final Map<Dialect, List<String>> headers;

    Recogniser(String file, Map<Dataset, HeaderMatch> matches, Map<Dialect, List<String>> headers) {
        this.file = file;
        this.matches = matches;
        this.headers = headers;
    }

    Recognition recognise() {
        if (headers.isEmpty()) {
            return refuse("no header that can be read", "the columns of a dataset");
        }
        if (matches.isEmpty()) {
            return refuse("a path that no dataset takes", "one that a dataset's path allows");
        }
        List<Dataset> best = best();
        if (best.size() == 1 && matches.get(best.get(0)) instanceof Fits fits) {
            return new Recognised(best.get(0), fits.columns());
        }
        if (best.size() > 1) {
            List<String> names = best.stream().map(Dataset::name).toList();
            return refuse("a header that fits " + Shown.list(names) + " alike", "columns that only one of them has");
        }
        return refusal();
    }

    // Most columns matched; among those as good, one that names the file's path.
    private List<Dataset> best() {
        List<Dataset> best = new ArrayList<>();
        int most = 0;
        for (Map.Entry<Dataset, HeaderMatch> match : matches.entrySet()) {
            if (match.getValue() instanceof Fits fits) {
                int score =
                        2 * fits.columns().matched() + (match.getKey().globs().isEmpty() ? 0 : 1);
                if (score > most) {
                    best.clear();
                    most = score;
                }
                if (score == most) {
                    best.add(match.getKey());
                }
            }
        }
        return best;
    }

    private Recognition refusal() {
        Dataset nearest = matches.keySet().iterator().next();
        for (Dataset dataset : matches.keySet()) {
            nearest = nearness(dataset) > nearness(nearest) ? dataset : nearest;
        }
        if (matches.get(nearest) instanceof Refused refused) {
            return refuse(refused.found(), refused.expected());
        }
        List<String> names = headers.get(nearest.dialect()).stream()
                .map(name -> Blank.isBlank(name) ? "(no name)" : Blank.strip(name))
                .toList();
        String found = (names.size() == 1 ? "column " : "columns ") + Shown.list(names);
        if (matches.get(nearest) instanceof Lacks lacks && lacks.matched() > 0) {
            return refuse(
                    found,
                    "those of a dataset; nearest is " + nearest.name() + ", which also needs "
                            + Shown.list(lacks.missing()));
        }
        return refuse(
                found,
                "those of "
                        + Shown.choice(
                                matches.keySet().stream().map(Dataset::name).toList()));
    }

    // A header that only needs mending is nearest; then the one with most columns, then with fewest missing.
    private int nearness(Dataset dataset) {
        HeaderMatch match = matches.get(dataset);
        if (match instanceof Lacks lacks) {
            return 1000 * lacks.matched() - lacks.missing().size();
        }
        return match instanceof Refused refused ? 1_000_000 + refused.matched() : 0;
    }

    private Unrecognised refuse(String found, String expected) {
        return new Unrecognised(Shown.line(file) + ": found " + found + ", expected " + expected);
    }
}
