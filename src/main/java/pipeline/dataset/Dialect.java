package pipeline.dataset;

import java.nio.charset.Charset;
import org.apache.commons.csv.CSVFormat;

/** How a dataset's files are written: the keys {@code encoding} and {@code dialect} (CSV Dialect) of its declaration. */
public record Dialect(Charset charset, char delimiter, char quote) {
    /**
     * RFC 4180 with this delimiter and quote: strict about quoting, blank lines and surrounding blanks kept, the header an
     * ordinary record.
     */
    public CSVFormat csvFormat() {
        return CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter)
                .setQuote(quote)
                .setIgnoreEmptyLines(false)
                .setIgnoreSurroundingSpaces(false)
                .setLenientEof(false)
                .setTrailingData(false)
                .get();
    }
}
