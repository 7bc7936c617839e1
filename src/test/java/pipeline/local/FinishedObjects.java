package pipeline.local;

import com.google.common.base.Throwables;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A store that lists objects only once they are whole, as S3 does. The files of the store behind are written beside their
 * final place, as {@code <key>-<uuid>}, where its own lists show them; the price is that an object whose key ends so is
 * never listed.
 *
 * <p>S3 has no folders. The store behind has: it makes those that a key needs and then the file in them, and it takes a
 * folder away with the last file in it. Where another's deletion came between the two, the write begins again; from when
 * the file is there its folder stays.
 */
final class FinishedObjects extends ForwardingBlobStore {
    private static final Pattern UNFINISHED =
            Pattern.compile(".*-\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}", Pattern.DOTALL);

    /** Each is lost to a deletion just then, so that many in a row mean something else. */
    private static final int TRIES = 1000;

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

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
        Unread body = new Unread(content);
        return whileFoldersVanish(() -> super.putBlob(request, body), () -> !body.begun);
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        return whileFoldersVanish(() -> super.copyBlob(request), () -> true);
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        return whileFoldersVanish(() -> super.completeMultipartUpload(upload, request), () -> true);
    }

    private static <R> R whileFoldersVanish(Supplier<R> write, BooleanSupplier repeatable) {
        for (int tries = 1; ; tries++) {
            try {
                return write.get();
            } catch (RuntimeException e) {
                boolean vanished =
                        Throwables.getCausalChain(e).stream().anyMatch(NoSuchFileException.class::isInstance);
                if (!vanished || !repeatable.getAsBoolean() || tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** A body that can be sent again as long as nobody has read of it; whoever gave it closes it. */
    private static final class Unread extends FilterInputStream {
        private boolean begun;

        Unread(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            begun = true;
            return super.read();
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            begun = true;
            return super.read(bytes, from, length);
        }

        @Override
        public long skip(long bytes) throws IOException {
            begun = true;
            return super.skip(bytes);
        }

        @Override
        public void close() {}
    }
}
