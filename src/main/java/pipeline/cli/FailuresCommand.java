package pipeline.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine;
import pipeline.claim.Entry;
import pipeline.conclude.Failures;
import pipeline.explain.EntryFacts;

/** {@code failures}: the files that need a person, and what that person can do about them. */
@CommandLine.Command(
        name = "failures",
        description = "Show the files that were refused or failed; work on them again, or leave them at that.",
        synopsisSubcommandLabel = "(list | show | replay | discard)",
        commandListHeading = "%nVerbs:%n",
        subcommands = {
            FailuresCommand.ListCommand.class,
            FailuresCommand.ShowCommand.class,
            FailuresCommand.ReplayCommand.class,
            FailuresCommand.DiscardCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  failures list --status failed --since 2h",
            "  failures show store-7/jan.csv",
            "  failures replay store-7/jan.csv     once its cause is mended",
            "  failures discard store-7/jan.csv    where it is not worth it",
            "",
            "FILE is the name in the list, with or without raw-data/ before it. FILE@VERSION",
            "is one version, where several were dropped under one name."
        })
public final class FailuresCommand {
    @CommandLine.Mixin
    private HelpOption help;

    /** What the four have in common. */
    abstract static class Verb implements Callable<Integer> {
        @CommandLine.Mixin
        private JsonOption json;

        @CommandLine.Mixin
        private HelpOption help;

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec;

        @Override
        public Integer call() {
            try (LedgerAccess ledger = LedgerAccess.open()) {
                return run(ledger);
            }
        }

        abstract int run(LedgerAccess ledger);

        final boolean asJson() {
            return json.wanted();
        }

        final PrintWriter out() {
            return spec.commandLine().getOut();
        }

        final PrintWriter err() {
            return spec.commandLine().getErr();
        }

        final CommandLine.ParameterException misused(String sentence) {
            return new CommandLine.ParameterException(spec.commandLine(), sentence);
        }

        /** Prints everything that is known about files. */
        final void show(LedgerAccess ledger, List<Entry> entries) {
            Map<String, Entry> answers = ledger.failures().answers(entries);
            if (asJson()) {
                out().println(Json.line(entries.stream()
                        .map(entry -> EntryFacts.whole(
                                entry,
                                Optional.ofNullable(answers.get(entry.toString())),
                                ledger.rejects(entry).map(RejectsView::json).orElse(Map.of())))
                        .toList()));
                return;
            }
            Instant now = Instant.now();
            for (int i = 0; i < entries.size(); i++) {
                Entry entry = entries.get(i);
                out().print(i == 0 ? "" : System.lineSeparator());
                EntryView.lines(entry, Optional.ofNullable(answers.get(entry.toString())), ledger.rejects(entry), now)
                        .forEach(out()::println);
            }
        }

        /**
         * The entries of files that a user named.
         *
         * @throws pipeline.settings.ConfigurationException when one is unknown; then nothing is done to the others
         */
        static List<Entry> known(Failures failures, List<String> files) {
            List<Entry> entries = new ArrayList<>();
            List<String> unknown = new ArrayList<>();
            for (String file : files) {
                List<Entry> found = failures.find(file);
                found.stream().filter(Predicate.not(entries::contains)).forEach(entries::add);
                if (found.isEmpty()) {
                    unknown.add(file);
                }
            }
            if (!unknown.isEmpty()) {
                throw LedgerAccess.unknown(unknown);
            }
            return entries;
        }
    }

    @CommandLine.Command(
            name = "list",
            description = "List the files that need a person, the latest first.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  failures list",
                "  failures list --status failed --since 2h",
                "  failures list --dataset orders --since 2026-11-23"
            })
    static final class ListCommand extends Verb {
        @CommandLine.Mixin
        private FailureFilter filter;

        @Override
        int run(LedgerAccess ledger) {
            List<Entry> all = ledger.failures().list();
            List<Entry> entries = filter.of(all);
            Map<String, Entry> answers = ledger.failures().answers(entries);
            if (asJson()) {
                out().println(Json.line(entries.stream()
                        .map(entry -> EntryFacts.summary(entry, Optional.ofNullable(answers.get(entry.toString()))))
                        .toList()));
            } else if (entries.isEmpty()) {
                out().println(filter.none(all.size()));
            } else {
                FailureTable.lines(entries, answers, Instant.now()).forEach(out()::println);
            }
            return 0;
        }
    }

    @CommandLine.Command(
            name = "show",
            description = {
                "Show everything that is known about files, whatever became of them: every version of a file, its",
                "history, and the first lines of its rejects, which are rows of a customer."
            })
    static final class ShowCommand extends Verb {
        @CommandLine.Parameters(arity = "1..*", paramLabel = "FILE", description = "FILE or FILE@VERSION.")
        private List<String> files;

        @Override
        int run(LedgerAccess ledger) {
            show(ledger, known(ledger.failures(), files));
            return 0;
        }
    }

    @CommandLine.Command(
            name = "replay",
            description = "Work on refused or failed files again, from their archived copies.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  failures replay store-7/jan.csv",
                "  failures replay --all --dry-run    what would be worked on again",
                "  failures replay --all --status failed --since 2h",
                "",
                "Mend the cause first: a permission, a dataset, a table. The ledger entry is",
                "re-opened; the running pipeline, or the next once, does the work."
            })
    static final class ReplayCommand extends Verb {
        @CommandLine.Parameters(
                arity = "0..*",
                paramLabel = "FILE",
                description = "FILE (every refused or failed version of it) or FILE@VERSION.")
        private List<String> files = List.of();

        @CommandLine.Option(
                names = "--all",
                description = "Every refused or failed file, or those that --status, --dataset and --since leave.")
        private boolean all;

        @CommandLine.Mixin
        private FailureFilter filter;

        @CommandLine.Option(names = "--dry-run", description = "Only say what would be done.")
        private boolean dryRun;

        @Override
        public Integer call() {
            if (files.isEmpty() != all) {
                throw misused(all ? "--all and FILE exclude each other" : "Missing: FILE, or --all for every file");
            }
            if (filter.narrows() && !all) {
                throw misused("--status, --dataset and --since go with --all, not with FILE");
            }
            return super.call();
        }

        @Override
        int run(LedgerAccess ledger) {
            List<Entry> failures = all ? ledger.failures().list() : List.of();
            List<Entry> meant = all ? filter.of(failures) : known(ledger.failures(), files);
            if (meant.isEmpty() && !asJson()) {
                out().println(filter.none(failures.size()));
                return 0;
            }
            return new Decisions(Decisions.Kind.REPLAY, dryRun, out(), err(), asJson())
                    .take(ledger.failures(), ledger.deadLetters(), meant);
        }
    }

    @CommandLine.Command(
            name = "discard",
            description = "Leave refused or failed files at that: they leave the list and keep their copies.",
            footerHeading = "%nExamples:%n",
            footer = {"  failures discard picture.csv", "  failures discard --dry-run picture.csv    what would be done"
            })
    static final class DiscardCommand extends Verb {
        @CommandLine.Parameters(
                arity = "1..*",
                paramLabel = "FILE",
                description = "FILE (every refused or failed version of it) or FILE@VERSION.")
        private List<String> files;

        @CommandLine.Option(names = "--dry-run", description = "Only say what would be done.")
        private boolean dryRun;

        @Override
        int run(LedgerAccess ledger) {
            return new Decisions(Decisions.Kind.DISCARD, dryRun, out(), err(), asJson())
                    .take(ledger.failures(), ledger.deadLetters(), known(ledger.failures(), files));
        }
    }
}
