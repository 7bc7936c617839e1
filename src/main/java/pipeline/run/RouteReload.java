package pipeline.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.RouteWatcherReloadStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pipeline.settings.ConfigurationException;

/**
 * Takes over route files as they are edited, without a restart. A broken edit changes nothing but the log: Camel itself
 * would drop the old route before it knows that the new one cannot be made.
 */
final class RouteReload extends RouteWatcherReloadStrategy {
    private static final Logger LOG = LoggerFactory.getLogger(RouteReload.class);

    private final Path folder;
    private final Map<Path, String> running;
    private final Map<Path, String> seen;
    private boolean ended;

    /** @param started the files that the routes were started from */
    RouteReload(RouteFiles started) {
        super(started.folder().toString());
        folder = started.folder();
        running = new HashMap<>(started.texts());
        seen = new HashMap<>(running);
        setPattern("*" + RouteFiles.ENDING);
        setRemoveAllRoutes(false);
    }

    /** From now on edits are left alone; one that is being taken over is waited for, since Camel cannot stop meanwhile. */
    synchronized void end() {
        ended = true;
    }

    @Override
    protected synchronized void onRouteReload(Collection<Resource> resources, boolean removeEverything) {
        if (ended) {
            return;
        }
        List<Path> changed = resources.stream()
                .map(resource -> RouteFiles.file(folder, resource.getLocation()))
                .toList();
        if (!isNews(changed)) {
            return;
        }
        RouteFiles edited;
        try {
            edited = RouteFiles.read(folder);
        } catch (ConfigurationException e) {
            refused(changed, e.getMessage());
            return;
        }
        try {
            load(changed, edited.texts());
            running.putAll(edited.texts());
            changed.forEach(file -> LOG.info("{} taken over", file));
        } catch (Exception e) {
            restore(changed);
            refused(changed, new RouteErrors(edited, getCamelContext()).sentence(e));
        }
    }

    /**
     * One save may be seen as several changes, and the first of them as an empty file, when an editor empties it before it
     * writes.
     */
    private boolean isNews(List<Path> changed) {
        boolean news = false;
        for (Path file : changed) {
            try {
                String text = Files.readString(file);
                news |= !text.isEmpty() && !text.equals(seen.put(file, text));
            } catch (IOException e) {
                LOG.warn("{}: found what cannot be read ({})", file, e.toString());
            }
        }
        return news;
    }

    /** A file that was saved again since it was called news, or is just being saved, is judged when that is told. */
    private void refused(List<Path> changed, String sentence) {
        if (changed.stream().allMatch(this::isAsSeen)) {
            LOG.error("{}; the routes stay as they were", sentence);
        }
    }

    private boolean isAsSeen(Path file) {
        try {
            return Files.readString(file).equals(seen.get(file));
        } catch (IOException e) {
            return true;
        }
    }

    private void load(List<Path> files, Map<Path, String> texts) throws Exception {
        List<Resource> resources = new ArrayList<>();
        for (Path file : files) {
            if (texts.containsKey(file)) {
                resources.add(ResourceHelper.fromBytes(
                        "file:" + file.toAbsolutePath(), texts.get(file).getBytes(StandardCharsets.UTF_8)));
            }
        }
        PluginHelper.getRoutesLoader(getCamelContext()).updateRoutes(resources);
    }

    private void restore(List<Path> broken) {
        try {
            load(broken, running);
        } catch (Exception e) {
            LOG.error("the routes that ran before cannot be restored, restart: {}", RouteFiles.oneLine(e.toString()));
        }
    }
}
