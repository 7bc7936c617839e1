package pipeline.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pipeline.dataset.Datasets;
import pipeline.dataset.Dialect;
import pipeline.dataset.Recognition;
import pipeline.dataset.Shown;

/**
 * Looks at a whole file before its first row is stored, so that a file that breaks off or turns out to be something else
 * has stored nothing. The rows are read by the same parser afterwards: what passes here, it can read.
 */
public final class Inspector {
    private final Datasets datasets;
    private final int maxRecord;

    /** @param maxRecord the most characters that one record may have */
    public Inspector(Datasets datasets, int maxRecord) {
        this.datasets = datasets;
        this.maxRecord = maxRecord;
    }

    /**
     * Finds the dataset and checks the structure to the last byte.
     *
     * @throws IOException when the bytes cannot be had at the moment
     */
    public Inspection inspect(Source source) throws IOException {
        String name = Shown.line(source.file());
        byte[] start;
        try (InputStream in = source.open()) {
            start = in.readNBytes(Signatures.LENGTH);
        }
        Optional<String> signature = Signatures.name(start);
        if (signature.isPresent()) {
            return new Inspection.Unreadable(name + ": found " + signature.get() + ", expected CSV text");
        }
        List<Dialect> dialects = datasets.dialects(source.file());
        Optional<Charset> announced = Signatures.announced(start);
        if (announced.isPresent()
                && dialects.stream()
                        .noneMatch(dialect -> dialect.charset().name().startsWith("UTF-16"))) {
            return new Inspection.Unreadable(
                    "%s: found %s text (by its byte order mark), expected UTF-8; save it as CSV UTF-8 or set the dataset's encoding"
                            .formatted(name, announced.get()));
        }
        return recognise(source, dialects);
    }

    private Inspection recognise(Source source, List<Dialect> dialects) throws IOException {
        String name = Shown.line(source.file());
        Map<Dialect, List<String>> headers = new LinkedHashMap<>();
        Optional<UnreadableException> trouble = Optional.empty();
        for (Dialect dialect : dialects) {
            try {
                Optional<List<String>> header = header(source, dialect);
                if (header.isEmpty()) {
                    return new Inspection.Unreadable(
                            name + ": found an empty file, expected a header with the names of the columns");
                }
                headers.put(dialect, header.get());
            } catch (UnreadableException e) {
                trouble = trouble.or(() -> Optional.of(e));
            }
        }
        if (headers.isEmpty() && trouble.isPresent()) {
            return new Inspection.Unreadable(trouble.get().sentence(name));
        }
        Recognition recognition = datasets.recognise(source.file(), headers);
        if (recognition instanceof Recognition.Unrecognised unrecognised) {
            return new Inspection.Unreadable(unrecognised.sentence());
        }
        Recognition.Recognised recognised = (Recognition.Recognised) recognition;
        long rows;
        try (CsvText text = new CsvText(source.open(), recognised.dataset().dialect(), maxRecord)) {
            rows = text.countRecords() - 1; // the header is a record, but no row
        } catch (UnreadableException e) {
            return new Inspection.Unreadable(e.sentence(name));
        }
        return new Inspection.Readable(recognised.dataset(), recognised.columns(), rows);
    }

    private Optional<List<String>> header(Source source, Dialect dialect) throws IOException {
        try (Records records = open(source, dialect)) {
            return records.hasNext() ? Optional.of(records.next().cells()) : Optional.empty();
        }
    }

    private Records open(Source source, Dialect dialect) throws IOException {
        return Records.open(source, dialect, maxRecord);
    }
}
