package pipeline.cli;

import java.util.Optional;
import picocli.CommandLine;

/** What {@code --version} prints: the jar's own manifest says it. */
public final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "camel-data-pipeline "
                    + Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                            .orElse("(not packaged)")
        };
    }
}
