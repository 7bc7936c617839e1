package pipeline.jar;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The Chromium of this machine, and what it complains of. */
final class Chromium implements AutoCloseable {
    private static final Path PROGRAM = Path.of(System.getProperty("chromium", "/usr/bin/chromium"));

    /** Violations come as events too, whatever the console says of them. */
    private static final String LISTEN =
            "window.violations = []; addEventListener('securitypolicyviolation', event => violations.push(event.violatedDirective + ' ' + event.blockedURI));";

    private static final String AXE =
            "async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map("
                    + "v => v.impact + ' ' + v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.html + ' ' + (n.any[0]?.message ?? '')).join(' | '))";

    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

    Chromium() {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(PROGRAM)
                        // A container's root may not use Chromium's own sandbox.
                        .setArgs(List.of("--no-sandbox")));
    }

    /** A window of its own. */
    Page open(int width, int height, ColorScheme colours) {
        BrowserContext context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(width, height).setColorScheme(colours));
        context.setDefaultTimeout(60_000);
        context.addInitScript(LISTEN);
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        return page;
    }

    /** What the console said since the last time, but of connections that were refused and of a service that stops. */
    List<String> complaints() {
        List<String> said = complaints.stream()
                .filter(text -> !text.contains("net::ERR_") && !text.contains("status of 503"))
                .toList();
        complaints.clear();
        return said;
    }

    /** Violations of the content security policy since the page was loaded. */
    static List<?> violations(Page page) {
        return (List<?>) page.evaluate("violations");
    }

    /** What axe finds wrong for people who use a keyboard or a screen reader. */
    static List<?> barriers(Page page) {
        // Run by the debugger, so the page's policy does not keep it out.
        page.evaluate(axe());
        return (List<?>) page.evaluate(AXE);
    }

    private static String axe() {
        try (InputStream in = Chromium.class.getResourceAsStream("/axe.min.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
