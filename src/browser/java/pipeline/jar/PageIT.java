package pipeline.jar;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pipeline.local.Fault;
import pipeline.local.LocalAws;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The page of the packaged jar in a real browser, as an operator uses it. Leaves pictures in {@code target/page/}. */
final class PageIT {
    private static final Path PICTURES = Path.of("target", "page");
    private static final String HEADER = "order_id,customer_name,product_name,quantity,unit_price\n";
    private static final String BAD =
            HEADER + "A-1,Nora Vance,USB-C cable,-5,8.50\nA-2,Omar Tarhun,Laptop stand,-1,30\n";

    private static final List<String> REASONS = List.of(
            "quantity: expected an integer of at least 1",
            "unit_price: expected a decimal such as 12.50",
            "email: expected an e-mail address such as ana@example.com",
            "order_id: expected a value");

    private static Chromium chromium;

    private LocalAws aws;
    private Cloud cloud;
    private PackagedJar jar;
    private PackagedJar.Run run;
    private String address;

    @BeforeAll
    static void open() throws IOException {
        Files.createDirectories(PICTURES);
        chromium = new Chromium();
        PlaywrightAssertions.setDefaultAssertionTimeout(PackagedJar.PATIENCE.toMillis());
    }

    @AfterAll
    static void close() {
        chromium.close();
    }

    @BeforeEach
    void start(@TempDir Path data, @TempDir Path folder) throws IOException {
        aws = LocalAws.start(data);
        Cloud.provision(aws.endpoint());
        cloud = new Cloud(aws.endpoint(), UserStory.BUCKET);
        jar = new PackagedJar(folder, aws.endpoint())
                .set("PIPELINE_POLL_EVERY_SECONDS", "1")
                .set("PIPELINE_HTTP_ENABLED", "true")
                .set("PIPELINE_HTTP_PORT", "0")
                .set("PIPELINE_HTTP_SHOW_ROWS", "true")
                .set("PIPELINE_HTTP_UPLOAD", "true");
    }

    @AfterEach
    void stop() {
        jar.close();
        cloud.close();
        aws.close();
    }

    private void run() {
        run = jar.start();
        PackagedJar.awaitSaid(run, "page at ");
        Matcher said =
                Pattern.compile("page at (http://127\\.0\\.0\\.1:([0-9]+)/)").matcher(run.said());
        assertTrue(said.find(), run::said);
        address = said.group(1);
        // Started again, it is to be found where it was.
        jar.set("PIPELINE_HTTP_PORT", said.group(2));
    }

    private static FilePayload csv(String name, String text) {
        return new FilePayload(name, "text/csv", text.getBytes(StandardCharsets.UTF_8));
    }

    private static Locator state(Page page) {
        return page.locator("#state");
    }

