import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;

/**
 * Validates as long as it is asked: a line of standard input is "flavour TAB file". Each is answered at once by a line
 * "PASS|FAIL|ERROR TAB checks made TAB rules broken", for ERROR with what went wrong in place of the numbers, and below FAIL
 * a line for each broken rule: "clause-test TAB how often TAB what it asks TAB where first".
 */
class Verapdf {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] none) throws Exception {
        System.setOut(System.err); // whatever else prints, prints elsewhere
        VeraGreenfieldFoundryProvider.initialise();
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = asked.readLine(); line != null; line = asked.readLine()) {
            String[] words = line.split("\t", 2);
            OUT.print(answer(words[0], words[1]));
            OUT.flush();
        }
    }

    private static String answer(String name, String file) {
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(name);
        if (flavour == null || flavour == PDFAFlavour.NO_FLAVOUR) {
            return row("ERROR", "no such flavour: " + name);
        }
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file), flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            return told(validator.validate(parser));
        } catch (Exception problem) {
            return row("ERROR", problem.toString());
        }
    }

    private static String told(ValidationResult result) {
        Map<RuleId, TestAssertion> first = new HashMap<>();
        result.getTestAssertions().forEach(each -> first.putIfAbsent(each.getRuleId(), each));
        Map<RuleId, Integer> failed = result.getFailedChecks();
        StringBuilder lines = new StringBuilder();
        lines.append(row(result.isCompliant() ? "PASS" : "FAIL", result.getTotalAssertions(), failed.size()));
        failed.forEach((rule, count) -> {
            TestAssertion example = first.get(rule);
            String number = rule.getClause() + "-" + rule.getTestNumber();
            lines.append(row(number, count, example.getMessage(), example.getLocation().getContext()));
        });
        return lines.toString();
    }

    private static String row(Object... cells) {
        StringBuilder line = new StringBuilder();
        for (Object cell : cells) {
            line.append(line.length() == 0 ? "" : "\t").append(String.valueOf(cell).replaceAll("\\s+", " "));
        }
        return line.append('\n').toString();
    }
}
