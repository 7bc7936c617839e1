package pipeline.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import pipeline.doctor.Doctor;
import pipeline.doctor.Finding;

/** {@code doctor}: says what is wrong with the account, and how to mend it, before any file is touched. */
@CommandLine.Command(
        name = "doctor",
        description = {
            "Look at credentials, bucket, tables, queues, topic, events, permissions and clock: a line each, ok, or what is wrong and the command that mends it.",
            "Leaves nothing behind and touches no file. Exit status 2 when something is wrong."
        },
        footerHeading = "%nThe word before a line:%n",
        footer = {
            "  ok      as it should be",
            "  WRONG   the pipeline would fail, or wait for ever",
            "  note    the pipeline works; worth knowing",
            "  ?       nobody can tell from here, and why"
        })
public final class DoctorCommand implements Callable<Integer> {
    @CommandLine.Mixin
    private JsonOption json;

    @CommandLine.Mixin
    private HelpOption help;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>();
        try (Setup setup = Setup.read()) {
            new Doctor(setup.clients(), setup.settings(), setup.datasets()).examine(finding -> {
                findings.add(finding);
                if (!json.wanted()) {
                    lines(finding).forEach(spec.commandLine().getOut()::println);
                }
            });
        }
        int wrong = count(findings, Finding.State.WRONG);
        spec.commandLine()
                .getOut()
                .println(
                        json.wanted()
                                ? Json.line(findings.stream()
                                        .map(DoctorCommand::map)
                                        .toList())
                                : summary(findings, wrong));
        return wrong == 0 ? 0 : 2;
    }

    private static List<String> lines(Finding finding) {
        List<String> lines = new ArrayList<>();
        lines.add("%-5s %s: %s".formatted(finding.state().label(), finding.about(), finding.text()));
        finding.mends().forEach(mend -> lines.add("      mend: " + mend));
        return lines;
    }

    private static String summary(List<Finding> findings, int wrong) {
        int notes = count(findings, Finding.State.NOTE);
        int unknown = count(findings, Finding.State.NOT_CHECKED);
        return (wrong == 0 ? "Nothing is wrong" : Words.count(wrong, "thing is wrong", "things are wrong"))
                + (notes == 0 ? "" : ", " + Words.count(notes, "note"))
                + (unknown == 0 ? "" : ", %,d not checked".formatted(unknown))
                + (wrong == 0 ? "." : ". Mend from the top, then: doctor");
    }

    private static int count(List<Finding> findings, Finding.State state) {
        return (int)
                findings.stream().filter(finding -> finding.state() == state).count();
    }

    private static Map<String, Object> map(Finding finding) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("state", finding.state().name().toLowerCase(Locale.ROOT));
        map.put("about", finding.about());
        map.put("text", finding.text());
        map.put("mend", finding.mends());
        return map;
    }
}