    private static Locator tile(Page page, String name) {
        return page.locator("[data-tile=" + name + "] dd").first();
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    @Test
    void anOperatorSeesWhatIsWrongMendsItAndSeesItTurnGreen() throws IOException {
        run();
        Page page = chromium.open(1280, 900, ColorScheme.LIGHT);
        page.navigate(address);
        assertThat(state(page)).hasText("✓ All well: 0 files in 24 hours, nothing waits");

        // A good file: looked at, dropped, counted.
        page.setInputFiles("#chosen", Path.of("sample-data", "orders.csv"));
        assertThat(page.locator("#upload-body")).containsText("Would store 12 rows as orders, reject 0.");
        button(page, "Drop it").click();
        assertThat(tile(page, "rows_stored")).hasText("12");
        assertThat(state(page)).hasText("✓ All well: 1 file in 24 hours, nothing waits");
        assertThat(page.locator("#files-table tbody tr").first()).containsText("✓ completed");

        // A bad one: its cells are marked before it is dropped, and after.
        page.setInputFiles("#chosen", csv("bad.csv", BAD));
        assertThat(page.locator("#upload-body"))
                .containsText("It would be refused: bad.csv: no row could be stored, 2 of 2 were rejected");
        assertThat(page.locator("#upload-body mark").first()).hasText("'-5'");
        button(page, "Drop it").click();
        assertThat(state(page)).hasText("! 1 file needs you");
        Locator failure = page.locator("#attention-list > li[data-file='bad.csv']");
        failure.locator("summary").click();
        assertThat(failure.locator("td.wrong mark")).hasText(new String[] {"-5", "-1"});
        assertThat(failure.locator("td.errors").first())
                .hasText("quantity: found '-5', expected an integer of at least 1");
        assertThat(page.locator("#reasons > li").first()).containsText("quantity: expected an integer of at least 1");
        assertEquals(List.of(), Chromium.barriers(page));

        // The cause is mended: the shop takes goods back. Meanwhile the page says that nobody answers.
        run.terminate(PackagedJar.PATIENCE);
        assertThat(page.locator("#connection")).containsText("Connection lost. What you see is as of ");
        jar.edit("config/datasets/orders.yaml", "minimum: 1", "minimum: -9");
        run();
        assertThat(page.locator("#connection")).isHidden();

        button(page, "Replay bad.csv").first().click();
        assertThat(page.locator("#said")).hasText("bad.csv: re-opened: it is worked on again from its archived copy");
        assertThat(failure).hasAttribute("data-status", "completed");
        assertThat(failure.locator("summary .chip")).hasText("✓ completed");
        assertThat(state(page)).hasText("✓ All well: 2 files in 24 hours, nothing waits");
        assertThat(tile(page, "rows_stored")).hasText("14");
        assertThat(tile(page, "rows_unaccounted")).hasText("0");

        // A row is explained, in a view that can be linked to.
        page.getByRole(
                        AriaRole.LINK,
                        new Page.GetByRoleOptions().setName("bad.csv").setExact(true))
                .click();
        Locator detail = page.locator("#detail");
        detail.getByLabel("What became of line").fill("2");
        detail.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Explain"))
                .click();
        assertThat(detail).containsText("Stored from line 2 in ProcessedOrders:");
        assertTrue(page.url().contains("?file=bad.csv&version="), page.url());
        assertEquals(List.of(), Chromium.barriers(page));
        page.keyboard().press("Escape");
        assertThat(detail).isHidden();

        assertEquals(List.of(), Chromium.violations(page));
        assertEquals(List.of(), chromium.complaints());
        page.context().close();
    }

    @Test
    void whatNobodyWantsIsDiscardedAfterAQuestion() {
        cloud.drop("picture.csv", Path.of("sample-data", "picture.csv"));
        run();
        Page page = chromium.open(1280, 900, ColorScheme.LIGHT);
        page.navigate(address);
        assertThat(state(page)).hasText("! 1 file needs you");
        button(page, "Discard picture.csv").click();
        button(page, "Keep it on the list").click();
        assertThat(state(page)).hasText("! 1 file needs you");
        button(page, "Discard picture.csv").click();
        page.locator("#confirm")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Discard"))
                .click();
        assertThat(page.locator("#said")).hasText("picture.csv: discarded: it leaves the list, its copies stay");
        assertThat(page.locator("#attention")).isHidden();
        page.context().close();
    }

    @Test
    void namesFromOutsideAreTextWhateverTheyHold() {
        String hostile = "<img src=x onerror=alert(1)>\u202Etxt.csv";
        cloud.drop(hostile, "a,b\n1,2\n");
        cloud.drop("x".repeat(200) + ".csv", "a,b\n1,2\n");
        run();
        Page page = chromium.open(375, 800, ColorScheme.DARK);
        page.navigate(address);
        assertThat(state(page)).hasText("! 2 files need you");
        assertThat(page.locator("#attention-list")).containsText("<img src=x onerror=alert(1)>\\u202etxt.csv");
        assertEquals(0, page.locator("main img").count());
        assertEquals(375, page.evaluate("document.documentElement.scrollWidth"));
        assertEquals(List.of(), Chromium.violations(page));
        assertEquals(List.of(), chromium.complaints());
        page.context().close();
    }

    @Test
    void tenThousandFilesAreAPageOfFifty() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        List<Map<String, AttributeValue>> entries = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            entries.add(entry(i, now.minus(Duration.ofSeconds(8L * i))));
        }
        cloud.putAll(Cloud.LEDGER, entries);
        long stored = entries.stream()
                .mapToLong(entry -> Long.parseLong(entry.get("rows_stored").n()))
                .sum();
        run();
        Page page = chromium.open(1280, 1080, ColorScheme.LIGHT);
        double whileStarting = seconds(page);
        // An open page asks again and again.
        page.navigate("about:blank");
        run.terminate(PackagedJar.PATIENCE);
        AtomicLong lastQuery = new AtomicLong();
        aws.faults(call -> {
            if (call.detail().contains("by-day")) {
                lastQuery.set(System.nanoTime());
            }
            return Fault.NONE;
        });
        run();
        await("the service has read ahead")
                .atMost(PackagedJar.PATIENCE)
                .until(() -> lastQuery.get() != 0 && System.nanoTime() - lastQuery.get() > 2_000_000_000L);
        double first = seconds(page);
        String others = DoubleStream.generate(() -> seconds(page))
                .limit(5)
                .mapToObj("%.2f"::formatted)
                .collect(Collectors.joining(", "));
        System.out.printf(
                "page with 10,000 files: %.2f s in the moment of the start; first load after it %.2f s, then %s s%n",
                whileStarting, first, others);
        // How fast that is depends on the machine, and is printed; that it is little work does not.
        assertEquals(50, page.locator("#files-table tbody tr").count());
        assertTrue((int) page.evaluate("document.querySelectorAll('*').length") < 2_000);
        assertThat(page.locator("#page-of")).hasText("Page 1 of 200, 10,000 files");
        assertThat(tile(page, "rows_stored")).hasText("%,d".formatted(stored));
        button(page, "Next page").click();
        assertThat(page.locator("#page-of")).hasText("Page 2 of 200, 10,000 files");
        cloud.drop("store-7/bad-data.csv", Path.of("sample-data", "bad-data.csv"));
        cloud.drop("picture.csv", Path.of("sample-data", "picture.csv"));
        assertThat(state(page)).hasText("! 2 files need you");
        page.evaluate("scrollTo(0, 0)");
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve("first-screen.png")));
        page.locator("#filters input").fill("/0042");
        assertThat(page.locator("#page-of")).hasText("Page 1 of 1, 1 file");
        assertTrue(page.url().contains("name=%2F0042"), page.url());
        page.context().close();
    }

    /** From the click to all figures. */
    private double seconds(Page page) {
        long began = System.nanoTime();
        page.navigate(address);
        assertThat(tile(page, "files")).hasText("10,000", new LocatorAssertions.HasTextOptions().setTimeout(60_000));
        page.locator("#files-table tbody tr").nth(49).waitFor();
        return (System.nanoTime() - began) / 1e9;
    }

    private static Map<String, AttributeValue> entry(int number, Instant concluded) {
        String file = "store-%d/%04d.csv".formatted(number % 40, number);
        Map<String, AttributeValue> entry = new HashMap<>();
        entry.put("file", AttributeValue.fromS(file));
        entry.put("version", AttributeValue.fromS("%032x".formatted(number)));
        entry.put("status", AttributeValue.fromS("completed"));
        entry.put("dataset", AttributeValue.fromS("orders"));
        entry.put("first_claim", AttributeValue.fromS(concluded.toString()));
        entry.put("concluded_at", AttributeValue.fromS(concluded.toString()));
        entry.put(
                "day",
                AttributeValue.fromS(concluded.toString().substring(0, 10) + "#" + Math.floorMod(file.hashCode(), 8)));
        // More at noon than at night; now and then a row that nobody could use.
        int stored = 100 + (int) (80 * Math.sin(number / 1_700.0));
        int rejected = number % 9 == 0 ? 1 + number % 4 : 0;
        if (rejected > 0) {
            String reason = REASONS.get(number / 9 % REASONS.size());
            entry.put("rejected_for", AttributeValue.fromM(Map.of(reason, AttributeValue.fromN("" + rejected))));
        }
        entry.put("cost", AttributeValue.fromN("0.0000%02d".formatted(14 + stored / 4)));
        Map.of(
                        "attempts",
                        1,
                        "bytes",
                        50 * stored,
                        "rows_read",
                        stored + rejected,
                        "rows_stored",
                        stored,
                        "rows_rejected",
                        rejected,
                        "write_units",
                        stored,
                        "duration_millis",
                        400 + number % 300)
                .forEach((name, value) -> entry.put(name, AttributeValue.fromN(Integer.toString(value))));
        return entry;
    }

    @Test
    void itIsFitForLightAndDarkAndAPhoneAndForWhoSeesNothing() throws IOException {
        for (String sample : List.of(
                "orders.csv",
                "orders-some-bad.csv",
                "sales-transactions.csv",
                "sensor-readings.csv",
                "orders-with-extras.csv",
                "bad-data.csv",
                "picture.csv")) {
            cloud.drop(sample, Path.of("sample-data", sample));
        }
        run();
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(1280, 375)) {
                Page page = chromium.open(width, 900, colours);
                page.navigate(address);
                assertThat(tile(page, "files")).hasText("7");
                page.locator("#attention-list > li[data-file='bad-data.csv'] summary")
                        .click();
                assertThat(page.locator("td.wrong").first()).isVisible();
                assertEquals(List.of(), Chromium.barriers(page), () -> colours + " " + width);
                assertEquals(width, page.evaluate("document.documentElement.scrollWidth"));
                assertEquals(List.of(), Chromium.violations(page));
                page.screenshot(new Page.ScreenshotOptions()
                        .setPath(PICTURES.resolve(
                                "page-%s-%d.png".formatted(colours.name().toLowerCase(), width)))
                        .setFullPage(true));
                page.context().close();
            }
        }
        assertEquals(List.of(), chromium.complaints());
    }
}
