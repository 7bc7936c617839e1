package pipeline.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import pipeline.cost.Prices;
import pipeline.dataset.Datasets;
import pipeline.explain.CheckJson;
import pipeline.explain.DryRun;
import pipeline.intake.ObjectVersion;
import pipeline.read.LocalSource;
import pipeline.run.Pipeline;
import pipeline.settings.ConfigurationException;
import pipeline.settings.Settings;

/** {@code check}: what would become of local files. Writes nothing, asks nobody. */
@CommandLine.Command(
        name = "check",
        description = {
            "Say what would be stored and what rejected, and what that costs, without storing anything.",
            "Reads local files as the pipeline would read them from the bucket. Needs no AWS and no bucket."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  check orders.csv                  every problem with its line, then the totals",
            "  check --all --json *.csv          the same for programs, however many problems there are",
            "  check --folder store-7 jan.csv    as it would be read in raw-data/store-7/",
            "",
            "Exit status: 0 every row would be stored, 3 rows or files would be rejected."
        })
public final class CheckCommand implements Callable<Integer> {
    private static final long MOST_PROBLEMS = 100;

    @CommandLine.Parameters(arity = "1..*", paramLabel = "FILE", description = "CSV files on this machine.")
    private List<Path> paths;

    @CommandLine.Option(
            names = "--all",
            description = "Print every problem; without it, rows after the first 100 problems are only counted.")
    private boolean all;

    @CommandLine.Option(
            names = "--folder",
            paramLabel = "FOLDER",
            defaultValue = "",
            description = "The folder under raw-data/ into which the files would be dropped. It matters where a dataset"
                    + " asks for a path.")
    private String folder;

    @CommandLine.Mixin
    private JsonOption json;

    @CommandLine.Mixin
    private HelpOption help;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        List<String> unusable = new ArrayList<>();
        paths.forEach(path -> {
            if (Files.isDirectory(path)) {
                unusable.add(path + ": found a directory, expected a CSV file; name the files in it");
            } else if (!Files.exists(path)) {
                unusable.add(path + ": found no such file, expected a CSV file on this machine");
            } else if (!Files.isReadable(path)) {
                unusable.add(path + ": found a file that may not be read, expected permission to read it");
            }
        });
        if (!unusable.isEmpty()) {
            throw new ConfigurationException(String.join(System.lineSeparator(), unusable));
        }
        Settings settings = Settings.loadOffline(Settings.FILE, System.getenv());
        settings.warnings().forEach(err::println);
        DryRun dryRun = new DryRun(Datasets.load(Pipeline.DATASETS), settings.maxRecordLength());
        Prices prices = Prices.load(Prices.FILE);
        return (json.wanted() ? asJson(dryRun, prices) : asText(dryRun, prices)) ? 0 : 3;
    }

    private boolean asText(DryRun dryRun, Prices prices) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        boolean good = true;
        String between = "";
        for (Path path : paths) {
            out.print(between);
            between = System.lineSeparator();
            String file = file(path);
            good &= dryRun.read(new LocalSource(path, file), new CheckText(out, path.toString(), file, most(), prices));
        }
        return good;
    }

    private boolean asJson(DryRun dryRun, Prices prices) throws IOException {
        boolean good = true;
        try (JsonGenerator array = Json.generator(spec.commandLine().getOut())) {
            array.writeStartArray();
            for (Path path : paths) {
                String file = file(path);
                good &= dryRun.read(
                        new LocalSource(path, file), new CheckJson(array, path.toString(), file, most(), prices));
            }
            array.writeEndArray();
        }
        spec.commandLine().getOut().println();
        return good;
    }

    private long most() {
        return all ? Long.MAX_VALUE : MOST_PROBLEMS;
    }

    /** The key that the file would have under {@code raw-data/}. */
    private String file(Path path) {
        String in =
                folder.startsWith(ObjectVersion.RAW_DATA) ? folder.substring(ObjectVersion.RAW_DATA.length()) : folder;
        String name = path.getFileName().toString();
        return in.isEmpty() ? name : in.endsWith("/") ? in + name : in + "/" + name;
    }
}
