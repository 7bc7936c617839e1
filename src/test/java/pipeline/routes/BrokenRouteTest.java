package pipeline.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pipeline.run.Pipeline;
import pipeline.settings.ConfigurationException;

/** What a person who has broken a route file is told, by the start of the real pipeline. */
final class BrokenRouteTest {
    @TempDir
    static Path data;

    private static Account account;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws IOException {
        account = new Account(data, Map.of());
    }

    @AfterAll
    static void stop() {
        account.close();
    }

    /** {@code line +1} in a sentence is the line after the one that is edited. */
    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // no YAML
                "reject-rows|`      steps:`|`     steps:`| line +0: found no valid YAML in what begins on line 2 (expected <block end>, but found '<block mapping start>'); look at indentation and quotes",
                "reject-rows|`      steps:`|`\tsteps:`| line +0: found a tab before the text, expected blanks: YAML is indented with blanks only",
                "reject-rows|- route:|- route: {{{ [| line +2: found no valid YAML in what begins on line 1 (expected ',' or ']', but got :); look at indentation and quotes",
                "reject-rows|uri: direct|uri: \"direct| line +7: found no valid YAML in what begins on line 8 (expected <block end>, but found '<scalar>'); look at indentation and quotes",
                "reject-rows|`            ref: rejects`|`            ref: rejects\n            ref: rejects`| line +1: found the key ref a second time, expected it once",
                // no routes: Camel itself would start without a word
                "reject-rows|- route:|route:| line +0: found no list, expected one such as '- route:'",
                // words
                "reject-rows|- bean:|- beann:| line +0: found 'beann', expected a step that Camel knows; did you mean bean?",
                "give-up|- setBody:|- setBodyy:| line +0: found 'setBodyy', expected a step that Camel knows; did you mean setBody?",
                "reject-rows|- bean:|- qwertyuiop:| line +0: found 'qwertyuiop', expected a step that Camel knows",
                "reject-rows|- route:|- rout:| line +0: found 'rout', expected an element that Camel knows; did you mean route?",
                "reject-rows|description:|descriptionn:| line +0: found 'descriptionn', expected a key that Camel knows here; did you mean description?",
                "reject-rows|method:|methodd:| line +0: found 'methodd', expected a key that Camel knows here; did you mean method?",
                "read-rows|defaultErrorHandler|defaultErorHandler| line +0: found 'defaultErorHandler', expected a key that Camel knows here; did you mean defaultErrorHandler?",
                "read-file|method:|metod:| line +0: found 'metod', expected an expression language that Camel knows; did you mean method?",
                "send-announcement|library: Jackson|library: Jacksn| line +0: found 'Jacksn', expected a value that Camel knows here",
                "reject-rows|`        - bean:`|`          bean:`| line +0: found keys of its own, expected a list such as '- bean:'",
                // components and their parameters
                "send-announcement|uri: aws2-sqs|uri: aws2-sqss| line +0: found 'aws2-sqss', expected a component that is part of this program; did you mean aws2-sqs?",
                "receive-event|uri: aws2-sqs|uri: kafka| line +0: found 'kafka', expected a component that is part of this program",
                "process-file|deadLetterUri: direct:give-up|deadLetterUri: direkt:give-up| line +0: found 'direkt', expected a component that is part of this program; did you mean direct?",
                "poll-raw-data|`        timerName: poll-raw-data\n`|``| line -2: found timer without timerName, expected that parameter",
                "poll-raw-data|name: list-raw-data|block: true| line -2: found direct without a name, expected the parameter name",
                "poll-raw-data|period:|perod:| line +0: found 'perod', expected a parameter of that component; did you mean period?",
                "send-announcement|messageStructure:|messageStructur:| line +0: found 'messageStructur', expected a parameter of that component; did you mean messageStructure?",
                "poll-raw-data|delay: \"0\"|delay: \"soon\"| line +0: found 'delay: soon', expected a duration",
                "work-in-parallel|size: \"1\"|size: \"one\"| line +0: found 'one', expected an integer",
                "poll-raw-data|autoStartup: \"{{intake.timers}}\"|autoStartup: \"jes\"| line +0: found 'jes', expected a boolean",
                // names
                "reject-rows|ref: rejects|ref: rejcts| line +0: found 'rejcts', expected the name of a bean; did you mean rejects?",
                "give-up|ref: attempts|ref: attemps| line +0: found 'attemps', expected the name of a bean; did you mean attempts?",
                "reject-rows|add(|addd(| line +0: found the method 'addd', expected one that this bean has; did you mean add?",
                "error-policy|redeliveryPolicyRef: stepRedelivery|redeliveryPolicyRef: stepRedeliver| line +0: found 'stepRedeliver', expected the name of a bean; did you mean stepRedelivery?",
                "error-policy|maximumRedeliveries: \"3\"|maximumRedeliverie: \"3\"| line +0: found 'maximumRedeliverie: 3', expected a property that this has, with a value that it takes",
                "error-policy|pipeline.claim.LeaseLostException|pipeline.claim.LeaseLst| line +0: found the class pipeline.claim.LeaseLst, expected one that is part of this program",
                "check-rows|validator.BeanValidationException|validator.BeanValidatonException| line +0: found the class org.apache.camel.component.bean.validator.BeanValidatonException, expected one that is part of this program",
                "send-announcement|{{pipeline.dead-letter-queue}}|{{pipeline.dead-leter-queue}}| line +0: found {{pipeline.dead-leter-queue}}, expected the name of a setting; did you mean pipeline.dead-letter-queue?",
                "poll-raw-data|{{intake.timers}}|{{intake.timer}}| line +0: found {{intake.timer}}, expected the name of a setting; did you mean intake.timers?",
                "receive-event|{{pipeline.files-at-once}}|{{pipeline.files-at-onc}}| line +0: found {{pipeline.files-at-onc}}, expected the name of a setting; did you mean pipeline.files-at-once?",
                // ids and targets
                "store-rows|id: store-rows|id: reject-rows| line +0: found the id reject-rows, which FOLDER/reject-rows.camel.yaml line 2 has too, expected each id once",
                "store-rows|id: write-batch|id: add-to-rejects| line +0: found the id add-to-rejects, which FOLDER/reject-rows.camel.yaml line 13 has too, expected each id once",
                "store-rows|name: store-rows|name: reject-rows| line -2: found a second route from direct reject-rows, expected one; the first is at FOLDER/reject-rows.camel.yaml line 8",
                "read-rows|name: store-rows|name: stor-rows| line -2: found direct stor-rows, to which no route listens, expected a route's name; did you mean store-rows?",
                // expressions
                "read-file|${variable.archived} == false|${variable.archived == false| line +0: found '${variable.archived == false', expected a Simple expression (expected symbol functionEnd but was eol at location 23)",
                "read-file|${variable.inspection.readable}|${variabl.inspection.readable}| line +0: found '${variabl.inspection.readable}', expected a Simple expression (Unknown function: variabl.inspection.readable at location 0)"
            })
    void oneSentenceNamesFileLineAndProblem(String file, String whole, String broken, String sentence)
            throws IOException {
        Account.copyOfRoutes(folder.resolve("routes"));
        Path edited = folder.resolve("routes").resolve(file + ".camel.yaml");
        String text = Files.readString(edited);
        assertTrue(text.contains(whole), () -> file + " has no " + whole);
        int at = text.indexOf(whole);
        Files.writeString(
                edited, text.substring(0, at) + (broken == null ? "" : broken) + text.substring(at + whole.length()));

        long line = 1
                + text.substring(0, at + whole.indexOf(whole.strip()))
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        Matcher offset = Pattern.compile("^line ([+-]\\d+):").matcher(sentence);
        assertTrue(offset.find());
        String expected = offset.replaceFirst("line " + (line + Integer.parseInt(offset.group(1))) + ":");
        assertEquals(
                edited + " "
                        + expected.replace("FOLDER", folder.resolve("routes").toString()),
                refusal());
    }

    private String refusal() {
        try (Pipeline pipeline = account.pipeline(Pipeline.Intake.ON_DEMAND, folder.resolve("routes"))) {
            return assertThrows(ConfigurationException.class, pipeline::start).getMessage();
        }
    }

    private String refusalOf(String content) throws IOException {
        Path file = Account.copyOfRoutes(folder.resolve("routes")).resolve("more.camel.yaml");
        Files.writeString(file, content);
        return refusal().replace(file.toString(), "more.camel.yaml");
    }

    @Test
    void aFileWithoutRoutesIsRefused() throws IOException {
        assertEquals(
                "more.camel.yaml: found an empty file, expected routes; remove it if it has none",
                refusalOf("# to do\n"));
    }

    @Test
    void aTextThatIsNoListIsRefused() throws IOException {
        assertEquals(
                "more.camel.yaml line 2: found no list, expected one such as '- route:'",
                refusalOf("# to do\nto do\n"));
    }

    @Test
    void aRouteWithoutFromIsRefused() throws IOException {
        assertEquals(
                "more.camel.yaml line 2: found the route more without from, expected one",
                refusalOf("- route:\n    id: more\n"));
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        Path file = Account.copyOfRoutes(folder.resolve("routes")).resolve("more.camel.yaml");
        Files.write(file, "- route:\n    id: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(file + ": found bytes that are not UTF-8, expected a text in UTF-8", refusal());
    }

    @Test
    void anEmptyFolderIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("routes"));
        assertEquals(folder.resolve("routes") + ": found no *.camel.yaml, expected the route files there", refusal());
    }

    @Test
    void theWrongDirectoryIsNamed() {
        Path missing = folder.resolve("routes");
        assertEquals(
                "%s: found no such folder, expected the route files there; start in the folder that holds %s and config (this is %s)"
                        .formatted(missing, missing, Path.of("").toAbsolutePath()),
                refusal());
    }
}
