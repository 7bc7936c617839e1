package pipeline.reject;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import pipeline.claim.Entry;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The first lines of a rejects file, for a person who wants to see what is wrong; however large it is, little is read. */
public final class FirstRejects {
    /** The header and five more. */
    private static final int LINES = 6;

    private static final int BYTES = 16 * 1024;

    private final S3Client s3;
    private final String bucket;

    public FirstRejects(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /**
     * The first lines as they stand in the file.
     *
     * @param more whether there is more than these
     */
    public record Lines(List<String> lines, boolean more) {
        public Lines {
            lines = List.copyOf(lines);
        }
    }

    /**
     * Reads the first lines of an entry's rejects file.
     *
     * @param charset of the file's dataset; what it cannot decode is read byte by byte
     * @throws software.amazon.awssdk.core.exception.SdkException when S3 does not answer, or the file is not there any more
     */
    public Lines of(Entry entry, Charset charset) {
        ResponseBytes<GetObjectResponse> start = s3.getObjectAsBytes(request ->
                request.bucket(bucket).key(entry.rejects().orElseThrow()).range("bytes=0-" + (BYTES - 1)));
        boolean whole = start.response().contentRange() == null
                || start.response().contentRange().endsWith("/" + start.asByteArray().length);
        List<String> lines = new ArrayList<>(
                decoded(start.asByteArray(), charset, whole).lines().toList());
        boolean more = lines.size() > LINES || !whole;
        return new Lines(lines.subList(0, Math.min(LINES, lines.size())), more);
    }

    /** The bytes may end in the middle of a character: that one is left out. */
    private static String decoded(byte[] bytes, Charset charset, boolean whole) {
        var decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        java.nio.CharBuffer text =
                java.nio.CharBuffer.allocate((int) Math.ceil(bytes.length * (double) decoder.maxCharsPerByte()) + 1);
        try {
            var result = decoder.decode(ByteBuffer.wrap(bytes), text, whole);
            if (result.isError()) {
                result.throwException();
            }
            return text.flip().toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
