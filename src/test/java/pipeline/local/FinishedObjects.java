package pipeline.local;

import java.util.List;
import java.util.regex.Pattern;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A store that lists objects only once they are whole, as S3 does. The files of the store behind are written beside their
 * final place, as {@code <key>-<uuid>}, where its own lists show them; the price is that an object whose key ends so is
 * never listed.
 */
final class FinishedObjects extends ForwardingBlobStore {
    private static final Pattern UNFINISHED =
            Pattern.compile(".*-\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}", Pattern.DOTALL);

    FinishedObjects(BlobStore files) {
        super(files);
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        ListObjectsV2Response all = super.list(request);
        List<S3Object> finished = all.contents().stream()
                .filter(object -> !UNFINISHED.matcher(object.key()).matches())
                .toList();
        int unfinished = all.contents().size() - finished.size();
        Integer count = all.keyCount();
        return all.toBuilder()
                .contents(finished)
                .keyCount(count == null ? null : count - unfinished)
                .build();
    }
}
